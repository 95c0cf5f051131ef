"""Where to go on after a jam, a double feed or a stop: what was good, what is loaded again (nạp tiếp)."""

from __future__ import annotations

from dataclasses import dataclass

from scanflow.counting.tally import Tally
from scanflow.manifest import Row


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """What to tell the operator.

    Attributes:
        last_good: the last sheet that counts, None when there is none yet.
        ordinal: STT of the document that it belongs to, None for a separator.
        place: it is the document's sheet number ``place``, from 1; 0 for a separator.
        label: its own number as pencilled ("15"), None when the list does not tell.
        left: sheets of that document that are still to come by the list.
    """

    last_good: int | None
    ordinal: int | None
    place: int
    label: str | None
    left: int

    @property
    def vi(self) -> str:
        """The sentence on the screen."""
        if self.last_good is None:
            return "Chưa có tờ nào đạt. Xếp lại cả chồng giấy từ đầu rồi nạp."
        if self.ordinal is None:
            return f"Tờ đạt cuối cùng là tờ phân cách thứ {self.last_good} qua máy. Nạp tiếp từ tờ ngay sau đó."
        pencilled = f" (tờ số {self.label})" if self.label else ""
        return (
            f"Tờ đạt cuối cùng: tờ {self.place} của tài liệu số {self.ordinal}{pencilled}. "
            f"Nạp tiếp từ tờ ngay sau đó; tài liệu này còn {self.left} tờ."
        )


def resume_point(tally: Tally) -> ResumePoint:
    """The last good sheet of a batch and what follows it."""
    last = tally.last_good
    if last is None:
        return ResumePoint(None, None, 0, None, 0)
    index = tally.state.sheets[last - 1].document
    if index is None:
        return ResumePoint(last, None, 0, None, 0)
    row, document = tally.state.row(index), tally.state.documents[index]
    place = document.sheets.index(last) + 1
    declared = document.declared[0] if document.declared else row.sheets
    left = max(0, declared - len(document.sheets))
    return ResumePoint(last, row.ordinal, place, sheet_label(row, place), left)


def sheet_label(row: Row, place: int) -> str | None:
    """Pencilled number of the document's sheet at ``place``, from 1, where the list leaves no doubt.

    Between 14 and 16 there may be a 15a: without letters at the ends, the numbers are certain only when the
    row declares exactly as many sheets as there are numbers.
    """
    if place == 1 and row.first_sheet:
        return row.first_sheet
    if place == row.sheets and row.last_sheet:
        return row.last_sheet
    if not (row.first_sheet.isdigit() and row.last_sheet.isdigit()) or not 1 <= place <= row.sheets:
        return None
    first, last = int(row.first_sheet), int(row.last_sheet)
    return str(first + place - 1) if last - first + 1 == row.sheets else None
