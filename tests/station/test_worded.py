"""Words that the stamp reader missed: a side whose text has TUYỆT MẬT standing alone is looked at on paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.station.conftest import (
    OPERATOR,
    SHEET,
    SUPERVISOR,
    Room,
    ScriptedDesk,
    ScriptedFeeder,
    listed,
    reader,
    row,
    separator,
)

from scanflow.errors import ExitCode
from scanflow.ledger.catalogue import DocumentErased, EraseReason, SampleChecked, SheetRoutedOut
from scanflow.ledger.lines import read_entries
from scanflow.levels import Level
from scanflow.sealing import OcrPool
from scanflow.station.batch import BatchResult, Outcome, run_batch
from scanflow.station.desk import SampleAnswer, SampledSide

Answer = Callable[[SampledSide, Level], SampleAnswer | None]


def layer(*words: tuple[str, float, float]) -> str:
    """The worker's answer for a page with one line of 20 pixels' height."""
    return json.dumps([100, [[300, 20, words]], None])


ALONE = layer(("TUYỆT", 100, 160), ("MẬT", 170, 210))
BESIDE = layer(("TUYỆT", 100, 160), ("MẬT", 170, 210), ("CỘNG", 400, 450), ("HÒA", 460, 500))
IN_A_SENTENCE = layer(("độ", 100, 120), ("TUYỆT", 130, 190), ("MẬT", 200, 240))
IN_A_CELL = layer(("Tuyệt", 100, 160), ("mật", 170, 210), ("12/2019", 400, 450))


def worked(room: Room, read: str, samples: Answer | None = None) -> tuple[BatchResult, ScriptedDesk]:
    """A batch of one sheet on whose two sides the same words are read."""
    manifest = listed(row(1, 1))
    feeder = ScriptedFeeder([separator(manifest, 1), SHEET])
    more = {} if samples is None else {"samples": samples}
    desk = ScriptedDesk(feeder, room.bus, sticks=[room.stick], **more)  # type: ignore[arg-type]
    with OcrPool(1, command=reader(read, room.folder / "crash")) as pool:
        station = replace(room.with_feeder(feeder), ocr=pool)
        return run_batch(station, desk, manifest, feeder, OPERATOR), desk


@pytest.mark.parametrize("read", [ALONE, BESIDE])
def test_words_that_stand_alone_are_looked_at_on_paper_once_a_side(room: Room, read: str) -> None:
    result, desk = worked(room, read)
    assert result.documents[0].outcome is Outcome.DELIVERED
    assert sorted((one.sheet, one.face) for one in desk.sampled) == sorted(
        {(one.sheet, one.face) for one in desk.sampled}
    )
    assert len(desk.sampled) == 2, "both sides, the one that was drawn by lot not twice"
    assert any("TUYỆT MẬT đứng riêng" in notice.vi for notice in desk.told)
    assert len([1 for entry in read_entries(room.station.ledger.path, (SampleChecked,))]) == 2


@pytest.mark.parametrize("read", [IN_A_SENTENCE, IN_A_CELL])
def test_words_in_a_sentence_or_a_registers_cell_are_not(room: Room, read: str) -> None:
    result, desk = worked(room, read)
    assert result.documents[0].outcome is Outcome.DELIVERED
    assert len(desk.sampled) == 1, "the lot's"
    assert not any("TUYỆT MẬT đứng riêng" in notice.vi for notice in desk.told)


def test_top_secret_on_paper_routes_the_document_out(room: Room) -> None:
    asked: list[SampledSide] = []

    def person(side: SampledSide, read: Level) -> SampleAnswer:
        asked.append(side)
        return SampleAnswer(SUPERVISOR, Level.TUYET_MAT if len(asked) == 2 else read)

    result, _ = worked(room, ALONE, person)
    assert result.documents[0].outcome is Outcome.ROUTED_OUT
    assert [e.event.sheet for e in read_entries(room.station.ledger.path, (SheetRoutedOut,))] == [2]  # type: ignore[union-attr]
    erased = [e.event.reason for e in read_entries(room.station.ledger.path, (DocumentErased,))]  # type: ignore[union-attr]
    assert EraseReason.ROUTED_OUT in erased
    assert not list((room.folder / "stick").rglob("*.p7m"))


def test_words_that_nobody_looked_at_keep_the_document(room: Room) -> None:
    answers: list[SampledSide] = []

    def person(side: SampledSide, read: Level) -> SampleAnswer | None:
        answers.append(side)
        return SampleAnswer(SUPERVISOR, read) if len(answers) == 1 else None

    result, _ = worked(room, ALONE, person)
    assert result.documents[0].outcome is Outcome.HELD
    assert result.documents[0].why is not None and result.documents[0].why.code == "STA-SAMPLE-OPEN"
    assert result.exit_code is ExitCode.HELD
