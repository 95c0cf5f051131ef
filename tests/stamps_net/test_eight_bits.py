"""Networks in whole numbers: what is shipped cannot overflow on any processor, and what is rounded says the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper
from tools.stamps.eight_bits import exact_name, to_eight_bits, weights_of

from scanflow.stamps.network import PAIRS
from scanflow.stamps.weightsfile import WEIGHTS

SEVEN_BITS = 64


def check_that_nothing_overflows(path: Path) -> int:
    """Every convolution multiplies seven bits by eight, so two products fit into sixteen; how many there are."""
    graph = onnx.load(path).graph
    held = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    whole = {n.output[0]: n for n in graph.node if n.op_type == "DequantizeLinear"}
    layers = [node for node in graph.node if node.op_type == "Conv"]
    for layer in layers:
        pixels, weights = (whole[given].input for given in layer.input[:2])
        assert held[pixels[2]].dtype == np.uint8
        assert held[weights[0]].dtype == np.int8 and not held[weights[2]].any()
        most = int(np.abs(held[weights[0]].astype(int)).max())
        assert 0 < most <= SEVEN_BITS and 2 * 255 * most < 2**15
    return len(layers)


@pytest.mark.parametrize(("name", "layers"), [*((name, 29) for pair in PAIRS for name in pair), ("classifier", 4 * 19)])
def test_the_shipped_networks_count_the_same_on_every_processor(name: str, layers: int) -> None:
    assert check_that_nothing_overflows(WEIGHTS / f"{name}.onnx") == layers


@pytest.fixture
def exact(tmp_path: Path) -> Path:
    """A picture's edges and tones by two convolutions."""
    rng = np.random.default_rng(1)
    first, second = (rng.normal(0, 0.3, shape).astype(np.float32) for shape in ((6, 3, 3, 3), (4, 6, 3, 3)))
    bias = rng.normal(0, 0.1, 6).astype(np.float32)
    nodes = [
        helper.make_node("Cast", ["pixels"], ["tones"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["tones"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Div", ["planes", "white"], ["shares"]),
        helper.make_node("Conv", ["shares", "first", "bias"], ["seen"], kernel_shape=[3, 3]),
        helper.make_node("Relu", ["seen"], ["lit"]),
        helper.make_node("Conv", ["lit", "second"], ["out"], kernel_shape=[3, 3]),
    ]
    held = {"first": first, "second": second, "bias": bias, "white": np.float32(255)}
    pixels = helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", 16, 24, 3])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 4, 12, 20])
    initial = [numpy_helper.from_array(np.asarray(value), name) for name, value in held.items()]
    graph = helper.make_graph(nodes, "edges", [pixels], [out], initial)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    path = tmp_path / "exact.onnx"
    onnx.save(model, path)
    return path


def test_rounding_changes_little_and_keeps_names_and_weights(exact: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    batches = [rng.integers(0, 256, (2, 16, 24, 3), np.uint8) for _ in range(8)]
    rounded = tmp_path / "rounded.onnx"
    to_eight_bits(exact, rounded, batches[:6])
    assert check_that_nothing_overflows(rounded) == 2
    before, after = (
        np.concatenate([ort.InferenceSession(path).run(None, {"pixels": batch})[0] for batch in batches[6:]])
        for path in (exact, rounded)
    )
    apart = np.abs(before - after)
    assert 0 < apart.mean() < 0.03 * before.std() and apart.max() < 0.5 * before.std()
    known, kept = (weights_of(onnx.load(path).graph) for path in (exact, rounded))
    for name in ("first", "second", "bias"):
        step = np.abs(known[name]).max() / SEVEN_BITS
        assert kept[name].shape == known[name].shape
        assert np.abs(kept[name] - known[name]).max() <= 0.51 * step
    taken = [exact_name(node.input[1]) for node in onnx.load(rounded).graph.node if node.op_type == "Conv"]
    assert taken == ["first", "second"]
