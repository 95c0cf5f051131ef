"""Text layers behind the feed: when they are read, what a worker's fault costs, what the PDF then holds."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.station.conftest import (
    OPERATOR,
    PLAIN,
    SHEET,
    SUPERVISOR,
    UNREADABLE,
    Paper,
    Room,
    ScriptedDesk,
    ScriptedFeeder,
    listed,
    reader,
    row,
    separator,
)

from scanflow.gate import Decision
from scanflow.ledger.catalogue import PageOcrFailed
from scanflow.ledger.lines import read_entries
from scanflow.levels import Level
from scanflow.manifest import Manifest
from scanflow.sealing import DocumentVault, OcrPool
from scanflow.sealing.ocr import Reading
from scanflow.station.batch import BatchResult, Outcome, run_batch
from scanflow.station.desk import HeldAnswer, HeldSide, Settling, Tone

CONGVAN = '[100, [[300, 20, [["congvan", 100, 300]]]], null]'


class NotingPool(OcrPool):
    """Notes how many sides the feeder had delivered when a document began to be read."""

    def __init__(self, crash: Path, feeder: ScriptedFeeder) -> None:
        super().__init__(2, command=reader(CONGVAN, crash))
        self._feeder = feeder
        self.begun: list[tuple[str, int]] = []

    def begin(self, vault: DocumentVault) -> Reading:
        self.begun.append((vault.document, len(self._feeder.seen)))
        return super().begin(vault)


@contextmanager
def worked(
    room: Room, manifest: Manifest, pile: list[Paper], **desk: object
) -> Iterator[tuple[BatchResult, ScriptedDesk, NotingPool]]:
    """A batch with text layers."""
    feeder = ScriptedFeeder(pile)
    script = ScriptedDesk(feeder, room.bus, **{"sticks": [room.stick], **desk})  # type: ignore[arg-type]
    with NotingPool(room.folder / "crash", feeder) as pool:
        station = replace(room.with_feeder(feeder), ocr=pool)
        yield run_batch(station, script, manifest, feeder, OPERATOR), script, pool


def words_in(room: Room, name: str) -> list[str]:
    """Words of each page of a delivered document, by stock openssl and pdftotext."""
    (container,) = (room.folder / "stick").rglob(name)
    keys = room.folder / "keys"
    line = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", container]
    line += ["-recip", keys / "van-thu.crt.pem", "-inkey", keys / "van-thu.key.pem"]
    pdf = subprocess.run(line, capture_output=True, check=True).stdout
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [page.strip() for page in text.split("\f")[:-1]]


def test_a_document_is_read_while_the_next_one_is_fed(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 12))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), *[SHEET] * 12]
    with worked(room, manifest, pile) as (result, desk, pool):
        assert [one.outcome for one in result.documents] == [Outcome.DELIVERED] * 2
        first, second = pool.begun
        assert first[0] == manifest.document_id(1) and first[1] < 32
        assert second == (manifest.document_id(2), 32)
    assert words_in(room, "MAU.01.0000001.p7m") == ["congvan"] * 4
    assert words_in(room, "MAU.01.0000002.p7m") == ["congvan"] * 24
    assert [n.vi for n in desk.told if "niêm phong" in n.vi][-1].startswith("Nhận dạng chữ và niêm phong 2/2")


def test_the_people_see_each_page_that_is_done(room: Room) -> None:
    manifest = listed(row(1, 3))
    with worked(room, manifest, [separator(manifest, 1), SHEET, SHEET, SHEET]) as (_, desk, _pool):
        told = [notice.vi for notice in desk.told if notice.tone is Tone.PROGRESS]
    assert told == [f"Nhận dạng chữ tài liệu số 1: xong {done}/6 trang." for done in range(1, 7)]


def test_a_worker_that_dies_costs_one_text_layer_and_is_reported(room: Room) -> None:
    manifest = listed(row(1, 3))
    (room.folder / "crash").touch()
    with worked(room, manifest, [separator(manifest, 1), SHEET, SHEET, SHEET]) as (result, desk, _):
        assert [one.outcome for one in result.documents] == [Outcome.DELIVERED]
    assert sorted(words_in(room, "MAU.01.0000001.p7m")) == ["", *["congvan"] * 5]
    (failed,) = [entry.event for entry in read_entries(room.station.ledger.path, (PageOcrFailed,))]
    assert isinstance(failed, PageOcrFailed)
    assert failed.code == "OCR-CRASHED"
    (told,) = [notice for notice in desk.told if "OCR-CRASHED" in notice.vi]
    assert told.tone is Tone.STOP and f"tờ {failed.sheet}, {failed.face.vi}" in told.vi


def test_what_waits_for_people_is_read_only_after_them(room: Room) -> None:
    manifest = listed(row(1, 1), row(2, 2), row(3, 1))
    held = Paper(UNREADABLE, PLAIN)
    pile = [separator(manifest, 1), held, separator(manifest, 2), SHEET, separator(manifest, 3), SHEET]
    asked: list[int] = []

    def decide(side: HeldSide) -> HeldAnswer:
        asked.append(len(pool_of[0].begun) if pool_of else -1)
        return HeldAnswer(Decision.CLEAR, Level.MAT, SUPERVISOR)

    pool_of: list[NotingPool] = []
    feeder = ScriptedFeeder(pile)
    script = ScriptedDesk(
        feeder, room.bus, sticks=[room.stick], keys=room.signed_by(SUPERVISOR), held=decide, settling=Settling.LEAVE
    )
    with NotingPool(room.folder / "crash", feeder) as pool:
        pool_of.append(pool)
        result = run_batch(replace(room.with_feeder(feeder), ocr=pool), script, manifest, feeder, OPERATOR)
        # the second differs: its text is read, under its key, for what may point at the missing sheet
        assert [name for name, _ in pool.begun] == [manifest.document_id(ordinal) for ordinal in (3, 1, 2)]
    assert asked == [1]
    assert [one.outcome for one in result.documents] == [Outcome.DELIVERED, Outcome.DIFFERS, Outcome.DELIVERED]
    assert words_in(room, "MAU.01.0000001.p7m") == ["congvan"] * 2
