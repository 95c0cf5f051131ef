"""The sample check: drawn by lot, answered by somebody else than the operator, and doubt keeps the document."""

from __future__ import annotations

import random
from dataclasses import replace
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.station.conftest import OPERATOR, SHEET, SUPERVISOR, Room, listed, row, separator
from tests.station.test_batch import events, outcomes, work

from scanflow.errors import ExitCode
from scanflow.ledger.catalogue import BatchEnd, DocumentErased, EraseReason, SampleChecked, SheetRoutedOut
from scanflow.levels import Level
from scanflow.pages import Face
from scanflow.station.batch import Outcome
from scanflow.station.desk import SampleAnswer, SampledSide
from scanflow.station.sampling import Drawn, draw_lots


@given(st.integers(0, 300), st.floats(1, 100), st.integers(0, 2**32))
def test_the_lot_draws_the_configured_share_and_no_side_twice(sides: int, percent: float, seed: int) -> None:
    cleared = [Drawn(None, n // 2, tuple(Face)[n % 2], Level.MAT) for n in range(sides)]  # type: ignore[arg-type]
    drawn = draw_lots(cleared, percent, random.Random(seed))
    assert len(drawn) == ceil(sides * percent / 100)
    assert len({(one.sheet, one.face) for one in drawn}) == len(drawn)
    assert [one.sheet for one in drawn] == sorted(one.sheet for one in drawn)


def test_every_side_can_be_drawn() -> None:
    cleared = [Drawn(None, n, Face.RECTO, Level.MAT) for n in range(20)]  # type: ignore[arg-type]
    seen = {draw_lots(cleared, 1, random.Random(seed))[0].sheet for seed in range(500)}
    assert seen == set(range(20))


def everything_sampled(room: Room) -> Room:
    """The same room with a station that samples every cleared side."""
    config = room.station.config
    stamps = config.stamps.model_copy(update={"sample_percent": 100.0})
    station = replace(room.station, config=config.model_copy(update={"stamps": stamps}))
    return replace(room, station=station)


@pytest.fixture
def two(room: Room) -> tuple[Room, object, list[object]]:
    manifest = listed(row(1, 1), row(2, 1))
    return everything_sampled(room), manifest, [separator(manifest, 1), SHEET, separator(manifest, 2), SHEET]


def test_agreement_is_on_record_and_lets_the_documents_go(two) -> None:  # type: ignore[no-untyped-def]
    room, manifest, pile = two
    result, _ = work(room, manifest, pile)
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.DELIVERED]
    checked = events(room, SampleChecked)
    assert {(e.sheet, e.face) for e in checked} == {(s, f) for s in (2, 4) for f in Face}
    assert all(e.agrees and e.person == SUPERVISOR for e in checked)


def test_a_tenth_of_a_batch_is_at_least_one_side(room: Room) -> None:
    manifest = listed(row(1, 1))
    _, desk = work(room, manifest, [separator(manifest, 1), SHEET])
    assert len(desk.sampled) == 1


def test_nobody_is_asked_about_a_document_that_stays_anyway(room: Room) -> None:
    manifest = listed(row(1, 1), row(2, 2))
    result, desk = work(
        everything_sampled(room), manifest, [separator(manifest, 1), SHEET, separator(manifest, 2), SHEET]
    )
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.DIFFERS]
    assert {asked.document.ordinal for asked in desk.sampled} == {1}
    assert result.documents[1].why is not None and result.documents[1].why.code == "CNT-DIFFERENCE"


def test_a_side_that_nobody_looked_at_keeps_its_document(two) -> None:  # type: ignore[no-untyped-def]
    room, manifest, pile = two
    result, _ = work(
        room, manifest, pile, samples=lambda asked, read: None if asked.sheet == 2 else SampleAnswer(SUPERVISOR, read)
    )
    assert outcomes(result) == [Outcome.HELD, Outcome.DELIVERED]
    assert result.documents[0].why is not None and result.documents[0].why.code == "STA-SAMPLE-OPEN"
    assert (result.end, result.exit_code) == (BatchEnd.PARTLY, ExitCode.HELD)


def test_another_level_on_the_paper_keeps_the_document(two) -> None:  # type: ignore[no-untyped-def]
    room, manifest, pile = two

    def person(asked: SampledSide, read: Level) -> SampleAnswer:
        return SampleAnswer(SUPERVISOR, Level.TOI_MAT if asked.sheet == 4 and asked.face is Face.VERSO else read)

    result, _ = work(room, manifest, pile, samples=person)
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.HELD]
    assert result.documents[1].why is not None and result.documents[1].why.code == "STA-SAMPLE-DISAGREES"
    assert [(e.sheet, e.face) for e in events(room, SampleChecked) if not e.agrees] == [(4, Face.VERSO)]


def test_top_secret_seen_in_a_sample_routes_the_document_out(two) -> None:  # type: ignore[no-untyped-def]
    room, manifest, pile = two

    def person(asked: SampledSide, read: Level) -> SampleAnswer:
        return SampleAnswer(SUPERVISOR, Level.TUYET_MAT if asked.sheet == 2 else read)

    result, desk = work(room, manifest, pile, samples=person)
    assert outcomes(result) == [Outcome.ROUTED_OUT, Outcome.DELIVERED]
    assert [e.sheet for e in events(room, SheetRoutedOut)] == [2]
    assert next(e.reason for e in events(room, DocumentErased)) is EraseReason.ROUTED_OUT
    assert [asked.sheet for asked in desk.sampled] == [2, 4, 4], "what is erased is not asked for again"


def test_the_operator_samples_nothing_of_his_own(two) -> None:  # type: ignore[no-untyped-def]
    room, manifest, pile = two
    result, _ = work(room, manifest, pile, samples=lambda asked, read: SampleAnswer(OPERATOR, read))
    assert outcomes(result) == [Outcome.HELD, Outcome.HELD]
    assert {one.why.code for one in result.documents if one.why} == {"STA-SAMPLE-OPERATOR"}
    assert events(room, SampleChecked) == []
