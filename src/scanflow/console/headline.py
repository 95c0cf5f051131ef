"""The one thing that stands large on the screen: a word, a colour, a sentence, the steps (tiêu đề trạng thái). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from scanflow.console.board import Live
from scanflow.console.questions import Kind, Question
from scanflow.console.words import N_
from scanflow.errors import ExitCode, Words
from scanflow.station.batch import Outcome
from scanflow.station.desk import LoadPaper, Notice, TakeOut, Tone

FAULTS: Final = {
    "SCN-JAM": N_("KẸT GIẤY"),
    "SCN-COVER": N_("NẮP MÁY QUÉT MỞ"),
    "SCN-DOUBLE": N_("NẠP CHỒNG HAI TỜ"),
}
"""Faults that have a word of their own; any other is "DỪNG: MÁY QUÉT"."""


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands large.

    Attributes:
        word: the state in capitals; also said by colour, never by colour alone.
        tone: colour and sound.
        sentence: what happened or what to do (speaks both languages), None when the word says it all.
        sheet: for a TUYỆT MẬT mark, the sheet.
        steps: what to do, in order (each speaks both languages), and which of them is to be done now.
        now: index into ``steps``.
    """

    word: str
    tone: Tone
    sentence: Any = None
    sheet: int | None = None
    steps: tuple[Any, ...] = ()
    now: int = 0


def headline(live: Live) -> Headline:
    """The state of the room."""
    if live.question is not None:
        return _asked(live, live.question)
    if live.job:
        return _working(live)
    if live.refusal is not None:
        return Headline(N_("ĐÃ DỪNG"), Tone.STOP, live.refusal)
    if live.result is not None:
        done = live.result.exit_code in {ExitCode.OK, ExitCode.ROUTED_OUT}
        vi, en = f"Kết quả: {live.result.end.vi}.", f"Outcome: {live.result.end.en}."
        routed = [str(one.row.ordinal) for one in live.result.documents if one.outcome is Outcome.ROUTED_OUT]
        if routed:
            vi += f" Tách riêng: tài liệu số {', '.join(routed)}, bản giấy giao cho người có trách nhiệm."
            en += f" Routed out: document {', '.join(routed)}; its paper goes to the person in charge."
        if done:
            return Headline(N_("XONG"), Tone.GOOD, Notice(Tone.INFO, vi, en))
        vi, en = f"{vi} {_LEFT.vi}", f"{en} {_LEFT.en}"
        return Headline(N_("XONG, CÒN VIỆC MỞ"), Tone.STOP, Notice(Tone.STOP, vi, en))
    if live.interrupted:
        left = any(one.delivered for one in live.counts.values())
        return Headline(N_("ĐỢT BỊ NGẮT"), Tone.STOP, _INTERRUPTED_PARTLY if left else _INTERRUPTED)
    return Headline(N_("CHỜ ĐỢT MỚI"), Tone.INFO, _IDLE)


_LEFT: Final = Words(
    "Tài liệu chưa giao: làm theo tình trạng của nó, rồi quét lại ở trang Danh mục.",
    "What did not leave: do what its state asks for, then scan it again on the page of lists.",
)


_IDLE: Final = Notice(
    Tone.INFO,
    "Người thực hiện số hóa đăng nhập rồi chọn danh mục.",
    "The operator signs in and chooses a handover list.",
)


_INTERRUPTED: Final = Notice(
    Tone.STOP,
    "Đợt trước bị ngắt giữa chừng. Trang trong bộ nhớ đã mất; tài liệu chưa ghi “đã giao” thì chưa rời phòng. "
    "Xếp lại giấy và chạy lại đúng danh mục đó từ đầu.",
    "The last batch broke off. Pages in memory are gone; what is not marked delivered has not left. Feed it again.",
)


_INTERRUPTED_PARTLY: Final = Notice(
    Tone.STOP,
    "Đợt trước bị ngắt giữa chừng. Tài liệu ghi “đã giao” đã nằm trên thiết bị nhớ; trang của tài liệu khác đã mất. "
    "Ở trang Danh mục, chọn các tài liệu chưa giao và quét lại.",
    "The last batch broke off. What is marked delivered lies on the medium; the other pages are gone. On the page of "
    "lists, choose what did not leave and scan it again.",
)


_WRITING: Final = Notice(
    Tone.INFO,
    "Chưa rút thiết bị nhớ: dữ liệu đang được ghi và đọc lại.",
    "Leave the medium in: data are being written and read back.",
)


def _working(live: Live) -> Headline:
    if live.job == "enrol":
        return Headline(N_("ĐANG XÉT THIẾT BỊ NHỚ"), Tone.INFO)
    if live.routed_now:
        return Headline(N_("LẤY TỜ RA: TUYỆT MẬT"), Tone.ALARM, sheet=live.routed_now[0])
    if live.feeding:
        return Headline(N_("ĐANG QUÉT"), Tone.GOOD)
    if any(one.doubtful for one in live.counts.values()):
        return Headline(N_("ĐANG GHI RA THIẾT BỊ NHỚ"), Tone.INFO, _WRITING)
    if any(one.sealed for one in live.counts.values()):
        return Headline(N_("ĐANG NIÊM PHONG"), Tone.INFO)
    return Headline(N_("ĐANG XỬ LÝ"), Tone.INFO)


def _asked(live: Live, question: Question) -> Headline:
    match question.kind:
        case Kind.TRAY | Kind.LOAD | Kind.TAKE_OUT:
            return _paper(live, question)
        case Kind.STICK if question.about is not None:
            return Headline(N_("USB BỊ TỪ CHỐI"), Tone.STOP, question.about, steps=(_PULL, question), now=0)
        case Kind.STICK:
            return Headline(N_("CẮM THIẾT BỊ NHỚ"), Tone.INFO, question)
        case Kind.SIGN:
            return Headline(N_("CHỜ KÝ DUYỆT"), Tone.STOP, question)
        case _:
            return Headline(N_("CHỜ KIỂM TRA"), Tone.STOP, question)


def _paper(live: Live, question: Question) -> Headline:
    """Paper in hand: the first load, or the way back after a stop, step by step."""
    about = question.about
    if live.routed_now or isinstance(about, TakeOut):
        sheet = about.sheet if isinstance(about, TakeOut) else live.routed_now[0]
        return Headline(N_("LẤY TỜ RA: TUYỆT MẬT"), Tone.ALARM, question, sheet, _OUT, _STEP[question.kind])
    if live.fault:
        steps = (_FREE, _at(question, Kind.TRAY, _COUNT), _at(question, Kind.LOAD, _RELOAD))
        word = FAULTS.get(live.fault, N_("DỪNG: MÁY QUÉT"))
        said = next((one for one in reversed(live.notices) if one.tone is Tone.STOP), question)
        return Headline(word, Tone.STOP, said, steps=steps, now=1 if question.kind is Kind.TRAY else 2)
    if isinstance(about, LoadPaper) and not about.again and about.passed == 0:
        return Headline(N_("XẾP GIẤY VÀO KHAY"), Tone.INFO, question)
    if live.took_out:
        return Headline(N_("DỪNG"), Tone.STOP, question, steps=_OUT, now=_STEP[question.kind])
    return Headline(N_("DỪNG"), Tone.STOP, question)


_STEP: Final = {Kind.TAKE_OUT: 0, Kind.TRAY: 1, Kind.LOAD: 2}
_FREE: Final = Notice(Tone.STOP, "Lấy giấy kẹt ra, đóng nắp máy quét.", "Remove stuck paper and close the cover.")
_COUNT: Final = Notice(Tone.STOP, "Đếm khay ra.", "Count the output tray.")
_TAKE: Final = Notice(Tone.STOP, "Lấy tài liệu ra khỏi tập giấy.", "Take the document out of the stack.")
_RELOAD: Final = Notice(Tone.STOP, "Xếp lại phần giấy còn lại, nạp tiếp.", "Reload the rest of the stack and go on.")
_OUT: Final = (_TAKE, _COUNT, _RELOAD)
_PULL: Final = Notice(Tone.STOP, "Rút thiết bị bị từ chối ra.", "Pull the refused device out.")


def _at(question: Question, kind: Kind, otherwise: Notice) -> Any:
    """The step's own sentence where it stands now, else what it will be about."""
    return question if question.kind is kind else otherwise
