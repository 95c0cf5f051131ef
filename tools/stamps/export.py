"""Export networks to ONNX: ``python -m tools.stamps.export --detector D.pt --classifier C.pt``.

The index beside them gets neutral fusion coefficients; ``tools.stamps.fuse`` fits them afterwards and sets
the thresholds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import warnings
from pathlib import Path

import torch

from scanflow.stamps.network import WEIGHTS
from tools.pagegen.page import DATA_VERSION
from tools.stamps.data import KINDS
from tools.stamps.index import write_index
from tools.stamps.nets import Classifier, Detector, Served

NEUTRAL = {
    "bias": 0.0,
    "coefficients": {
        "classifier_top": 1.0,
        "classifier_background": -0.1,
        "classifier_other": -0.1,
        "detector_top": 0.3,
        "detector_any": 0.0,
        "width": 0.0,
        "height": 0.0,
        "envelope": 0.0,
    },
}


def export(
    net: torch.nn.Module,
    example: torch.Tensor,
    path: Path,
    outputs: list[str],
    axes: dict[str, dict[int, str]],
) -> str:
    """Write one network; return its SHA-256."""
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
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Export both networks into the weights folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--detector", type=Path, required=True)
    parser.add_argument("--classifier", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    args.weights.mkdir(parents=True, exist_ok=True)
    detector, classifier = Detector(), Classifier(len(KINDS))
    detector.load_state_dict(torch.load(args.detector, weights_only=True))
    classifier.load_state_dict(torch.load(args.classifier, weights_only=True))
    page, crops = (
        torch.zeros((1, 128, 128, 3), dtype=torch.uint8),
        torch.zeros((2, 80, 256, 3), dtype=torch.uint8),
    )
    one = export(
        detector,
        page,
        args.weights / "detector.onnx",
        ["classes", "boxes", "turn"],
        {"pixels": {1: "h", 2: "w"}, "classes": {2: "h4", 3: "w4"}, "boxes": {2: "h4", 3: "w4"}},
    )
    two = export(
        classifier,
        crops,
        args.weights / "classifier.onnx",
        ["kinds", "upright"],
        {"pixels": {0: "n"}, "kinds": {0: "n"}, "upright": {0: "n"}},
    )
    write_index(
        args.weights / "index.toml",
        {
            "data": {
                "version": DATA_VERSION,
                "generator": "tools.pagegen",
                "styles": "train (mixed); kept_out is never trained on",
            },
            "detector": {
                "file": "detector.onnx",
                "sha256": one,
                "command": "python -m tools.stamps.train, in the stretches below",
                **story(args.detector),
            },
            "classifier": {
                "file": "classifier.onnx",
                "sha256": two,
                "command": "python -m tools.stamps.train, in the stretches below",
                **story(args.classifier),
                "kinds": list(KINDS),
            },
            "fusion": NEUTRAL,
            "thresholds": {"route": 0.9, "hold": 0.5, "hold_floor": 0.5, "unknown_hold": 0.8},
        },
    )


def story(path: Path) -> dict[str, object]:
    """How a network came to be, over all the stretches that led to ``path``."""
    stretches: list[str] = []
    steps, seed, pages = 0, 0, 0
    at: Path | None = path
    while at is not None and at.with_suffix(".json").exists():
        told = json.loads(at.with_suffix(".json").read_text())
        line = f"{told['steps']} steps in {told['minutes']:.0f} min, seed {told['seed']}, {told['pages']} pages"
        stretches.insert(0, line)
        steps, seed, pages = steps + told["steps"], seed or told["seed"], pages or told["pages"]
        at = path.with_name(Path(told["start"]).name) if told["start"] else None
    return {"seed": seed, "steps": steps, "pages": pages, "stretches": stretches}


if __name__ == "__main__":
    main()
