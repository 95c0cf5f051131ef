"""Export networks to ONNX: ``python -m tools.stamps.export --detector D.pt --closer N.pt --classifier C1.pt C2.pt``.

The second pair is named likewise, ``--second-detector`` and ``--second-closer``.

Several classifiers become one file that answers their mean. What is written counts in whole numbers
(``tools.stamps.eight_bits``), their ranges measured on pages of a pool.
A network that is not named stays as it is in the folder. The index beside them gets neutral fusion coefficients;
``tools.stamps.fuse`` fits them afterwards and sets the thresholds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import warnings
from pathlib import Path
from typing import Any, TypeVar

import torch

from scanflow.stamps.closer import WINDOW_PX
from scanflow.stamps.network import NETWORKS, PAIRS
from scanflow.stamps.weightsfile import WEIGHTS
from tools.pagegen.page import DATA_VERSION
from tools.stamps.data import KINDS
from tools.stamps.eight_bits import examples_of, to_eight_bits
from tools.stamps.index import read_index, write_index
from tools.stamps.nets import Classifier, Committee, Detector, Served

NEUTRAL = {
    "bias": 0.0,
    "coefficients": {
        "classifier_top": 1.0,
        "classifier_background": -0.1,
        "classifier_other": -0.1,
        "classifier_shown": 0.0,
        "detector_top": 0.3,
        "detector_any": 0.0,
    },
}


def export(
    net: torch.nn.Module,
    example: torch.Tensor,
    path: Path,
    outputs: list[str],
    axes: dict[str, dict[int, str]],
) -> None:
    """Write one network as it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Served(net).eval(),
            (example,),
            str(path),
            input_names=["pixels"],
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )


Net = TypeVar("Net", bound=torch.nn.Module)
OUTPUTS = {
    "detector": ["marks", "boxes", "turn"],
    "closer": ["marks", "boxes", "turn"],
    "classifier": ["kinds", "upright", "top_secret"],
}
AXES: dict[str, dict[str, dict[int, str]]] = {
    "closer": {"pixels": {0: "n"}, "marks": {0: "n"}, "boxes": {0: "n"}, "turn": {0: "n"}},
    "detector": {"pixels": {1: "h", 2: "w"}, "marks": {2: "h4", 3: "w4"}, "boxes": {2: "h4", 3: "w4"}},
    "classifier": {"pixels": {0: "n"}, "kinds": {0: "n"}, "upright": {0: "n"}, "top_secret": {0: "n"}},
}
EXAMPLES = {"detector": (1, 128, 128, 3), "closer": (2, WINDOW_PX, WINDOW_PX, 3), "classifier": (2, 80, 256, 3)}
STRETCHES = "python -m tools.stamps.train, in the stretches below"


def main() -> None:
    """Export the named networks into the weights folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--detector", type=Path)
    parser.add_argument("--closer", type=Path, help="a detector too, for windows of doubt")
    parser.add_argument("--second-detector", type=Path, help="asked about sides that the first pair leaves in doubt")
    parser.add_argument("--second-closer", type=Path)
    parser.add_argument("--classifier", type=Path, nargs="*")
    parser.add_argument("--pool", type=Path, default=Path(".stamps-work/pages"))
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    args.weights.mkdir(parents=True, exist_ok=True)
    place = args.weights / "index.toml"
    index = read_index(place) if place.exists() else {}
    detectors: dict[str, Path | None] = {name: getattr(args, name) for pair in PAIRS for name in pair}
    for name, path in detectors.items():
        if path:
            net = trained(Detector(), path)
            index[name] = written(name, net, args.weights, args.pool) | story(path, index.get(name, {}))
    if args.classifier:
        members = [trained(Classifier(len(KINDS)), path) for path in args.classifier]
        told = written("classifier", Committee(members), args.weights, args.pool)
        before = index.get("classifier", {})
        told |= {"members": len(members)} | joined([story(path, before) for path in args.classifier])
        index["classifier"] = told
    index["classifier"]["kinds"] = list(KINDS)
    if args.classifier or any(detectors.values()):
        index["fusion"] = NEUTRAL
        index["thresholds"] = {"route": 0.9, "hold": 0.5, "hold_floor": 0.5, "unknown_hold": 0.8}
    about = {
        "version": DATA_VERSION,
        "generator": "tools.pagegen",
        "styles": "train (mixed); kept_out is never trained on",
    }
    tables = {name: index[name] for name in (*NETWORKS, "fusion", "thresholds")}
    write_index(place, {"data": index.get("data", {}) | about, **tables})


def trained(net: Net, path: Path) -> Net:
    """The network with its weights."""
    net.load_state_dict(torch.load(path, weights_only=True))
    return net


def written(name: str, net: torch.nn.Module, folder: Path, pool: Path) -> dict[str, object]:
    """Write a network's file; return what the index says of it."""
    sort = name.removeprefix("second_")
    example = torch.zeros(EXAMPLES[sort], dtype=torch.uint8)
    place = folder / f"{name}.onnx"
    batches = examples_of(sort, pool)
    if sort == "detector":  # it takes one side at a time
        batches = [view[None] for batch in batches for view in batch]
    with tempfile.TemporaryDirectory() as draft:
        exact = Path(draft) / place.name
        export(net, example, exact, OUTPUTS[sort], AXES[sort])
        to_eight_bits(exact, place, batches)
    return {"file": place.name, "sha256": hashlib.sha256(place.read_bytes()).hexdigest(), "command": STRETCHES}


def joined(stories: list[dict[str, Any]]) -> dict[str, object]:
    """The members' stories as one; stretches that they share are told once."""
    stretches = list(dict.fromkeys(line for told in stories for line in told["stretches"]))
    steps = sum(int(line.split()[0]) for line in stretches)
    last = stories[-1]
    return {"seed": last["seed"], "steps": steps, "pages": last["pages"], "stretches": stretches}


def story(path: Path, before: dict[str, Any]) -> dict[str, Any]:
    """How a network came to be, over all the stretches that led to ``path``.

    Where the first of them went on from the shipped network (``tools.stamps.resume``), its story ``before`` is
    told first.
    """
    stretches: list[str] = []
    seed, pages = 0, 0
    at: Path | None = path
    while at is not None and at.with_suffix(".json").exists():
        told = json.loads(at.with_suffix(".json").read_text())
        line = f"{told['steps']} steps in {told['minutes']:.0f} min, seed {told['seed']}, {told['pages']} pages"
        stretches.insert(0, line)
        seed, pages = seed or told["seed"], pages or told["pages"]
        at = path.with_name(Path(told["start"]).name) if told["start"] else None
    if at is not None and before:  # it began at what was shipped
        earlier = [line for line in before["stretches"] if line not in stretches]
        stretches = [*earlier, *stretches]
        seed, pages = seed or before["seed"], pages or before["pages"]
    steps = sum(int(line.split()[0]) for line in stretches)
    return {"seed": seed, "steps": steps, "pages": pages, "stretches": stretches}


if __name__ == "__main__":
    main()
