"""A network between two stretches of its training: ``python -m tools.stamps.blend A.pt B.pt --share 0.5 --out C.pt``.

What a network learns from new pages it pays for with some of what it knew; halfway between the weights of before and
after it keeps most of both, above all on pages of neither kind (Wortsman and others, "Robust fine-tuning of
zero-shot models", 2022). The second network must have started from the first.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch


def main() -> None:
    """Blend two files of weights into a third."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of the second, 0 to 1")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    before, after = (torch.load(path, weights_only=True) for path in (args.before, args.after))
    counted = {name for name, value in after.items() if not value.dtype.is_floating_point}
    torch.save({n: after[n] if n in counted else torch.lerp(before[n], after[n], args.share) for n in after}, args.out)


if __name__ == "__main__":
    main()
