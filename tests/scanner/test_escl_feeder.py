"""The own eSCL source over real HTTP: what it sees beyond sane-airscan, and what it keeps."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanflow.pages import Face
from scanflow.scanner import CountsItself, errors
from scanflow.scanner.escl.http import parse_address
from scanflow.scanner.escl.link import Document
from scanflow.scanner.escl.status import AdfState, JobState, parse_capabilities, parse_status
from scanflow.scanner.escl_feeder import EsclFeeder
from scanflow.scanner.feeder import Feeder, StopReport
from scanflow.scanner.profile import Profile
from scanflow.scanner.virtual import Deck, Fault, FaultKind, VirtualAddress, virtual_scanner

from .conftest import sheets_of, side_jpeg, until
from .test_sane_stack import collect, station, whole


@contextlib.contextmanager
def direct(
    folder: Path, deck: Deck, *, patience: float = 300.0, tcp: bool = False
) -> Iterator[tuple[EsclFeeder, VirtualAddress]]:
    with virtual_scanner(deck, folder, tcp_port=0 if tcp else None) as address:
        source = parse_address(address.url, address.socket_dir)
        with EsclFeeder(source, patience=patience, pause=lambda _: None) as feeder:
            yield feeder, address


@pytest.mark.parametrize("tcp", [False, True], ids=["unix socket", "loopback"])
def test_the_scanners_own_jpeg_is_kept(private: Path, tcp: bool) -> None:
    with direct(private, Deck(sheets_of(2)), tcp=tcp) as (feeder, _):
        assert isinstance(feeder, Feeder) and feeder.facts.simulated and feeder.paper_present()
        pages = list(feeder.sides(4))
        assert [(p.sheet, p.face) for p in pages] == [(n, f) for n in (4, 5) for f in Face]
        assert [p.jpeg for p in pages] == [side_jpeg(n) for n in (2, 3, 4, 5)]
        assert not feeder.paper_present()
        assert isinstance(feeder, CountsItself) and feeder.own_count == 2, "by the images that the job completed"


FAULTS = [
    (FaultKind.JAM, errors.FeederJammed),
    (FaultKind.COVER_OPEN, errors.CoverOpen),
    (FaultKind.DOUBLE_FEED, errors.DoubleFeed),
    (FaultKind.JOB_DIES, errors.JobDied),
    (FaultKind.CUT, errors.TornImage),
    (FaultKind.TRUNCATED, errors.TornImage),  # airscan fills it with grey
    (FaultKind.SHORT, errors.ShortImage),  # airscan fills it with white
    (FaultKind.LONG, errors.WrongFormat),  # airscan cuts it
    (FaultKind.WRONG_DPI, errors.WrongFormat),  # airscan crops and pads it
    (FaultKind.GREY, errors.WrongFormat),
]


@pytest.mark.parametrize(("kind", "cause"), FAULTS, ids=[k.value for k, _ in FAULTS])
def test_each_fault_over_http(private: Path, kind: FaultKind, cause: type[errors.FeedFault]) -> None:
    deck = Deck(sheets_of(4), read_ahead=1)
    deck.arrange(Fault(kind, sheet=3))
    with direct(private, deck) as (feeder, _):
        got, fault = collect(feeder)
        assert type(fault) is cause and isinstance(fault, errors.FeedFault)
        assert (fault.last_good, got) == (2, whole(1, 2))
        assert fault.fed == len(deck.output)  # the device's own count agrees with the paper
        deck.restack(fault.last_good)
        assert collect(feeder, first_sheet=3) == (whole(3, 4), None)


def test_the_scanner_waits_for_the_station(private: Path) -> None:
    """Back-pressure: what the station does not take stays in the tray."""
    deck = Deck(sheets_of(10))
    with direct(private, deck) as (feeder, _):
        sides = feeder.sides()
        next(sides)
        assert deck.output == [1] and len(deck.tray) == 9
        assert feeder.stop().passed == 0


def test_a_hang_is_named_and_the_next_feed_works(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = Deck(sheets_of(2))
    deck.arrange(Fault(FaultKind.HANG, sheet=2))
    with direct(private, deck) as (feeder, _):
        sides = feeder.sides()
        assert [next(sides).face, next(sides).face] == [Face.RECTO, Face.VERSO]
        link, patience = feeder._link, feeder._link._connection._timeout
        ask = link.next

        def impatient(job: str) -> Document | None:
            link._connection._timeout = 0.5  # for this image alone, which never comes
            try:
                return ask(job)
            except TimeoutError:
                assert until(lambda: deck.output == [1, 2])  # the scanner has taken the request, however late
                raise
            finally:
                link._connection._timeout = patience

        with monkeypatch.context() as patch, pytest.raises(errors.ScannerHung) as caught:
            patch.setattr(link, "next", impatient)
            next(sides)
        assert (caught.value.last_good, caught.value.fed) == (1, 2)  # its paper has passed the rollers
        deck.restack(1)
        assert collect(feeder, first_sheet=2) == (whole(2), None)


def test_an_empty_a_busy_and_an_absent_scanner(private: Path) -> None:
    deck = Deck()
    with direct(private, deck) as (feeder, address):
        assert type(collect(feeder)[1]) is errors.FeederEmpty
        deck.load(sheets_of(1))
        deck.refuse_jobs = 2
        assert collect(feeder) == (whole(1), None)
        deck.restack(0)
        deck.refuse_jobs = 1000
        assert type(collect(feeder)[1]) is errors.ScannerBusy
        deck.refuse_jobs = 0
        source = parse_address(address.url, address.socket_dir)
    with EsclFeeder(source) as feeder:
        with pytest.raises(errors.NoScanner):
            next(feeder.sides())
        with pytest.raises(errors.NoScanner):
            feeder.paper_present()
        with pytest.raises(errors.NoScanner):
            _ = feeder.facts


def test_the_scanner_vanishes_in_the_middle_of_a_stack(private: Path) -> None:
    running = contextlib.ExitStack()
    address = running.enter_context(virtual_scanner(Deck(sheets_of(3)), private))
    with EsclFeeder(parse_address(address.url, address.socket_dir)) as feeder:
        sides = feeder.sides()
        assert [next(sides).face, next(sides).face] == [Face.RECTO, Face.VERSO]
        running.close()
        with pytest.raises(errors.ScannerGone) as caught:
            next(sides)
        assert caught.value.last_good == 1


def test_two_scanners_at_once_do_not_disturb_each_other(tmp_path: Path, airscan: Profile) -> None:
    """One through SANE, one spoken to directly, each in a thread of its own; a jam in one is no matter to the other."""
    first, second = Deck(sheets_of(3)), Deck(sheets_of(3, first=11))
    second.arrange(Fault(FaultKind.JAM, 13))
    with (
        station(tmp_path / "a", airscan, first) as (left, _),
        direct(tmp_path / "b", second) as (right, _),
        ThreadPoolExecutor(2) as pool,
    ):
        a, b = pool.submit(collect, left), pool.submit(collect, right)
        assert a.result() == (whole(1, 2, 3), None)
        got, fault = b.result()
        assert got == whole(11, 12, shift=-10) and type(fault) is errors.FeederJammed


def test_a_stop_from_another_thread(tmp_path: Path, airscan: Profile) -> None:
    deck = Deck(sheets_of(8))
    deck.arrange(Fault(FaultKind.SLOW, sheet=3, amount=0.5))
    with station(tmp_path / "a", airscan, deck) as (feeder, _), ThreadPoolExecutor(1) as pool:
        reports: list[Future[StopReport]] = []
        seen = []
        for page in feeder.sides():
            seen.append((page.sheet, page.face))
            if seen[-1] == (1, Face.VERSO):
                reports.append(pool.submit(feeder.stop))
        report = reports[0].result()
        assert seen[-1][1] is Face.VERSO and report.last_delivered == seen[-1][0] < 8
        assert report.passed == len(deck.output) - report.last_delivered


@given(st.binary(max_size=300))
def test_any_bytes_are_a_document_or_refused(data: bytes) -> None:
    for parse in (parse_status, parse_capabilities):
        with contextlib.suppress(ValueError):
            parse(data)


@given(
    adf=st.one_of(st.sampled_from([a.value for a in AdfState]), st.text("ScanerAdf", max_size=8)),
    state=st.sampled_from([*(s.value for s in JobState), "Strange"]),
    images=st.one_of(st.integers(-5, 10**12).map(str), st.text("ab ", max_size=3)),
)
def test_what_a_device_leaves_out_or_spells_otherwise_is_unknown_and_never_guessed(
    adf: str, state: str, images: str
) -> None:
    document = (
        '<s:ScannerStatus xmlns:s="http://schemas.hp.com/imaging/escl/2011/05/03" '
        'xmlns:p="http://www.pwg.org/schemas/2010/12/sm">'
        f"<s:AdfState>{adf}</s:AdfState><s:Jobs><s:JobInfo><p:JobUri>/1</p:JobUri><p:JobState>{state}</p:JobState>"
        f"<p:ImagesCompleted>{images}</p:ImagesCompleted></s:JobInfo></s:Jobs></s:ScannerStatus>"
    )
    status = parse_status(document.encode())
    assert status.adf in AdfState and (status.adf is AdfState.UNKNOWN or status.adf.value == adf)
    job = status.jobs[0]
    assert job.state is (JobState(state) if state in list(JobState) else JobState.UNKNOWN)
    assert job.images_completed is None or str(job.images_completed) == images.strip().lstrip("0") or not int(images)
    assert job.images_to_transfer is None


def test_a_document_that_swells_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    with pytest.raises(ValueError, match="well formed"):
        parse_status(bomb)
