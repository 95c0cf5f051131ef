"""Evidence beyond the count: it points at a sheet and never blocks (dấu hiệu ngoài số đếm).

A hint says where to look. Numbers of sheets and pages decide; these only help to find the sheet
that makes them differ, or one that the count cannot see, such as a page left out on both paper and list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from scanflow.pages import Face, SideLabel


class HintKind(StrEnum):
    """The words of the ledger."""

    PAGE_NUMBER_GAP = "page_number_gap"
    SAME_SIDE_TWICE = "same_side_twice"
    HEADER_DIFFERS = "header_differs"


@dataclass(frozen=True, slots=True)
class Hint:
    """Where to look, and why.

    Attributes:
        kind: what was noticed.
        sheet: ordinal of the sheet in the batch.
        face: which side of it.
        vi: one sentence for the screen; it names numbers of pages and sheets, never text.
        en: the same in English.
    """

    kind: HintKind
    sheet: int
    face: Face
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """The page number read in the top margin of a side (số trang in ở lề trên).

    Attributes:
        sheet: ordinal of the sheet.
        face: which side.
        number: None where none was read; page 1 carries none (NĐ 30/2020/NĐ-CP Phụ lục I).
        label: blank sides neither carry nor use up a number; of one that is unsure nobody knows whether it does.
    """

    sheet: int
    face: Face
    number: int | None
    label: SideLabel


_PAGE = re.compile(r"[-–—\s.]*(?:trang|page|tr\.?)?\s*([1-9][0-9]{0,3})(?:\s*/\s*[0-9]{1,4})?[-–—\s.]*", re.IGNORECASE)


def parse_page_number(text: str) -> int | None:
    """The number in the text of a top margin: "3", "- 3 -", "Trang 3/12"; None for anything else."""
    match = _PAGE.fullmatch(text)
    return int(match[1]) if match else None


def page_number_hints(sides: Sequence[PrintedNumber]) -> tuple[Hint, ...]:
    """Gaps, repetitions and wrong order in the printed numbers of one document.

    Two numbers fit when they differ by as much as the written sides between them, those that are unsure counted or
    not. An annex starts anew at 1 or 2. A number that fits neither neighbour while these fit each other is taken for
    a misreading and left out, unless the number that belongs there was read elsewhere: then sheets lie in the wrong
    order.

    Args:
        sides: all sides of a document in reading order.
    """
    known = _without_misreadings(_numbered(sides))
    hints: list[Hint] = []
    before = _Numbered(1, 0, 0)  # the first side is page 1, printed or not
    for each in known:
        steps, grown = each.steps(before), each.number - before.number
        restarted = each.number <= 2 and grown < steps.start
        cover = before.side is None and grown < steps.start
        if grown not in steps and not restarted and not cover:
            assert each.side is not None
            nearest = steps.start if grown < steps.start else steps.stop - 1
            hints.append(_gap(each.side, each.number, before.number, nearest, grown))
        before = each
    return tuple(hints)


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A side whose number was read: how many sides before it use up a number for sure, and how many may."""

    number: int
    least: int
    most: int
    side: PrintedNumber | None = None

    def steps(self, before: _Numbered) -> range:
        """By how much its number should exceed that of the side ``before``."""
        return range(self.least - before.least, self.most - before.most + 1)


def _numbered(sides: Sequence[PrintedNumber]) -> list[_Numbered]:
    found, least, most = [], 0, 0
    for side in sides:
        if side.label is SideLabel.BLANK:
            continue
        if side.number is not None:
            found.append(_Numbered(side.number, least, most, side))
        least += side.number is not None or side.label is SideLabel.CONTENT
        most += 1
    return found


def _without_misreadings(known: list[_Numbered]) -> list[_Numbered]:
    def fits(one: _Numbered, other: _Numbered) -> bool:
        return other.number - one.number in other.steps(one)

    kept = []
    for at, each in enumerate(known):
        if 0 < at < len(known) - 1 and fits(known[at - 1], known[at + 1]) and not fits(known[at - 1], each):
            before = known[at - 1]
            elsewhere = {other.number for other in (*known[: at - 1], *known[at + 2 :])}
            if not elsewhere & {before.number + steps for steps in each.steps(before)}:
                continue
        kept.append(each)
    return kept


def _gap(side: PrintedNumber, number: int, previous: int, steps: int, grown: int) -> Hint:
    if grown > steps:
        count = grown - steps
        if steps == 1:
            pages = f"{previous + 1}" if count == 1 else f"{previous + 1}-{number - 1}"
            vi, en = f"thiếu trang {pages}", f"page {pages} missing"
        else:
            vi = f"thiếu {count} trang giữa trang {previous} và trang {number}"
            en = f"{count} page(s) missing between {previous} and {number}"
    elif grown == 0:
        vi, en = f"trang {number} lặp lại", f"page {number} repeated"
    elif grown < 0:
        vi, en = f"trang {number} đứng sau trang {previous}", f"page {number} after page {previous}"
    else:
        vi = f"có {steps - grown} mặt không đánh số giữa trang {previous} và trang {number}"
        en = f"{steps - grown} unnumbered side(s) between {previous} and {number}"
    vi = f"Tờ {side.sheet}: số trang in trên giấy cho thấy {vi}. Xem lại giấy trước tờ này."
    return Hint(HintKind.PAGE_NUMBER_GAP, side.sheet, side.face, vi, f"Sheet {side.sheet}: {en}.")


Print = TypeVar("Print")


@dataclass(frozen=True, slots=True)
class SidePrint(Generic[Print]):
    """The fingerprint of one side, of whatever kind the imaging room makes."""

    sheet: int
    face: Face
    label: SideLabel
    print_: Print


def near_hash(bits: int) -> Callable[[int, int], bool]:
    """Two perceptual hashes, as integers, are of one side when at most ``bits`` bits differ."""
    return lambda one, other: (one ^ other).bit_count() <= bits


def repeated_side_hints(
    sides: Sequence[SidePrint[Print]], same: Callable[[Print, Print], bool], window: int = 24
) -> tuple[Hint, ...]:
    """The same side twice, as after a jam when a sheet was fed again.

    Blank sides never count. A form filled in many times looks alike: a side that resembles two or more others
    is taken for a form. Where both sides of two sheets are written, both must agree.

    Args:
        sides: in the order they were fed.
        same: whether two fingerprints are of one side.
        window: how many written sides back to look; a sheet fed twice comes soon after itself.
    """
    written = [side for side in sides if side.label is not SideLabel.BLANK]
    twins: dict[int, list[int]] = {}
    for at, side in enumerate(written):
        for back in range(max(0, at - window), at):
            other = written[back]
            if other.sheet != side.sheet and same(other.print_, side.print_):
                twins.setdefault(at, []).append(back)
                twins.setdefault(back, []).append(at)
    per_sheet: dict[int, set[Face]] = {}
    for side in written:
        per_sheet.setdefault(side.sheet, set()).add(side.face)
    agreeing: dict[tuple[int, int], set[Face]] = {}
    for at, found in twins.items():
        if len(found) == 1 and len(twins[found[0]]) == 1 and found[0] < at:
            pair = (written[found[0]].sheet, written[at].sheet)
            agreeing.setdefault(pair, set()).add(written[at].face)
    hints = []
    for (first, second), faces in agreeing.items():
        if len(faces) < min(len(per_sheet[first]), len(per_sheet[second])):
            continue
        vi = f"Tờ {second} giống tờ {first}: có thể một tờ đã qua máy hai lần. Xem hai tờ này."
        en = f"Sheet {second} looks like sheet {first}: one sheet may have been fed twice."
        hints.append(Hint(HintKind.SAME_SIDE_TWICE, second, min(faces, key=lambda f: f.value), vi, en))
    return tuple(hints)
