"""The sample check: some cleared sides are shown to a person who has the paper, before anything leaves (kiểm mẫu).

What passes the stamp reader unseen is found by nobody else; so of every batch some sides are drawn by lot, after the
feed, when it is too late to feed them with care. Source of the rate: `docs/stamps.md`, 1 to 2 in a hundred.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from scanflow.counting import Outcome, SideDecided
from scanflow.errors import ScanflowError
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import EraseReason, RouteOutReason
from scanflow.levels import Level
from scanflow.pages import Face
from scanflow.station.desk import Notice, SampledSide
from scanflow.station.errors import SampledByOperator, SampleDisagrees, SampleOpen
from scanflow.station.feeding import erase
from scanflow.station.work import DocumentFile, Work


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


def check_samples(work: Work) -> dict[int, ScanflowError]:
    """Show the drawn sides to a person; return why the documents of the others may not leave, by STT.

    Where the person sees TUYỆT MẬT the document is routed out. Any other disagreement, and a side that nobody looked
    at, keep its document in the room.
    """
    cleared = [
        Drawn(file, side.sheet, side.face, side.clearance.level)
        for file in work.files.values()
        if not file.vault.erased
        for side in file.vault.sides
        if side.clearance is not None
    ]
    doubts: dict[int, ScanflowError] = {}
    for one in draw_lots(cleared, work.station.config.stamps.sample_percent, random.SystemRandom()):
        if not one.file.vault.erased and (doubt := _check(work, one)) is not None:
            doubts[one.file.row.ordinal] = doubt
            work.desk.tell(Notice.of(doubt))
    return doubts


def _check(work: Work, one: Drawn) -> ScanflowError | None:
    ordinal, face = one.file.row.ordinal, one.face
    answer = work.desk.check_sample(SampledSide(one.file.row, one.sheet, face))
    if answer is None:
        return SampleOpen(ordinal=ordinal, sheet=one.sheet)
    work.station.office.people.person(answer.person)
    if answer.person == work.operator:
        return SampledByOperator(ordinal=ordinal, sheet=one.sheet, person=answer.person)
    agrees = answer.level is one.level
    checked = events.SampleChecked(batch=work.batch_id, sheet=one.sheet, face=face, person=answer.person, agrees=agrees)
    if answer.level is not Level.TUYET_MAT:
        work.station.ledger.record(checked)
        return None if agrees else SampleDisagrees(ordinal=ordinal, sheet=one.sheet)
    work.count(SideDecided(one.sheet, face, Outcome.ROUTE_OUT))
    routed = events.SheetRoutedOut(batch=work.batch_id, sheet=one.sheet, reason=RouteOutReason.PERSON_DECIDED)
    work.station.ledger.record_many([checked, routed])
    erase(work, ordinal, EraseReason.ROUTED_OUT)
    return None
