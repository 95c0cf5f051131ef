"""A network in whole numbers of eight bits: a third of the CPU time, and answers that differ in the second digit.

Weights have seven bits: two products of an eight-bit and a full eight-bit number overflow the sixteen bits in which
processors without VNNI add them, and the same side would be judged otherwise there (ONNX Runtime, "Quantize ONNX
models", on U8S8 and ``reduce_range``). What stands behind the last convolutions stays in floating point.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from scanflow.stamps.closer import WINDOW_PX
from tools.stamps.crops import CropPool
from tools.stamps.data import VALIDATE_EVERY, Windows

BATCHES = 16
LAYERS = ["Conv", "Relu", "Add", "Resize", "AveragePool"]


class Shown(CalibrationDataReader):  # type: ignore[misc]
    """Batches one after another, from which the range of every layer is measured."""

    def __init__(self, batches: Iterable[NDArray[np.uint8]]) -> None:
        """Show ``batches``, each ``(n, h, w, 3)``."""
        self.batches: Iterator[NDArray[np.uint8]] = iter(batches)

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        """One of them; None at the end."""
        batch = next(self.batches, None)
        return None if batch is None else {"pixels": batch}


def to_eight_bits(exact: Path, target: Path, batches: Iterable[NDArray[np.uint8]]) -> None:
    """Write the network at ``exact`` to ``target`` in whole numbers, its ranges measured on ``batches``."""
    with tempfile.TemporaryDirectory() as folder:
        shaped = Path(folder) / "shaped.onnx"
        quant_pre_process(str(exact), str(shaped), skip_optimization=True, skip_symbolic_shape=True)
        quantize_static(
            str(shaped),
            str(target),
            Shown(batches),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=LAYERS,
        )


def examples_of(network: str, pool: Path) -> list[NDArray[np.uint8]]:
    """Batches of 16 of what a network is shown while it learns, from a pool of pages."""
    views: Windows | CropPool = CropPool(pool, 1) if network == "classifier" else Windows(pool, WINDOW_PX, 1)
    views.refresh(skip=VALIDATE_EVERY)
    return [views.batch(16)[0] for _ in range(BATCHES)]


def weights_of(graph: onnx.GraphProto) -> dict[str, NDArray[np.float32]]:
    """What a network holds, by the names of the exact one: whole numbers are given as what they stand for."""
    held = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    for node in graph.node:
        if node.op_type == "DequantizeLinear" and node.input[0] in held:
            whole, scale = held[node.input[0]], held[node.input[1]]
            wide = scale.reshape(-1, *[1] * (whole.ndim - 1)) if scale.ndim else scale
            held[exact_name(node.output[0])] = whole.astype(np.float32) * wide
    return {name: np.array(value, np.float32) for name, value in held.items()}


def exact_name(name: str) -> str:
    """The name in the exact network."""
    return name.removesuffix("_DequantizeLinear_Output")
