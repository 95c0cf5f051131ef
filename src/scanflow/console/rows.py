"""One line a document: the list beside what was counted (bảng đối chiếu trên màn hình). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from scanflow.console.board import Live
from scanflow.console.counts import DocumentLive
from scanflow.console.words import N_, face_words
from scanflow.errors import Words
from scanflow.levels import Level
from scanflow.manifest import Row
from scanflow.station.batch import DocumentResult, Outcome
from scanflow.station.why import words_of


@dataclass(frozen=True, slots=True)
class Line:
    """One document on the screen.

    Attributes:
        ordinal: STT.
        name: mã hồ sơ and serial; never a title.
        level: độ mật, Vietnamese.
        declared_sheets: of the list; "–" where the list is not at hand (after a restart).
        declared_pages: likewise.
        sheets: counted; "–" of a document that left in an earlier run.
        pages: counted, by the batch's convention; "–" for a routed-out document, of whose sides nothing is kept.
        blank: blank sides.
        held: sheets that wait for eyes on the paper.
        removed: sheets taken out unscanned.
        state: colour of the line, as a class of the style sheet.
        word: the state in words.
        current: the next sheet goes here.
        counted: the count is the station's reconciliation, so that a difference may be shown.
        routed: routed out; its pages are not compared.
        excess_from: where the count went beyond the list, 0 for nowhere.
        signed_by: who signed for the difference.
        hints: sheets to look at, and why.
        waiting: the sides that wait for eyes on the paper, and why.
        note: container's name, or code of what stands in the way.
    """

    ordinal: int
    name: str
    level: str
    declared_sheets: int | str
    declared_pages: int | str
    sheets: int | str
    pages: int | str
    blank: int
    held: int
    removed: int = 0
    state: str = ""
    word: str = ""
    current: bool = False
    counted: bool = False
    routed: bool = False
    excess_from: int = 0
    signed_by: tuple[str, ...] = ()
    hints: tuple[tuple[int, str], ...] = ()
    waiting: tuple[Words, ...] = ()
    note: str = ""


def lines(live: Live) -> list[Line]:
    """The documents of the batch in the order of the list."""
    if live.result is not None:
        return [_final(one, live) for one in live.result.documents]
    if live.manifest is None:
        return [_recalled(document, live) for document in sorted(live.counts)]
    return [_running(row, live.manifest.document_id(row.ordinal), live) for row in live.manifest.rows]


def _final(one: DocumentResult, live: Live) -> Line:
    row, count = one.row, one.count
    seen = live.counts.get(count.document_id, DocumentLive())
    routed = one.outcome is Outcome.ROUTED_OUT
    return Line(
        row.ordinal, row.name, Level.TUYET_MAT.vi if routed else one.level.vi, count.declared_sheets,
        count.declared_pages,
        count.sheets, "–" if routed else count.pages, count.blank_sides, count.held, count.removed,
        one.outcome.value, one.outcome.vi,
        counted=one.outcome is not Outcome.REFUSED, routed=routed, excess_from=count.excess_from,
        signed_by=one.signed_by, hints=seen.hints, waiting=_waiting(seen),
        note=one.container or ("" if one.why is None or routed else one.why.code),
    )  # fmt: skip


def _running(row: Row, document: str, live: Live) -> Line:
    one = live.counts.get(document, DocumentLive())
    current = document == live.current and live.feeding
    state, word = _state(one, current, refused=row.refused)
    level = Level.TUYET_MAT if one.routed_out else row.level
    sheets, pages = one.corrected or (row.sheets, row.pages)
    earlier = not one.sheets and (one.delivered or one.routed_out)  # in a run that this console did not follow
    return Line(
        row.ordinal, row.name, level.vi, sheets, pages, "–" if earlier else one.sheets,
        "–" if one.routed_out or earlier else one.pages, one.blank, one.held,
        state=state, word=word, current=current, routed=one.routed_out, hints=one.hints, waiting=_waiting(one),
    )  # fmt: skip


def _recalled(document: str, live: Live) -> Line:
    one = live.counts[document]
    state, word = _state(one, current=False, refused=False)
    ordinal = int(document.rpartition("-D")[2])
    return Line(
        ordinal, document, "–", "–", "–", one.sheets, one.pages, one.blank, one.held,
        state=state, word=word, waiting=_waiting(one),
    )  # fmt: skip


def _waiting(one: DocumentLive) -> tuple[Words, ...]:
    """Each held side in words."""
    told = []
    for sheet, face, codes in one.held_sides:
        why = Words.joined([words_of(code) for code in codes], " ")
        side = face_words(face)
        told.append(Words(f"tờ {sheet}, {side.vi}: {why.vi}", f"sheet {sheet}, {side.en}: {why.en}"))
    return tuple(told)


def _state(one: DocumentLive, current: bool, *, refused: bool) -> tuple[str, str]:
    """The colour and the word, gravest first."""
    for found, state, word in (
        (refused, "refused", N_("không số hóa")),
        (one.routed_out, "routed_out", N_("tách riêng")),
        (one.delivered, "delivered", N_("đã giao")),
        (one.held > 0, "held", N_("chờ xem giấy")),
        (one.doubtful, "held", N_("đang ghi, chưa rõ đã giao")),
        (one.sealed, "", N_("đã niêm phong, chưa giao")),
        (current, "", N_("đang nạp")),
        (one.sheets > 0, "", N_("đã đếm")),
    ):
        if found:
            return state, word
    return "", N_("chưa nạp")
