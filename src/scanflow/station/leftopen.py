"""Acts that a power cut left open: what is known of each, and where a person looks before closing it (việc dở dang).

The closing itself is :meth:`scanflow.ledger.people.Office.close_act`, for the terminal and the console alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scanflow.errors import Words
from scanflow.ledger import Entry, Event
from scanflow.ledger.catalogue import (
    CopyPrinting,
    DebrisRemoving,
    DeliveryBegun,
    EraseBegun,
    FeedStarted,
    MediumEnrolling,
    MediumRepairing,
    QuarantineOpening,
    SheetFed,
)
from scanflow.ledger.inspect.openacts import open_acts
from scanflow.ledger.lines import read_entries


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """One act that was announced and has no outcome.

    Attributes:
        entry: the announcement.
        known: what the ledger holds of it since.
        look: where to look, and which answer fits what is found there.
    """

    entry: Entry
    known: Words
    look: Words


def left_open(ledger: Path) -> tuple[LeftOpen, ...]:
    """The acts of a ledger file that no entry closes, oldest first."""
    acts = open_acts(read_entries(ledger))
    fed = [one for one in read_entries(ledger, (SheetFed,)) if acts and one.n > acts[0].n]
    return tuple(LeftOpen(one, _known(one, fed), LOOK[type(one.event)]) for one in acts)


def _known(act: Entry, fed: list[Entry]) -> Words:
    event = act.event
    if isinstance(event, FeedStarted):
        sheets = [
            one.event.sheet
            for one in fed
            if one.n > act.n and isinstance(one.event, SheetFed) and one.event.batch == event.batch
        ]
        if not sheets:
            return Words("Chưa tờ nào vào sổ trong lượt nạp này.", "No sheet of this feed is on record.")
        return Words(
            f"{len(sheets)} tờ đã vào sổ, tờ cuối là tờ {max(sheets)}; chưa có kết thúc lượt nạp.",
            f"{len(sheets)} sheets are on record, the last is sheet {max(sheets)}; the feed has no end.",
        )
    if isinstance(event, DeliveryBegun):
        return Words(
            f"{event.documents} văn bản độ {event.level.vi} của đợt {event.batch}; chưa có kết quả đọc lại.",
            f"{event.documents} documents of {event.batch}, level {event.level.en}; no result of reading back.",
        )
    return Words("Sổ không có gì thêm về việc này.", "The ledger holds nothing more of it.")


LOOK: Final[dict[type[Event], Words]] = {
    FeedStarted: Words(
        "Trang trong bộ nhớ đã mất cùng điện. Lấy hết giấy ở máy quét và khay ra, xếp lại cả tập đúng thứ tự, đếm đủ. "
        "Xong thì chọn “chưa thực hiện”: cả danh mục được nạp lại từ đầu.",
        "The pages in memory went with the power. Gather all paper from the scanner and its tray, in order, and count "
        "it. Then choose “not done”: the list is fed again from the start.",
    ),
    DeliveryBegun: Words(
        "Cắm lại đúng thiết bị nhớ đó và cho trạm đọc. Biên nhận và mọi gói nguyên vẹn: “đã hoàn thành”. "
        "Không có gì của việc này: “chưa thực hiện”. Có phần dở dang và đã xóa: “dở dang, đã dọn”.",
        "Plug that very medium in and have the station read it. Receipt and every container whole: “done”. "
        "Nothing of this job there: “not done”. Leftovers that were removed: “partly, cleaned up”.",
    ),
    EraseBegun: Words(
        "Khóa của văn bản chỉ nằm trong bộ nhớ và đã mất cùng điện, các trang không đọc được nữa. "
        "Tờ giấy tách riêng thì xem đã ở khay riêng. Xong thì chọn “đã hoàn thành”.",
        "The document's key lay in memory only and went with the power; its pages cannot be read any more. "
        "See that routed-out paper lies apart. Then choose “done”.",
    ),
    CopyPrinting: Words(
        "Đếm các bản ở máy in. Đủ bản và đã vào sổ sao, chụp: “đã hoàn thành”. Chưa ra tờ nào: “chưa thực hiện”. "
        "Ra một phần: hủy hết các tờ đã ra rồi chọn “dở dang, đã dọn”.",
        "Count the copies at the printer. All there and in the copying register: “done”. None came: “not done”. "
        "Some came: destroy them, then choose “partly, cleaned up”.",
    ),
    MediumEnrolling: Words(
        "Xem thiết bị có trong sổ đăng ký thiết bị nhớ không (scanflow media list). Có: “đã hoàn thành”. "
        "Không: “chưa thực hiện”, rồi ghi danh lại.",
        "See whether the medium is in the register (scanflow media list). There: “done”. "
        "Not there: “not done”, then enrol it again.",
    ),
    MediumRepairing: Words(
        "Chưa dùng thiết bị nhớ này. Chọn “chưa thực hiện”, rồi sửa lại bằng scanflow media repair.",
        "Leave this medium unused. Choose “not done”, then mend it again by scanflow media repair.",
    ),
    DebrisRemoving: Words(
        "Chọn “chưa thực hiện”, rồi chạy lại scanflow media debris: còn gì thì xóa nốt.",
        "Choose “not done”, then run scanflow media debris again: what is left is removed then.",
    ),
    QuarantineOpening: Words(
        "Xem khay tách riêng. Còn niêm phong: “chưa thực hiện”. Đã mở: đếm đủ số tờ, ghi biên bản, "
        "chọn “đã hoàn thành”.",
        "Look at the tray of routed-out paper. Still sealed: “not done”. Open: count its sheets, draw up a record, "
        "choose “done”.",
    ),
}
"""Where to look, for every kind of act that the ledger announces."""
