"""The real SANE stack (python-sane, sane-airscan) over the virtual eSCL scanner: order, pixels, every fault."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from scanflow.pages import Face
from scanflow.scanner import errors
from scanflow.scanner.feeder import Feeder, Sensor
from scanflow.scanner.profile import Profile
from scanflow.scanner.sane_child import describe_device, list_devices
from scanflow.scanner.sane_feeder import SaneFeeder
from scanflow.scanner.virtual import Deck, Fault, FaultKind, VirtualAddress, virtual_scanner
from scanflow.scanner.virtual.sane import VirtualSaneFeeder

from .conftest import read_number, sheets_of, side_jpeg, until


@contextlib.contextmanager
def station(
    folder: Path, profile: Profile, deck: Deck, *, patience: float | None = None, tcp: bool = False
) -> Iterator[tuple[SaneFeeder, VirtualAddress]]:
    with (
        virtual_scanner(deck, folder, tcp_port=0 if tcp else None) as address,
        VirtualSaneFeeder(address, profile, patience=patience) as feeder,
    ):
        yield feeder, address


def collect(feeder: Feeder, first_sheet: int = 1) -> tuple[list[tuple[int, str, int]], errors.ScannerError | None]:
    """What was handed on as (sheet, face, number on the paper), and the fault that ended it."""
    got: list[tuple[int, str, int]] = []
    try:
        got.extend((p.sheet, p.face.value, read_number(p.pixels)) for p in feeder.sides(first_sheet))
    except errors.ScannerError as fault:
        return got, fault
    return got, None


def whole(*labels: int, shift: int = 0) -> list[tuple[int, str, int]]:
    return [row for n in labels for row in ((n + shift, "recto", 2 * n), (n + shift, "verso", 2 * n + 1))]


@pytest.mark.parametrize("tcp", [False, True], ids=["unix socket", "loopback"])
def test_a_clean_stack_arrives_in_order_and_bit_exact(private: Path, airscan: Profile, tcp: bool) -> None:
    with station(private, airscan, Deck(sheets_of(3)), tcp=tcp) as (feeder, address):
        assert isinstance(feeder, Feeder)
        assert feeder.paper_present() is True
        pages = list(feeder.sides(first_sheet=7))
        assert [(p.sheet, p.face) for p in pages] == [(n, f) for n in (7, 8, 9) for f in Face]
        for page, number in zip(pages, (2, 3, 4, 5, 6, 7), strict=True):
            source = cv2.imdecode(np.frombuffer(side_jpeg(number), np.uint8), cv2.IMREAD_COLOR)
            assert page.dpi == 300 and np.array_equal(page.pixels, source)
        assert feeder.paper_present() is False
        assert feeder.settings_read_back["source"] == "ADF Duplex"
        assert feeder.settings_read_back["mode"] == "Color"
        assert address.scanner.where()["output"] == [1, 2, 3]


def test_the_scanner_says_that_it_is_simulated_and_what_it_cannot_tell(private: Path, airscan: Profile) -> None:
    with station(private, airscan, Deck()) as (feeder, _):
        facts = feeder.facts
    assert facts.simulated and "irtual" in facts.name and facts.identity.endswith("#VIRTUAL-0001")
    assert Sensor.PAPER in facts.sensors and Sensor.SIDE not in facts.sensors
    assert any("mặt nào" in text for text in facts.cannot_tell)


STOPPED_AT_THREE = [
    (FaultKind.JAM, errors.FeederJammed),
    (FaultKind.COVER_OPEN, errors.CoverOpen),
    (FaultKind.DOUBLE_FEED, errors.DoubleFeed),  # clean NO_DOCS for the driver
    (FaultKind.JOB_DIES, errors.JobDied),  # clean NO_DOCS for the driver
    (FaultKind.CUT, errors.ScannerIOError),
    (FaultKind.GREY, errors.ScannerIOError),
]


@pytest.mark.parametrize(("kind", "cause"), STOPPED_AT_THREE, ids=[k.value for k, _ in STOPPED_AT_THREE])
def test_a_fault_keeps_the_good_sheets_and_after_it_every_sheet_arrives_once(
    private: Path, airscan: Profile, kind: FaultKind, cause: type[errors.FeedFault]
) -> None:
    deck = Deck(sheets_of(4))
    deck.arrange(Fault(kind, sheet=3))
    with station(private, airscan, deck) as (feeder, address):
        got, fault = collect(feeder)
        assert type(fault) is cause and isinstance(fault, errors.FeedFault)
        assert (fault.last_good, fault.resume_at) == (2, 3)
        assert got == whole(1, 2)
        with address.scanner.lock:
            assert deck.restack(fault.last_good) == [3, 4]
        again, fault = collect(feeder, first_sheet=3)
        assert fault is None and again == whole(3, 4)


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (FaultKind.JAM, errors.FeederJammed),
        (FaultKind.COVER_OPEN, errors.CoverOpen),
        (FaultKind.DOUBLE_FEED, errors.DoubleFeed),
    ],
)
def test_a_fault_at_the_first_sheet(
    private: Path, airscan: Profile, kind: FaultKind, cause: type[errors.FeedFault]
) -> None:
    deck = Deck(sheets_of(2))
    deck.arrange(Fault(kind, sheet=1))
    with station(private, airscan, deck) as (feeder, _):
        got, fault = collect(feeder, first_sheet=11)
    assert got == [] and type(fault) is cause and fault.last_good == 10


def test_an_empty_feeder_is_no_end_of_a_feed(private: Path, airscan: Profile) -> None:
    with station(private, airscan, Deck()) as (feeder, _):
        assert feeder.paper_present() is False
        got, fault = collect(feeder)
    assert got == [] and type(fault) is errors.FeederEmpty


def test_a_swallowed_back_voids_the_whole_feed(private: Path, airscan: Profile) -> None:
    deck = Deck(sheets_of(3))
    deck.arrange(Fault(FaultKind.DROP_BACK, sheet=2))
    with station(private, airscan, deck) as (feeder, _):
        got, fault = collect(feeder, first_sheet=5)
    assert type(fault) is errors.ParityBroken
    assert fault.last_good == 4 and all(sheet > fault.last_good for sheet, _, _ in got)


def test_a_device_that_counts_otherwise_is_not_believed(private: Path, airscan: Profile) -> None:
    deck = Deck(sheets_of(2))
    deck.arrange(Fault(FaultKind.MISCOUNT, sheet=1))
    with station(private, airscan, deck) as (feeder, _):
        _, fault = collect(feeder)
    assert type(fault) is errors.CountNotProved and fault.last_good == 0


def test_an_unseen_double_feed_is_caught_by_the_expected_count(private: Path, airscan: Profile) -> None:
    deck = Deck(sheets_of(4))
    deck.arrange(Fault(FaultKind.DOUBLE_UNSEEN, sheet=2))
    with station(private, airscan, deck) as (feeder, _):
        feeder.expected_sheets = 4
        got, fault = collect(feeder)
    assert type(fault) is errors.SheetsDiffer and fault.last_good == 0 and len(got) == 6


@pytest.mark.parametrize(
    "kind", [FaultKind.TRUNCATED, FaultKind.SHORT, FaultKind.LONG, FaultKind.WRONG_DPI, FaultKind.SWAPPED]
)
def test_what_the_driver_hides_is_written_down_as_its_lie(private: Path, airscan: Profile, kind: FaultKind) -> None:
    """The driver pads, cuts or crops these without a word: the room cannot see them, and its profile says so."""
    deck = Deck(sheets_of(1))
    deck.arrange(Fault(kind, sheet=1))
    with station(private, airscan, deck) as (feeder, _):
        pages = list(feeder.sides())
    assert [p.pixels.shape for p in pages] == [(3508, 2480, 3)] * 2
    tail = pages[0].pixels[-300:]
    if kind is FaultKind.TRUNCATED:
        assert tail.min() == tail.max() == 128
        assert any("truncated" in lie.what.lower() for lie in airscan.lies)
    if kind is FaultKind.SHORT:
        assert tail.min() == 255
        assert any("short" in lie.what.lower() for lie in airscan.lies)


def test_a_busy_device_is_asked_again(private: Path, airscan: Profile) -> None:
    deck = Deck(sheets_of(2))
    deck.arrange(Fault(FaultKind.BUSY, sheet=2, amount=1))
    deck.refuse_jobs = 1
    with station(private, airscan, deck) as (feeder, _):
        assert collect(feeder) == (whole(1, 2), None)


def test_a_slow_sheet_is_waited_for(private: Path, airscan: Profile) -> None:
    deck = Deck(sheets_of(1))
    deck.arrange(Fault(FaultKind.SLOW, sheet=1, amount=1.5))
    with station(private, airscan, deck) as (feeder, _):
        assert collect(feeder) == (whole(1), None)


def test_a_hang_ends_the_driver_and_the_next_feed_works(private: Path, airscan: Profile) -> None:
    deck = Deck(sheets_of(3))
    deck.arrange(Fault(FaultKind.HANG, sheet=2))
    with station(private, airscan, deck) as (feeder, address):
        sides = feeder.sides()
        assert [next(sides).face, next(sides).face] == [Face.RECTO, Face.VERSO]
        assert feeder._child is not None
        assert until(lambda: deck.output == [1, 2])
        feeder._child.patience = 1.0  # only now, when the image is asked for that never comes
        with pytest.raises(errors.ScannerHung) as caught:
            next(sides)
        fault = caught.value
        assert fault.last_good == 1
        with address.scanner.lock:
            for job in deck.jobs:
                deck.cancel(job)
            deck.restack(fault.last_good)
        assert collect(feeder, first_sheet=2) == (whole(2, 3), None)


def test_a_driver_that_dies_is_a_typed_fault_and_the_next_feed_has_a_fresh_one(private: Path, airscan: Profile) -> None:
    deck = Deck(sheets_of(3))
    with station(private, airscan, deck) as (feeder, address):
        sides = feeder.sides()
        assert [next(sides).sheet, next(sides).sheet] == [1, 1]
        feed = feeder._feed
        assert feeder._child is not None and feed is not None
        feeder._child._process.kill()
        with pytest.raises(errors.DriverCrashed) as caught:
            list(sides)
        good = caught.value.last_good
        assert "SIGKILL" in caught.value.say_en
        assert good >= 1 or feed.sheets.half  # a recto sent before the end makes a feed of unnamed faces void
        with address.scanner.lock:
            for job in deck.jobs:
                deck.cancel(job)
            deck.restack(good)
        again, fault = collect(feeder, first_sheet=good + 1)
        assert fault is None and again == whole(*range(good + 1, 4))


def test_no_scanner(private: Path, airscan: Profile) -> None:
    with virtual_scanner([], private) as address:
        pass
    with SaneFeeder(address.device, airscan, address.config_dir) as feeder:
        with pytest.raises(errors.NoScanner):
            feeder.paper_present()
        with pytest.raises(errors.NoScanner):
            next(feeder.sides())
        with pytest.raises(errors.NoScanner):
            _ = feeder.facts


def test_a_device_that_the_configuration_does_not_know(private: Path, airscan: Profile) -> None:
    with (
        virtual_scanner([], private) as address,
        SaneFeeder("airscan:e0:Other", airscan, address.config_dir) as feeder,
        pytest.raises(errors.NoScanner),
    ):
        next(feeder.sides())


def test_the_scanner_vanishes_in_the_middle_of_a_stack(private: Path, airscan: Profile) -> None:
    deck = Deck(sheets_of(3))
    with contextlib.ExitStack() as stack:
        running = contextlib.ExitStack()
        address = running.enter_context(virtual_scanner(deck, private))
        feeder = stack.enter_context(VirtualSaneFeeder(address, airscan))
        deck.arrange(Fault(FaultKind.HANG, sheet=2))  # the third image waits until the scanner is gone
        sides = feeder.sides()
        assert [next(sides).sheet, next(sides).sheet] == [1, 1]
        running.close()
        with pytest.raises(errors.ScannerGone) as caught:
            next(sides)
        assert (caught.value.last_good, caught.value.resume_at) == (1, 2)


def test_a_stop_accounts_for_every_sheet_that_passed_the_rollers(private: Path, airscan: Profile) -> None:
    deck = Deck(sheets_of(6), read_ahead=1)
    with station(private, airscan, deck) as (feeder, address):
        sides = feeder.sides()
        for page in sides:
            if page.sheet == 2 and page.face is Face.RECTO:
                report = feeder.stop()
                break
        where = address.scanner.where()
        assert report.last_delivered == 2 and report.resume_at == 3
        assert report.passed == len(where["output"]) - 2  # the paper itself agrees
        assert "tờ 2" in report.vi
        with address.scanner.lock:
            deck.restack(report.last_delivered)
        again, fault = collect(feeder, first_sheet=report.resume_at)
        assert fault is None and again == whole(3, 4, 5, 6)


def test_the_verso_of_a_sheet_in_hand_still_comes_after_a_stop(private: Path, airscan: Profile) -> None:
    with station(private, airscan, Deck(sheets_of(3))) as (feeder, _):
        got = []
        for page in feeder.sides():
            got.append((page.sheet, page.face))
            feeder.stop()
        assert got == [(1, Face.RECTO), (1, Face.VERSO)]
        assert feeder.stop().last_delivered == 1


def test_leaving_the_loop_stops_the_feeder(private: Path, airscan: Profile) -> None:
    deck = Deck(sheets_of(3))
    with station(private, airscan, deck) as (feeder, _):
        sides = feeder.sides()
        next(sides)
        with pytest.raises(errors.AlreadyFeeding):
            next(feeder.sides())
        sides.close()  # type: ignore[attr-defined]
        assert deck.running is None
        deck.restack(0)
        assert collect(feeder) == (whole(1, 2, 3), None)


def test_devices_and_options_are_listed(private: Path) -> None:
    with virtual_scanner([], private) as address:
        assert [d[0] for d in list_devices(address.config_dir)] == [address.device]
        options = {o["name"]: o for o in describe_device(address.config_dir, address.device)}
        assert options["source"]["constraint"] == ["ADF", "ADF Duplex"]


def test_the_child_gets_nothing_of_the_session(
    private: Path, airscan: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANE_DEBUG_AIRSCAN", "255")
    monkeypatch.setenv("OPERATOR_SECRET", "x")
    with station(private, airscan, Deck(sheets_of(3))) as (feeder, _):
        next(feeder.sides())
        assert feeder._child is not None
        child = Path(f"/proc/{feeder._child.pid}")
        environment = (child / "environ").read_bytes()
        assert b"OPERATOR_SECRET" not in environment and b"SANE_DEBUG" not in environment
        limits = (child / "limits").read_text()
        assert next(line for line in limits.splitlines() if "core file" in line).split()[4] == "0"
        status = (child / "status").read_text()
        assert int(next(line for line in status.splitlines() if line.startswith("VmLck")).split()[1]) > 10_000
