"""Route-outs as the ledger tells them, and the record that is signed for each (biên bản tách riêng)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from scanflow.errors import Words
from scanflow.forms import Cause, Incident, Paper, incident_record
from scanflow.ledger import Entry
from scanflow.ledger.catalogue import (
    BatchOpened,
    BatchResumed,
    DocumentErased,
    EraseReason,
    FeedEnded,
    FeedStopped,
    Role,
    RouteOutReason,
    SheetFed,
    SheetRoutedOut,
)
from scanflow.ledger.lines import read_entries
from scanflow.station.bureau import Bureau, Draft

_CAUSES = {
    RouteOutReason.MARK_READ: Cause.LEVEL_MARK,
    RouteOutReason.MARK_LIKELY: Cause.WIDE_FRAME,
    RouteOutReason.PERSON_DECIDED: Cause.PERSON,
    RouteOutReason.DECLARED: Cause.PERSON,
}


@dataclass(frozen=True, slots=True)
class RouteOutStory:
    """One document that was routed out: sheet, reason, times, and what was destroyed. There is nothing more.

    Attributes:
        entry: number of the ledger's entry.
        operator: who fed it.
        document: its opaque id, None when the sheet came before any document.
        fed: ordinal of the marked sheet in the batch.
        place: its place in the document, from 1; 0 when that is not known.
        reason: why.
        at: when the mark was met.
        stopped: when the feeder stood still; ``at`` when the ledger does not tell.
        beyond: sheets fed after it before that.
        erased: when the document's key was destroyed.
        sides: sides of it that had been in RAM.
    """

    entry: int
    operator: str
    document: str | None
    fed: int
    place: int
    reason: RouteOutReason
    at: datetime
    stopped: datetime
    beyond: int
    erased: datetime
    sides: int


_KINDS = (
    BatchOpened, BatchResumed, SheetFed, SheetRoutedOut, DocumentErased, FeedStopped, FeedEnded,
)  # fmt: skip


def route_outs(entries: Iterable[Entry], batch: str) -> list[RouteOutStory]:
    """The documents of a batch that were routed out, in order; a second mark in the same document is no second one."""
    told: list[RouteOutStory] = []
    running: list[int] = []
    operator, documents, places = "", dict[int, str | None](), dict[str, int]()
    for entry in entries:
        event, at = entry.event, _time(entry)
        if getattr(event, "batch", None) != batch:
            continue
        match event:
            case BatchOpened() | BatchResumed():
                operator, documents, places, running = event.operator, {}, {}, []
            case SheetFed():
                documents[event.sheet] = event.document
                if event.document is not None:
                    places[event.document] = places.get(event.document, 0) + 1
                told = [replace(one, beyond=one.beyond + 1) if at_ in running else one for at_, one in enumerate(told)]
            case SheetRoutedOut():
                document = documents.get(event.sheet)
                if document is None or document not in {one.document for one in told}:
                    place = 0 if document is None else places[document]
                    running.append(len(told))
                    told.append(
                        RouteOutStory(entry.n, operator, document, event.sheet, place, event.reason, at, at, 0, at, 0)
                    )
            case DocumentErased(reason=EraseReason.ROUTED_OUT):
                told = [
                    replace(one, erased=at, sides=event.pages)
                    if one.document is not None and one.document == event.document
                    else one
                    for one in told
                ]
            case FeedStopped() | FeedEnded():
                told = [replace(one, stopped=at) if at_ in running else one for at_, one in enumerate(told)]
                running = []
    return told


def _time(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.at).astimezone()


def incident_forms(bureau: Bureau, batch: str, names: Mapping[str, str]) -> dict[str, Paper]:
    """The record of each route-out of a batch, by file name; arguments as of :func:`incident_drafts`."""
    return {one.stem: one.draw_up() for one in incident_drafts(bureau, batch, names)}


def incident_drafts(bureau: Bureau, batch: str, names: Mapping[str, str]) -> list[Draft]:
    """The record of each route-out of a batch.

    Args:
        bureau: where it is drawn up.
        batch: its id.
        names: mã hồ sơ and serial by document id; the id itself stands for what is not in it.
    """
    return [
        Draft(
            f"{batch}-tach-rieng-{story.fed}",
            Words(f"Biên bản tách riêng, tờ {story.fed}", f"Record of the route-out, sheet {story.fed}"),
            partial(_incident, bureau, batch, story, names),
        )
        for story in route_outs(read_entries(bureau.ledger.path, _KINDS), batch)
    ]


def _incident(bureau: Bureau, batch: str, story: RouteOutStory, names: Mapping[str, str]) -> Paper:
    return incident_record(
        Incident(
            office=bureau.body,
            number="…/BB-TR",
            at=bureau.at,
            batch=batch,
            document="" if story.document is None else names.get(story.document, story.document),
            sheet=story.place,
            fed=story.fed,
            cause=_CAUSES[story.reason],
            stopped_at=story.stopped,
            erased_at=story.erased,
            sides_erased=story.sides,
            sheets_beyond=story.beyond,
            operator=bureau.person(story.operator),
            supervisor=bureau.someone(Role.SUPERVISOR),
            keeper=bureau.someone(Role.CUSTODIAN),
            head=bureau.issue_head(),
        )
    )
