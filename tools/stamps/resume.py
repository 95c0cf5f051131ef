"""Go on from the networks that are shipped: ``python -m tools.stamps.resume --out RUNS``.

An exported file holds every convolution with its batch norm folded in, in whole numbers. Here it is unfolded again:
the folded weights become the convolution's, and the norm is set so that, at the statistics measured over the pool, it
changes nothing. What comes out computes the same, but for the rounding, and can be trained on.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import onnx
import torch
from torch import nn

from scanflow.stamps.network import PAIRS
from scanflow.stamps.weightsfile import WEIGHTS
from tools.stamps.data import KINDS
from tools.stamps.eight_bits import exact_name, examples_of, weights_of
from tools.stamps.index import read_index
from tools.stamps.nets import Classifier, Committee, Detector
from tools.stamps.train import as_input

Pair = tuple[nn.Conv2d, nn.BatchNorm2d | None]
_NUMBERED = re.compile(r"onnx::Conv_\d+")
"""So the exporter calls what it has folded, in the order in which it is run; the rest keeps its name."""


def in_order(net: nn.Module, example: torch.Tensor) -> list[nn.Module]:
    """Convolutions and batch norms in the order in which they are run."""
    ran: list[nn.Module] = []
    hooks = [
        m.register_forward_hook(lambda module, _in, _out: ran.append(module))
        for m in net.modules()
        if isinstance(m, nn.Conv2d | nn.BatchNorm2d)
    ]
    net.eval()(example)
    for hook in hooks:
        hook.remove()
    return ran


def unfold(net: nn.Module, path: Path, example: torch.Tensor) -> list[Pair]:
    """Load the weights of an exported file; the norms are left as bias only."""
    graph = onnx.load(path).graph
    held = {name: torch.from_numpy(value) for name, value in weights_of(graph).items()}
    taken = (node.input for node in graph.node if node.op_type == "Conv")
    folded = {exact_name(weight): bias for _, weight, bias in taken}
    numbered = sorted((name for name in folded if _NUMBERED.fullmatch(name)), key=lambda n: int(n.split("_")[-1]))
    ran = in_order(net, example)
    pairs: list[Pair] = []
    for module, after in zip(ran, [*ran[1:], None], strict=True):
        if isinstance(module, nn.Conv2d):
            pairs.append((module, after if isinstance(after, nn.BatchNorm2d) else None))
    named = {name.removeprefix("net."): value for name, value in held.items() if name.startswith("net.")}
    net.load_state_dict(named, strict=False)
    normed = [(conv, norm) for conv, norm in pairs if norm is not None]
    for (conv, norm), name in zip(normed, numbered, strict=True):
        conv.weight.data.copy_(held[name])
        norm.bias.data.copy_(held[exact_name(folded[name])])
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
    return pairs


def settle(net: nn.Module, pairs: list[Pair], batches: list[torch.Tensor]) -> None:
    """Give each norm the statistics of what really passes through it, and the gain and bias that undo them."""
    sums: dict[nn.Module, list[torch.Tensor]] = {}

    def note(module: nn.Module, _inputs: object, out: torch.Tensor) -> None:
        flat = out.detach().transpose(0, 1).flatten(1).double()
        so_far = sums.setdefault(module, [torch.zeros(flat.shape[0]).double() for _ in range(2)] + [torch.zeros(1)])
        so_far[0] += flat.sum(1)
        so_far[1] += (flat**2).sum(1)
        so_far[2] += flat.shape[1]

    hooks = [conv.register_forward_hook(note) for conv, norm in pairs if norm is not None]
    with torch.no_grad():
        for batch in batches:
            net.eval()(batch)
    for hook in hooks:
        hook.remove()
    for conv, norm in pairs:
        if norm is None:
            continue
        total, squares, count = sums[conv]
        mean = total / count
        variance = squares / count - mean**2
        gain = (variance + norm.eps).sqrt()
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.data.copy_(gain)
        norm.bias.data.add_(mean)


def main() -> None:
    """Write ``detector.pt`` and so on, and ``classifier-1.pt`` and on for the members of the classifier."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=Path, default=Path(".stamps-work/pages"))
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--out", type=Path, default=Path(".stamps-work/runs"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    members = [Classifier(len(KINDS)) for _ in range(read_index(args.weights / "index.toml")["classifier"]["members"])]
    detectors = [name for pair in PAIRS for name in pair]
    nets: dict[str, nn.Module] = {name: Detector() for name in detectors} | {"classifier": Committee(members)}
    for name, net in nets.items():
        batches = [as_input(batch) for batch in examples_of(name.removeprefix("second_"), args.pool)]
        pairs = unfold(net, args.weights / f"{name}.onnx", batches[0][:1])
        before = [out.detach() for out in net.eval()(batches[0])]
        settle(net, pairs, batches)
        apart = max(float((a - b).abs().max()) for a, b in zip(before, net.eval()(batches[0]), strict=True))
        assert apart < 1e-2, f"{name} computes something else: {apart}"
        print(f"{name}: {len(pairs)} convolutions, largest difference {apart:.1e}")
    for name in detectors:
        torch.save(nets[name].state_dict(), args.out / f"{name}.pt")
    for number, member in enumerate(members, 1):
        torch.save(member.state_dict(), args.out / f"classifier-{number}.pt")


if __name__ == "__main__":
    main()
