"""Evidence beyond the count: it points at a sheet and never blocks (dấu hiệu ngoài số đếm).

A hint says where to look. Numbers of sheets and pages decide; these only help to find the sheet
that makes them differ, or one that the count cannot see, such as a page left out on both paper and list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
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


def page_number_hints(sides: Sequence[PrintedNumber]) -> tuple[Hint, ...]:
    """Gaps, repetitions and wrong order in the printed numbers of one document.

    Two numbers fit when they differ by as much as the written sides between them, those that are unsure counted or
    not. An annex starts anew at 1 or 2. A number that fits neither neighbour while these fit each other is taken for
    a misreading and left out, unless the number that belongs there was read elsewhere: then sheets lie in the wrong
    order. Where numbers stand on fronts only and those of two fronts that follow differ by one, backs use up none.

    Args:
        sides: all sides of a document in reading order.
    """
    known = _without_misreadings(_numbered(_one_sided(sides)))
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


def _one_sided(sides: Sequence[PrintedNumber]) -> Sequence[PrintedNumber]:
    """The sides, unsure backs taken for blank where the numbers themselves show that paper is printed on one side.

    On the back of a blank sheet the scanner's noise may pass for ink; left in doubt it would hide each missing page.
    """
    fronts = [side for side in sides if side.face is Face.RECTO]
    backs = [side for side in sides if side.face is Face.VERSO]
    if any(side.number is not None or side.label is SideLabel.CONTENT for side in backs):
        return sides
    numbers = [side.number for side in fronts]
    if numbers and numbers[0] is None:
        numbers[0] = 1  # the first side is page 1, printed or not
    if not any(a is not None and b is not None and abs(b - a) == 1 for a, b in pairwise(numbers)):
        return sides
    return [replace(side, label=SideLabel.BLANK) if side.face is Face.VERSO else side for side in sides]


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
    sides: Sequence[SidePrint[Print]], same: Callable[[Print, Print], bool], window: int = 12
) -> tuple[Hint, ...]:
    """The same sheet twice, as after a jam when a sheet was fed again.

    Blank sides never count. Where both sides of two sheets are written, both must agree. A sheet that is the same as
    two or more others is a form that nobody filled in, or one of many copies.

    Args:
        sides: in the order they were fed; those too bare to tell left out.
        same: whether two fingerprints are of one side.
        window: how many sheets back to look; a sheet fed twice comes soon after itself.
    """
    sheets: dict[int, dict[Face, Print]] = {}
    for side in sides:
        if side.label is not SideLabel.BLANK:
            sheets.setdefault(side.sheet, {})[side.face] = side.print_
    order = list(sheets)
    twins: dict[int, list[int]] = {}
    for at, second in enumerate(order):
        for first in order[max(0, at - window) : at]:
            if _same_sheet(sheets[first], sheets[second], same):
                twins.setdefault(first, []).append(second)
                twins.setdefault(second, []).append(first)
    hints = []
    for second, found in twins.items():
        first = found[0]
        if len(found) > 1 or len(twins[first]) > 1 or order.index(first) > order.index(second):
            continue
        vi = f"Tờ {second} giống tờ {first}: có thể một tờ đã qua máy hai lần. Xem hai tờ này."
        en = f"Sheet {second} looks like sheet {first}: one sheet may have been fed twice."
        hints.append(Hint(HintKind.SAME_SIDE_TWICE, second, next(iter(sheets[second])), vi, en))
    return tuple(hints)


def _same_sheet(one: dict[Face, Print], other: dict[Face, Print], same: Callable[[Print, Print], bool]) -> bool:
    """Whether every side agrees that both have; what is written on one of them only may be a shadow."""
    both = one.keys() & other.keys()
    return bool(both) and all(same(one[face], other[face]) for face in sorted(both, key=list(Face).index))
