"""Judges of the real yanks, on the host: ``python -m tools.usblab.tornjudge FOLDER [KINDS]``.

``FOLDER`` holds what :mod:`tools.usblab.torn` left: the stick's image before, the receipt of the earlier delivery, and
the notes. Each yank is judged in two states: what the stick had received; and the same without a random part of what
was not flushed, as a stick with a volatile cache may come out. Each state is read by mtools, debugfs or the small exFAT
reader as it is (ext4 after its journal), then once more after the file system's own checker has mended it.

Nothing is lost: the earlier delivery is whole, and so is the new one where the program said "delivered". Nothing is
false: what reads as whole has the bytes that were sealed. One line of JSON a kind; exit status 0 when all that holds.
"""

from __future__ import annotations

import collections
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.usblab.judges import fsck, read_job, repair, whole
from tools.usblab.outside import SECTOR, Log, parse_log
from tools.usblab.torn import EARLIER, JOB, LOADS

Note = dict[str, Any]


@dataclass
class Tally:
    """Counts of one file system."""

    kind: str
    yanks: int = 0
    points: set[tuple[Any, ...]] = field(default_factory=set)
    said: collections.Counter[str] = field(default_factory=collections.Counter)
    steps: collections.Counter[str] = field(default_factory=collections.Counter)
    commands: collections.Counter[str] = field(default_factory=collections.Counter)
    again: collections.Counter[str] = field(default_factory=collections.Counter)
    states: int = 0
    whole_before_said: int = 0
    unclean: int = 0
    lost: list[str] = field(default_factory=list)
    false_whole: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Nothing lost, nothing false, no answer that is none of the program's."""
        return not (self.lost or self.false_whole or self.odd)

    def as_dict(self) -> dict[str, object]:
        """For one line of JSON."""
        return {**vars(self), "points": len(self.points)}


def notes(path: Path) -> Iterator[tuple[Note, Log]]:
    """The notes of a file; one that was cut off in the middle is not counted."""
    raw = path.read_bytes()
    at = 0
    while (end := raw.find(b"\n", at)) >= 0:
        note = json.loads(raw[at:end])
        at = end + 1 + note["bytes"]
        if at > len(raw):
            return
        yield note, parse_log(raw[end + 1 : at])


def states(base: bytes, log: Log, seed: str) -> Iterator[tuple[str, bytes]]:
    """The stick as it received everything, and without a random part of what came after the last flush."""
    rng = random.Random(seed)
    kept, less = bytearray(base), bytearray(base)
    for number, stretch in enumerate(log):
        for sector, data in stretch:
            at = sector * SECTOR
            kept[at : at + len(data)] = data
            if number < len(log) - 1 or rng.random() < 0.5:
                less[at : at + len(data)] = data
    yield "kept", bytes(kept)
    if less != kept:
        yield "unflushed lost", bytes(less)


def judge_one(tally: Tally, note: Note, image: Path, name: str) -> None:
    """Enter what one state reads as."""
    if not whole(read_job(image, tally.kind, EARLIER.job), EARLIER.job):
        tally.lost.append(f"{name}: the earlier delivery")
    files = read_job(image, tally.kind, JOB)
    if whole(files, JOB):
        tally.whole_before_said += note["said"] != "delivered" and name.endswith("kept")
        truth = {each.name: each.content for each in LOADS[note["load"]].containers()}
        if not truth.items() <= files.items():
            tally.false_whole.append(name)
    elif note["said"] == "delivered":
        tally.lost.append(name)


def judge(folder: Path, kind: str, bent: Callable[[Note], Note] = dict) -> Tally:
    """Judge all notes of a kind that lie in the folder, ``bent`` or as they are."""
    tally = Tally(kind)
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        image = Path(place) / "yank.img"
        for path in sorted(folder.glob(f"{kind}-*.notes")):
            base = path.with_suffix(".base").read_bytes()
            for found, log in notes(path):
                note = bent(found)
                _enter(tally, note)
                for what, content in states(base, log, f"{kind} {note['seed']} {note['number']}"):
                    tally.states += 1
                    name = f"{kind} {note['seed']} {note['number']} {what}"
                    image.write_bytes(content)
                    if kind == "ext4":
                        repair(image, kind)
                    judge_one(tally, note, image, name)
                    if kind != "ext4":
                        repair(image, kind)
                        judge_one(tally, note, image, f"{name} mended")
                    tally.unclean += fsck(image, kind).status != 0
    return tally


def _enter(tally: Tally, note: Note) -> None:
    tally.yanks += 1
    tally.said[note["said"]] += 1
    if note["step"]:
        tally.steps[note["step"] if note["said"] != "CRASH" else "?"] += 1
    tally.commands[f"{note.get('command', 'none')} {note.get('part', '')}".strip()] += 1
    tally.points.add((note["when"], note["load"], note["transfer"], note.get("kept")))
    name = f"{tally.kind} {note['seed']} {note['number']}"
    if note["said"] not in ("delivered", "admitted", "MED-VANISHED"):
        tally.odd.append(f"{name}: {note['said']}")
    if "again" in note:
        tally.again[note["again"]] += 1
        if note["again"] not in ("admitted", "repaired"):
            tally.odd.append(f"{name}: plugged again: {note['again']}")


def main(words: list[str]) -> int:
    """``FOLDER [KINDS]``."""
    kinds = words[1].split(",") if len(words) > 1 else ["vfat", "exfat", "ext4"]
    good = True
    for kind in kinds:
        tally = judge(Path(words[0]), kind)
        good &= tally.holds
        sys.stdout.write(json.dumps(tally.as_dict()) + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
