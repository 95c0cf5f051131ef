"""Lists and papers: what a list says, cell by cell; scanning again; handovers; forms to print (danh mục và giấy tờ).

Everything here is a page around the functions that ``scanflow manifest``, ``rescan``, ``handover``, ``separators`` and
``forms`` call. A form is drawn up when its button is pressed, goes to the browser as PDF, and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Final

from starlette.responses import Response

from scanflow.console.errors import AnswerUnclear, NoSuchPage
from scanflow.console.room import Room
from scanflow.console.visits import Visit, chosen
from scanflow.console.words import N_
from scanflow.errors import ScanflowError, Words
from scanflow.forms import Paper, render_pdf
from scanflow.forms import Person as Named
from scanflow.ledger.catalogue import Moment, PaperState
from scanflow.ledger.people import Person, Role
from scanflow.levels import Level
from scanflow.manifest import Manifest
from scanflow.manifest.errors import ManifestFault, ManifestRejected
from scanflow.station import books
from scanflow.station.bureau import Draft
from scanflow.station.handover import Before, Found, Hands, compared_with, differences
from scanflow.station.history import BatchHistory, history_of
from scanflow.station.incidents import incident_drafts
from scanflow.station.record import batch_drafts, bureau_of
from scanflow.station.separating import separator_sheets

LONGEST_NUMBER: Final = 4
"""Digits of a count, a year, a volume."""


@dataclass(frozen=True, slots=True)
class Printable:
    """One form that a button prints.

    Attributes:
        stem: names it, and its file should somebody keep it.
        title: what it is.
        pdf: draws it up.
    """

    stem: str
    title: Words
    pdf: Callable[[], bytes]

    @classmethod
    def of(cls, draft: Draft) -> Printable:
        """A form of the station."""
        return cls(draft.stem, draft.title, lambda: render_pdf(draft.draw_up()))


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """One row of a list and what became of it.

    Attributes:
        ordinal: STT.
        name: mã hồ sơ and serial; never a title.
        level: độ mật.
        sheets: declared.
        pages: declared.
        word: what became of it.
        day: of its delivery, empty for none.
        again: it may be scanned again.
    """

    ordinal: int
    name: str
    level: Level
    sheets: int
    pages: int
    word: str
    day: str
    again: bool


def documents_of(manifest: Manifest, told: BatchHistory) -> Iterator[ListedDocument]:
    """The rows of a list in their order."""
    for row in manifest.rows:
        document = manifest.document_id(row.ordinal)
        word, again = N_("chưa giao"), told.opened
        if row.refused:
            word, again = N_("không số hóa"), False
        elif document in told.routed_out:
            word, again = N_("tách riêng"), False
        elif document in told.delivered:
            word, again = N_("đã giao"), False
        yield ListedDocument(
            row.ordinal, row.name, row.level, row.sheets, row.pages, word, told.delivered.get(document, ""), again
        )


def one_list(visit: Visit[Room]) -> Response:
    """A list of the folder: its faults by cell, or its documents and what became of them."""
    name = visit.query.get("list", "")
    faults: tuple[ManifestFault, ...] = ()
    manifest: Manifest | None = None
    documents: list[ListedDocument] = []
    opened = False
    if name:
        try:
            manifest = visit.room.manifest_of(name)
        except ManifestRejected as rejected:
            faults = rejected.faults
        else:
            told = history_of(visit.room.ledger, manifest.batch_id)
            opened, documents = told.opened, list(documents_of(manifest, told))
    feeds = visit.person is not None and visit.person.role is Role.OPERATOR
    return visit.page(
        "list.html", lists=visit.room.lists(), name=name, manifest=manifest, faults=faults, documents=documents,
        opened=opened, feeds=feeds,
    )  # fmt: skip


def rescan(visit: Visit[Room]) -> Response:
    """The operator scans documents of an earlier batch again, each on its own."""
    operator = visit.require(Role.OPERATOR)
    ticked = [key.removeprefix("again-") for key, value in visit.form.items() if key.startswith("again-") and value]
    only = tuple(_number(one, Words("tài liệu", "documents")) for one in ticked)
    if not only:
        raise AnswerUnclear(field=Words("tài liệu quét lại (chưa chọn)", "documents to scan again (none chosen)"))
    visit.room.start(visit.field("list", Words("danh mục", "list")), operator.id, only)
    return visit.back("/")


# ---- forms -----------------------------------------------------------------------------------------------


def papers(visit: Visit[Room]) -> Response:
    """The forms that can be printed now, and the handovers of a list."""
    return _papers(visit, visit.query)


def _papers(visit: Visit[Room], asked: Mapping[str, str], status: int = 200, **more: object) -> Response:
    room, name, year = visit.room, asked.get("list", ""), asked.get("year", "")
    manifest = room.manifest_of(name) if name else None
    bureau = bureau_of(room.station)
    moment = chosen(asked["moment"], Moment, Words("lần bàn giao", "handover")) if asked.get("moment") else None
    known, refused = None, None
    if manifest is not None and moment is not None:
        try:
            known = compared_with(bureau, manifest, moment)
        except ScanflowError as out_of_turn:
            refused = out_of_turn
    people = [one for one in room.office.people if one.revoked is None]
    values: dict[str, object] = {
        "lists": room.lists(), "name": name, "year": year, "manifest": manifest, "moment": moment,
        "moments": list(Moment), "known": known, "refused_moment": refused, "paper_states": list(PaperState),
        "people": people, "of_batch": _of_batch(room), "of_list": [] if manifest is None else _of_list(room, manifest),
        "of_year": _of_year(visit, year) if year else [], "missing": _missing(room) if year else (),
        "this_year": bureau.at.year, "typed": {}, "differences": (), "differing": (), "seen": "",
    }  # fmt: skip
    return visit.page("papers.html", status, **values | more)


def _of_batch(room: Room) -> list[Printable]:
    """The papers that the last batch ended with."""
    result = room.board.live().result
    if result is None:
        return []
    drafts = batch_drafts(room.station, result, room.operator, simulated=room.simulated)
    return [Printable.of(draft) for draft in drafts]


def _of_list(room: Room, manifest: Manifest) -> list[Printable]:
    """What belongs to a list: separators before the feed, a record of each route-out after it."""
    bureau = bureau_of(room.station)
    names = {manifest.document_id(row.ordinal): row.name for row in manifest.rows}
    separators = Printable(
        f"{manifest.batch_id}-to-phan-cach",
        Words(f"Tờ phân cách ({len(manifest.to_feed)} tờ)", f"Separator sheets ({len(manifest.to_feed)})"),
        partial(separator_sheets, manifest, bureau.at.date()),
    )
    return [separators, *(Printable.of(one) for one in incident_drafts(bureau, manifest.batch_id, names))]


_REGISTERS: Final[tuple[tuple[str, Words, Callable[..., Paper]], ...]] = (
    ("so-sao-chup", Words("Sổ quản lý sao, chụp", "Copying register"), books.copying),
    ("so-di", Words("Sổ đăng ký bí mật nhà nước đi", "Outgoing register"), books.outgoing),
    ("so-den", Words("Sổ đăng ký bí mật nhà nước đến", "Incoming register"), books.incoming),
)


def _of_year(visit: Visit[Room], word: str) -> list[Printable]:
    """The registers of a year, and its statistics."""
    assert visit.person is not None
    room, year, person = visit.room, _year(word), visit.person
    volume = _number(visit.form.get("volume", "") or "1", Words("quyển số", "volume"))
    chief = Named(visit.form.get("head", "").strip()[:80], visit.form.get("post", "").strip()[:80])
    made = [
        Printable(f"{stem}-{year}", title, partial(_register, room, make, year, volume))
        for stem, title, make in _REGISTERS
    ]
    title = Words("Thống kê năm theo độ mật", "Yearly statistics by level")
    return [*made, Printable(f"thong-ke-{year}", title, partial(_yearly, room, year, person, chief))]


def _register(room: Room, make: Callable[..., Paper], year: int, volume: int) -> bytes:
    bureau = bureau_of(room.station)
    lists = books.Lists.of(room.readable_lists())
    return render_pdf(make(bureau, books.read_books(bureau), lists, books.Term.of_register(year), volume))


def _yearly(room: Room, year: int, person: Person, chief: Named) -> bytes:
    bureau = bureau_of(room.station)
    term = books.Term.of_statistics(year)
    return render_pdf(books.yearly(bureau, books.read_books(bureau), term, bureau.person(person.id), chief))


def _missing(room: Room) -> tuple[str, ...]:
    """Batches of which no list lies in the folder: their documents stand under their ids in the registers."""
    found = books.read_books(bureau_of(room.station))
    return books.Lists.of(room.readable_lists()).missing(one.batch for one in found.documents.values())


def print_form(visit: Visit[Room]) -> Response:
    """One form as PDF, by its name; drawn up now.

    Raises:
        NoSuchPage: there is no such form (any more).
    """
    visit.require(Role.SUPERVISOR, Role.CUSTODIAN)
    room, stem = visit.room, visit.form.get("form", "")
    offered = _of_batch(room)
    if visit.form.get("list"):
        offered += _of_list(room, room.manifest_of(visit.form["list"]))
    if visit.form.get("year"):
        offered += _of_year(visit, visit.form["year"])
    found = next((one for one in offered if one.stem == stem), None)
    if found is None:
        raise NoSuchPage
    return pdf(found.stem, found.pdf())


def pdf(stem: str, content: bytes) -> Response:
    """A form in the browser, to be printed; as every answer of the console, nobody may keep a copy of it."""
    headers = {"Content-Disposition": f'inline; filename="{stem}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


# ---- handovers -------------------------------------------------------------------------------------------


def hand_over(visit: Visit[Room]) -> Response:
    """One handover: what differs is shown before anything is recorded, both sides prove who they are; then the record.

    Raises:
        HandoverOutOfTurn, HandoverByOne, PeopleError: as said; nothing is recorded of the handover.
        AnswerUnclear: a count is missing, or nobody confirms.
    """
    visit.require(Role.SUPERVISOR, Role.CUSTODIAN)
    room, form = visit.room, visit.form
    manifest = room.manifest_of(visit.field("list", Words("danh mục", "list")))
    moment = chosen(form.get("moment", ""), Moment, Words("lần bàn giao", "handover"))
    bureau = bureau_of(room.station)
    known = compared_with(bureau, manifest, moment)
    otherwise = _found(manifest, known, form)
    differs = differences(known, manifest, otherwise)
    seen = sha256("\n".join(one.vi for one in differs).encode()).hexdigest() if differs else ""
    if form.get("sure") != "yes":
        raise AnswerUnclear(field=Words("hai bên xác nhận", "both sides confirm"))
    if form.get("seen", "") != seen:
        return _papers(visit, form, 409, typed=form, differences=differs, differing=otherwise, seen=seen)
    giver, taker = (visit.field(side, said, 40) for side, said in _SIDES.items())
    basis = "\n".join(line.strip() for line in form.get("basis", "").splitlines() if line.strip())[:1000]
    secrets = ((giver, form.get("giver_secret", "")), (taker, form.get("taker_secret", "")))
    done = room.hand_over(manifest, moment, Hands(giver, taker, basis), secrets, otherwise)
    return pdf(f"{manifest.batch_id}-ban-giao-{list(Moment).index(moment) + 1}", render_pdf(done.paper))


_SIDES: Final = {"giver": Words("bên giao", "giver"), "taker": Words("bên nhận", "taker")}


def _found(manifest: Manifest, known: Before, form: Mapping[str, str]) -> dict[int, Found]:
    """What lies on the table, of the documents that are otherwise than before."""
    found: dict[int, Found] = {}
    for row in manifest.rows:
        at = row.ordinal
        said = Words(f"tài liệu số {at}", f"document {at}")
        sheets, pages = (_number(form.get(f"{one}-{at}", ""), said) for one in ("sheets", "pages"))
        now = Found(sheets, pages, chosen(form.get(f"paper-{at}", ""), PaperState, said))
        if now != known.found[at]:
            found[at] = now
    return found


def _number(text: str, said: Words) -> int:
    word = text.strip()
    if not word.isascii() or not word.isdigit() or len(word) > LONGEST_NUMBER:
        raise AnswerUnclear(field=said)
    return int(word)


def _year(word: str) -> int:
    said = Words("năm", "year")
    year = _number(word, said)
    if year < 2000:
        raise AnswerUnclear(field=said)
    return year
