"""Which training marks a trained pair does not see: ``python -m tools.stamps.hard --pool DIR --weights DIR``.

Writes ``hard.list`` into the pool: pages with the numbers of their readable labels that the pair gives less than
a fair share. A detector that goes on training lays a part of its windows on these (``tools.stamps.data``).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from scanflow.stamps.fusion import TOP_SECRET_KINDS, Finding
from scanflow.stamps.marks import MarkKind
from tools.pagegen import store
from tools.stamps.data import HARD
from tools.stamps.fuse import covers
from tools.stamps.look import look_at

LEGIBLE = 0.2
SURE_TOP_SECRET, SURE_OTHERS = 0.75, 0.25
"""A fused score of the highest level, or a share of another kind, below which a mark counts as not seen."""


def seen(mark: store.Record, findings: tuple[Finding, ...]) -> bool:
    """Whether a label is found and named with enough certainty."""
    near = [f for f in findings if covers(np.array(mark["quad"]), f)]
    kind = MarkKind(mark["kind"])
    if kind in TOP_SECRET_KINDS:
        return any(f.route >= SURE_TOP_SECRET for f in near)
    return any(f.probabilities[kind] >= SURE_OTHERS for f in near)


def main() -> None:
    """Look at every page of the pool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=Path, default=Path(".stamps-work/pages"))
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    paths = [path.with_suffix(".json") for path, _ in store.records(args.pool)]
    missed: dict[str, list[int]] = {}
    for page in look_at(paths, args.jobs, args.weights):
        labels = enumerate(page.record["labels"])
        unseen = [i for i, m in labels if m["legibility"] >= LEGIBLE and not seen(m, page.sight.findings)]
        if unseen:
            missed[str(page.record["seed"])] = unseen
    (args.pool / HARD).write_text(json.dumps(missed))
    print(f"{sum(map(len, missed.values()))} marks on {len(missed)} of {len(paths)} pages")


if __name__ == "__main__":
    main()
