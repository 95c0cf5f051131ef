"""Train one network for a stretch of time: ``python -m tools.stamps.train detector --minutes 30``.

Learning can run while pages are still being drawn: the pool is read again every minute. A later stretch
starts from the weights of the former (``--from``). The learning rate follows the clock: up, then a cosine
down to nothing.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from scanflow.stamps.candidates import MARKS, VOTERS
from tools.stamps.closeups import Closeups
from tools.stamps.crops import CropPool
from tools.stamps.data import KINDS, VALIDATE_EVERY, VOTED, VOTER, Windows, trusted
from tools.stamps.lines import LinePool
from tools.stamps.nets import Classifier, Detector, LineReader
from tools.stamps.spelling import ALPHABET, HIGHEST_WORD, letters_of

Label = NDArray[Any] | list[str | None]
"""One of the targets of a batch: numbers of any kind, or words where they are known."""


NOT_SPELLED = 0.5
"""What taking other words for TUYỆT MẬT costs, against a letter wrong."""


class Pool(Protocol):
    """What a network learns from."""

    def refresh(self, *, skip: int) -> int:
        """Take up what is new, without every ``skip``-th; say how much is known."""

    def batch(self, size: int) -> tuple[NDArray[np.uint8], *tuple[Label, ...]]:
        """Pixels, then the targets in the order in which the network's loss takes them."""


class Average:
    """The running mean of the weights (EMA), which is what is kept."""

    def __init__(self, net: nn.Module, decay: float = 0.998) -> None:
        """Follow ``net``."""
        self.decay, self.steps = decay, 0
        self.net = copy.deepcopy(net).eval()

    def follow(self, net: nn.Module) -> None:
        """Take one step towards ``net``."""
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 10))
        with torch.no_grad():
            for mine, theirs in zip(self.net.state_dict().values(), net.state_dict().values(), strict=True):
                if mine.dtype.is_floating_point:
                    mine.lerp_(theirs, 1 - decay)
                else:
                    mine.copy_(theirs)


def detector_loss(
    logits: Tensor, boxes: Tensor, turns: Tensor, marks: Tensor, votes: Tensor, turn: Tensor
) -> tuple[Tensor, str]:
    """Marks all count, their absence counts where it is mistaken for one; votes count inside marks only."""
    each = F.binary_cross_entropy_with_logits(logits.float(), (marks == 1).float(), reduction="none")
    voted = votes.unflatten(1, (len(VOTERS), VOTED))
    trust = voted[:, VOTER, -1]
    covered, bare = marks == 1, marks == 0
    weight = trust * torch.where(torch.arange(len(MARKS)) == MARKS.index("TUYET_MAT"), 2.0, 1.0)[:, None, None]
    count = trust[covered].sum().clamp(min=1)
    hit = (each * weight)[covered].sum() / count
    worst = each[bare].topk(int(3 * count) + 400).values.mean()
    ground = (each * bare).sum(1).mean()
    off = F.smooth_l1_loss(boxes.float().unflatten(1, (len(VOTERS), -1)), voted[:, :, :-1], reduction="none", beta=0.1)
    inside = torch.stack([covered[:, [v == i for v in VOTER]].any(1) for i in range(len(VOTERS))], 1)
    relied = voted[:, :, -1] * inside
    place = (off.sum(2) * relied).sum() / relied.sum().clamp(min=1)
    way = F.cross_entropy(turns.float(), turn, ignore_index=-1)
    loss = hit + 1.2 * worst + ground * 2 + 0.8 * place + 0.15 * torch.nan_to_num(way)
    return loss, f"hit {hit:.3f} ground {worst:.3f} place {place:.3f} turn {way:.3f}"


def classifier_loss(
    kinds: Tensor, upright: Tensor, top_secret: Tensor, target: Tensor, way: Tensor, trust: Tensor, top: Tensor
) -> tuple[Tensor, str]:
    """Kinds by cross entropy, weighted by legibility; TUYỆT MẬT taken for another kind costs double.

    ``top`` is what ``tools.stamps.data.top_shown`` says of each crop; where it does not know, nothing is taught.
    """
    weight = torch.ones(len(KINDS))
    weight[KINDS.index("TUYET_MAT")] = 1.6
    each = F.cross_entropy(kinds.float(), target, weight=weight, reduction="none", label_smoothing=0.02)
    kind = (each * trust).mean()
    marks = target != len(KINDS) - 1
    turn = F.binary_cross_entropy_with_logits(upright.float()[marks, 0], way[marks]) if bool(marks.any()) else kind * 0
    right = (kinds.argmax(1) == target).float().mean()
    shown = F.binary_cross_entropy_with_logits(top_secret.float()[:, 0], (top > 0).float(), reduction="none")
    sure = torch.where(top > 0, 2 * trusted(top), (top == 0).float())
    top_loss = (shown * sure).mean()
    return kind + 0.2 * turn + 0.8 * top_loss, f"kind {kind:.3f} way {turn:.3f} top {top_loss:.3f} right {right:.3f}"


def lines_loss(logits: Tensor, words: list[str | None], trust: Tensor) -> tuple[Tensor, str]:
    """Connectionist temporal classification: the letters in their order, wherever they stand.

    Where the letters are not known, all that is taught is that they do not spell TUYỆT MẬT.
    """
    chances = F.log_softmax(logits.float(), -1).transpose(0, 1)
    told = [word or HIGHEST_WORD for word in words]
    target = torch.tensor([ALPHABET.index(c) + 1 for word in told for c in word])
    steps = torch.full((len(words),), logits.shape[1])
    lengths = torch.tensor([len(word) for word in told])
    each = F.ctc_loss(chances, target, steps, lengths, reduction="none", zero_infinity=True)
    known = torch.tensor([word is not None for word in words])
    said = torch.exp(-each).clamp(max=1 - 1e-4)
    loss = torch.where(known, each / lengths, -torch.log1p(-said) * NOT_SPELLED)
    read = [letters_of(line) for line in logits.detach().float().numpy()]
    right = sum(a == b for a, b in zip(read, words, strict=True)) / max(1, int(known.sum()))
    named = (~known & (said > 0.5)).sum() / max(1, int((~known).sum()))
    return (loss * trust).mean(), f"ctc {each[known].mean():.3f} right {right:.3f} named {named:.3f}"


def rate(share: float, top: float, warm: float = 0.03) -> float:
    """Learning rate at a share of the time."""
    return top * (share / warm if share < warm else 0.5 * (1 + math.cos(math.pi * (share - warm) / (1 - warm))) + 0.002)


def main() -> None:
    """Train for ``--minutes``, keep the averaged weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", choices=("detector", "closer", "classifier", "lines"))
    parser.add_argument("--pool", type=Path, default=Path(".stamps-work/pages"))
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--side", type=int, default=448, help="side of the detector's windows, a multiple of 32")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1, help="processes that share each step")
    parser.add_argument("--worker", type=int, default=0, help="which of them; 0 keeps the weights")
    parser.add_argument("--meet", type=Path, help="a file, not there yet, where workers meet")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    if args.workers > 1:
        torch.distributed.init_process_group(
            "gloo", init_method=f"file://{args.meet.absolute()}", rank=args.worker, world_size=args.workers
        )
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    nets: dict[str, Callable[[], nn.Module]] = {
        "detector": Detector,
        "closer": Detector,
        "classifier": lambda: Classifier(len(KINDS)),
        "lines": lambda: LineReader(len(ALPHABET)),
    }
    net = nets[args.network]()
    if args.start:
        net.load_state_dict(torch.load(args.start, weights_only=True))
    net.to(memory_format=torch.channels_last).train()
    average = Average(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=0.02)
    seed = args.seed + 1000 * args.worker
    pools: dict[str, Callable[[], Pool]] = {
        "detector": lambda: Windows(args.pool, args.side, seed),
        "closer": lambda: Closeups(args.pool, args.side, seed),
        "classifier": lambda: CropPool(args.pool, seed),
        "lines": lambda: LinePool(args.pool, seed),
    }
    pool = pools[args.network]()
    begun, step, refreshed, said = time.monotonic(), 0, -1e9, begun_line(args)
    running = 0.0
    while (spent := shared_clock(time.monotonic() - begun, args.workers)) < args.minutes * 60:
        if time.monotonic() - refreshed > 60:
            pages, refreshed = pool.refresh(skip=VALIDATE_EVERY), time.monotonic()
        for group in optimiser.param_groups:
            group["lr"] = rate(spent / (args.minutes * 60), args.rate)
        with torch.autocast("cpu", torch.bfloat16):
            pixels, *labels = pool.batch(args.batch)
            outputs = net(as_input(pixels))
            loss, said = LOSSES[args.network](*outputs, *(as_label(v) for v in labels))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if args.workers > 1:
            share_gradients(net, args.workers)
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        average.follow(net)
        step += 1
        if args.worker:
            continue
        running = 0.98 * running + 0.02 * float(loss.detach()) if step > 1 else float(loss.detach())
        if step % 50 == 0:
            print(f"{spent / 60:5.1f} min step {step} pages {pages} loss {running:.3f} | {said}", flush=True)
        if step % 250 == 0:
            torch.save(average.net.state_dict(), args.out)
    if args.worker:
        return
    torch.save(average.net.state_dict(), args.out)
    args.out.with_suffix(".json").write_text(
        json.dumps(
            {
                "steps": step,
                "pages": pages,
                "minutes": args.minutes,
                "seed": args.seed,
                "start": str(args.start or ""),
            }
        )
    )


LOSSES: dict[str, Callable[..., tuple[Tensor, str]]] = {
    "detector": detector_loss,
    "closer": detector_loss,
    "classifier": classifier_loss,
    "lines": lines_loss,
}


def as_label(value: Label) -> Tensor | list[str | None]:
    """Arrays as tensors; words as they are."""
    return value if isinstance(value, list) else torch.from_numpy(value)


def shared_clock(spent: float, workers: int) -> float:
    """Worker 0's time, so that all stop at the same step."""
    if workers == 1:
        return spent
    said = torch.tensor([spent], dtype=torch.float64)
    torch.distributed.broadcast(said, 0)
    return float(said)


def share_gradients(net: nn.Module, workers: int) -> None:
    """The mean gradient of all workers, in each of them."""
    flat = torch.cat([p.grad.reshape(-1) for p in net.parameters() if p.grad is not None])
    torch.distributed.all_reduce(flat)
    flat /= workers
    start = 0
    for p in net.parameters():
        if p.grad is not None:
            p.grad.copy_(flat[start : start + p.numel()].view_as(p))
            start += p.numel()


def begun_line(args: argparse.Namespace) -> str:
    """Say what is about to be trained."""
    print(f"training the {args.network} for {args.minutes} minutes, seed {args.seed}", flush=True)
    return ""


def as_input(pixels: NDArray[np.uint8]) -> Tensor:
    """``(n, h, w, 3)`` uint8 to what the networks take."""
    return (torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255 - 0.5).contiguous(
        memory_format=torch.channels_last
    )


if __name__ == "__main__":
    main()
