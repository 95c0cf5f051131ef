"""The sample check: some cleared sides are shown to a person who has the paper, before anything leaves (kiểm mẫu).

What passes the stamp reader unseen is found by nobody else; so of every batch some sides are drawn by lot, after the
feed, when it is too late to feed them with care. Source of the rate: `docs/stamps.md`, 1 to 2 in a hundred. Not by lot
but always a side is shown whose text layer has TUYỆT MẬT standing alone: a mark set in type, without a frame, is what
the stamp reader misses most and OCR reads best.
"""

from __future__ import annotations

import random
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from scanflow.counting import Outcome, SideDecided
from scanflow.errors import ScanflowError
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import EraseReason, RouteOutReason
from scanflow.levels import Level
from scanflow.ocr.text import TextLayer, Word
from scanflow.pages import Face
from scanflow.stamps.words import says_top_secret
from scanflow.station.desk import Notice, SampledSide, Tone
from scanflow.station.errors import SampledByOperator, SampleDisagrees, SampleOpen
from scanflow.station.feeding import erase
from scanflow.station.work import DocumentFile, Work

_TWO_WORDS = 12
"""Characters: TUYỆT MẬT has eight letters; signs beside it are forgiven."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cleared side that the lot fell on, and the level that the stamp reader read on it."""

    file: DocumentFile
    sheet: int
    face: Face
    level: Level


def draw_lots(sides: Sequence[Drawn], percent: float, lot: random.Random) -> list[Drawn]:
    """``percent`` of the sides, rounded up, so at least one of any; in the order of their sheets."""
    wanted = ceil(len(sides) * percent / 100)
    return sorted(lot.sample(sides, wanted), key=lambda one: (one.sheet, one.face))


def check_samples(work: Work, leaving: Container[int]) -> dict[int, ScanflowError]:
    """Show drawn sides of the documents that are ``leaving`` to a person; return why some may not leave, by STT.

    Where the person sees TUYỆT MẬT the document is routed out. Any other disagreement, and a side that nobody looked
    at, keep its document in the room.
    """
    files = [file for ordinal, file in work.files.items() if ordinal in leaving and not file.vault.erased]
    cleared = [one for file in files for one in _cleared(file)]
    doubts: dict[int, ScanflowError] = {}
    for one in draw_lots(cleared, work.station.config.stamps.sample_percent, random.SystemRandom()):
        if not one.file.vault.erased and (doubt := _check(work, one)) is not None:
            doubts[one.file.row.ordinal] = doubt
            work.desk.tell(Notice.of(doubt))
    return doubts


def check_words(work: Work, file: DocumentFile, texts: Mapping[tuple[int, Face], TextLayer]) -> ScanflowError | None:
    """Show the sides whose text has TUYỆT MẬT standing alone to a person; return why the document may not leave.

    Where the person sees the mark the document is routed out, its vault erased, and there is nothing to return.
    """
    for one in _cleared(file):
        layer = texts.get((one.sheet, one.face))
        if layer is None or (one.sheet, one.face) in file.sampled or not _says_top_secret(layer):
            continue
        work.desk.tell(_worded(one))
        doubt = _check(work, one)
        if doubt is not None or file.vault.erased:
            return doubt
    return None


def _cleared(file: DocumentFile) -> list[Drawn]:
    sides = file.vault.sides
    return [Drawn(file, side.sheet, side.face, side.clearance.level) for side in sides if side.clearance is not None]


def _says_top_secret(layer: TextLayer) -> bool:
    parts = (part for line in layer.lines for part in line.parts)
    return says_top_secret(_short(line.words for line in layer.lines), _short(parts))


def _short(runs: Iterable[Sequence[Word]]) -> Iterator[str]:
    """Those that are short enough to be the two words; longer ones are not even joined, for freed strings lie about."""
    return (" ".join(word.text for word in run) for run in runs if sum(len(word.text) for word in run) <= _TWO_WORDS)


def _worded(one: Drawn) -> Notice:
    ordinal = one.file.row.ordinal
    return Notice(
        Tone.STOP,
        f"Tài liệu số {ordinal}, tờ {one.sheet}, {one.face.vi}: chữ TUYỆT MẬT đứng riêng. Người không vận hành "
        "đợt này xem bản giấy trước khi tài liệu rời phòng.",
        f"Document {ordinal}, sheet {one.sheet}, {one.face}: the words TUYỆT MẬT stand alone. Somebody other than the "
        "operator looks at the paper before the document leaves.",
    )


def _check(work: Work, one: Drawn) -> ScanflowError | None:
    ordinal, face = one.file.row.ordinal, one.face
    answer = work.desk.check_sample(SampledSide(one.file.row, one.sheet, face))
    if answer is None:
        return SampleOpen(ordinal=ordinal, sheet=one.sheet)
    work.station.office.people.person(answer.person)
    if answer.person == work.operator:
        return SampledByOperator(ordinal=ordinal, sheet=one.sheet, person=answer.person)
    agrees = answer.level is one.level
    one.file.sampled.add((one.sheet, face))
    checked = events.SampleChecked(batch=work.batch_id, sheet=one.sheet, face=face, person=answer.person, agrees=agrees)
    if answer.level is not Level.TUYET_MAT:
        work.station.ledger.record(checked)
        return None if agrees else SampleDisagrees(ordinal=ordinal, sheet=one.sheet)
    work.count(SideDecided(one.sheet, face, Outcome.ROUTE_OUT))
    routed = events.SheetRoutedOut(batch=work.batch_id, sheet=one.sheet, reason=RouteOutReason.PERSON_DECIDED)
    work.station.ledger.record_many([checked, routed])
    erase(work, ordinal, EraseReason.ROUTED_OUT)
    return None
