"""The last side as a picture: from RAM only, only while its document is there, never of a routed-out page."""

from __future__ import annotations

import numpy as np
from tests.console.kit import files_below, serve
from tests.console.test_batch import reply, start
from tests.station.conftest import INSPECTOR, OPERATOR, SECRET, SHEET, SUPERVISOR, Room, listed, row, separator

from scanflow.console.board import SIDE_HEIGHT, Board, small_jpeg
from scanflow.console.questions import Kind
from scanflow.ledger.catalogue import DocumentErased, EraseBegun, EraseReason, SheetFed
from scanflow.pages import Face, RawPage


def test_the_last_side_is_there_while_its_document_is_and_never_cached(room: Room) -> None:
    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        live = console.asked(Kind.STICK)
        assert live.shown is not None
        assert (live.shown.sheet, live.shown.face) == (2, Face.VERSO)
        path = f"/side/{live.shown.number}"
        assert path in operator.get("/").text
        answer = operator.get(path)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
        assert answer.body.startswith(b"\xff\xd8\xff")
        assert "no-store" in answer.headers["cache-control"]
        assert "etag" not in answer.headers
        assert "last-modified" not in answer.headers
        assert console.client(SUPERVISOR).get(path).status == 200
        assert console.client(INSPECTOR).get(path).status == 403
        assert console.client().get(path).status == 401
        for file in files_below(room.folder):
            assert b"\xff\xd8\xff" not in file.read_bytes(), file.name
        reply(console, operator, Kind.STICK, do="yes")
        assert console.ended().shown is None
        assert operator.get(path).status == 404


def test_a_routed_out_document_leaves_no_picture_not_even_of_its_clear_sheets(room: Room) -> None:
    manifest = listed(row(1, 3))
    with serve(room, [separator(manifest, 1), SHEET, SHEET, SECRET], manifest) as console:
        seen: list[int] = []
        end = console.room.board.watch(
            lambda: seen.append(shown.number) if (shown := console.room.board.live().shown) is not None else None
        )
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        live = console.asked(Kind.TAKE_OUT)
        end()
        assert seen, "the clear sheets before it were shown"
        assert live.shown is None
        for number in set(seen):
            assert operator.get(f"/side/{number}").status == 404
        operator.post("/abandon", sure="yes")
        console.ended()


def side(sheet: int, tall: int = 3508) -> RawPage:
    return RawPage(sheet, Face.RECTO, np.full((tall, 200, 3), 200, np.uint8), 300)


def board_with(room: Room, sheet: int, document: str) -> Board:
    board = Board()
    board.follow(room.station.ledger)
    from scanflow.ledger.catalogue import BatchOpened

    room.station.ledger.record(BatchOpened(batch="B-1", operator=OPERATOR))
    room.station.ledger.record(SheetFed(batch="B-1", sheet=sheet, sides=2, document=document))
    return board


def test_the_bytes_are_overwritten_when_the_key_goes(room: Room) -> None:
    board = board_with(room, 1, "B-1-D001")
    board.show(side(1))
    shown = board.live().shown
    assert shown is not None
    begun = EraseBegun(batch="B-1", document="B-1-D001", reason=EraseReason.ABANDONED)
    with room.station.ledger.act(begun) as act:
        assert board.live().shown is None, "it goes before the key does"
        assert not any(shown.jpeg)
        act.done(DocumentErased(batch="B-1", document="B-1-D001", reason=EraseReason.ABANDONED, sheets=1, pages=1))


def test_a_side_without_document_is_not_shown(room: Room) -> None:
    board = board_with(room, 1, "B-1-D001")
    board.show(side(2))
    assert board.live().shown is None


def test_pictures_are_small() -> None:
    import cv2

    image = cv2.imdecode(np.frombuffer(small_jpeg(side(1)), np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert image.shape[0] == SIDE_HEIGHT
