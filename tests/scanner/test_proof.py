"""The end of a feed and the pairs of sides, one fact wrong at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanflow.pages import Face
from scanflow.scanner import errors
from scanflow.scanner.escl.status import AdfState, JobInfo, JobState, ScannerStatus
from scanflow.scanner.proof import EndEvidence, ProofKind, await_images_fed, placed, require_end, stop_report
from scanflow.scanner.sheets import SheetAssembler, Side

PIXELS = np.zeros((1, 1, 3), np.uint8)
OLD = JobInfo("/1", JobState.COMPLETED, (), 8, 0)
JOB = JobInfo("/2", JobState.COMPLETED, ("JobCompletedSuccessfully",), 4, 0)
GOOD = ScannerStatus("Idle", AdfState.EMPTY, (JOB, OLD))
BEFORE = frozenset({"/1"})


def sheets(sides: int, *, first: int = 5, faces: bool = False) -> SheetAssembler:
    book = SheetAssembler(first, duplex=True)
    for n in range(sides):
        book.add(Side(PIXELS, 300, face=list(Face)[n % 2] if faces else None))
    return book


def end(status: ScannerStatus | None, sides: int = 4, **more: object) -> None:
    require_end(ProofKind.ESCL_STATUS, EndEvidence(status, BEFORE, **more), sheets(sides))  # type: ignore[arg-type]


def test_a_proved_end() -> None:
    end(GOOD)
    end(GOOD, expected_sheets=2)


@pytest.mark.parametrize(
    ("status", "cause", "last_good"),
    [
        (None, errors.EndNotProved, 6),
        (replace(GOOD, adf=AdfState.LOADED), errors.EndNotProved, 6),
        (replace(GOOD, adf=AdfState.PROCESSING), errors.EndNotProved, 6),
        (replace(GOOD, adf=AdfState.UNKNOWN), errors.EndNotProved, 6),
        (replace(GOOD, adf=AdfState.JAM), errors.FeederJammed, 6),
        (replace(GOOD, adf=AdfState.MISPICK), errors.FeederJammed, 6),
        (replace(GOOD, adf=AdfState.HATCH_OPEN), errors.CoverOpen, 6),
        (replace(GOOD, adf=AdfState.MULTIPICK), errors.DoubleFeed, 6),
        (replace(GOOD, jobs=(OLD,)), errors.EndNotProved, 6),
        (replace(GOOD, jobs=(JOB, replace(JOB, uri="/3"), OLD)), errors.EndNotProved, 6),
        (replace(GOOD, jobs=(replace(JOB, state=JobState.ABORTED),)), errors.JobDied, 6),
        (replace(GOOD, jobs=(replace(JOB, state=JobState.CANCELED),)), errors.JobDied, 6),
        (replace(GOOD, jobs=(replace(JOB, state=JobState.PROCESSING),)), errors.EndNotProved, 6),
        (replace(GOOD, jobs=(replace(JOB, state=JobState.UNKNOWN),)), errors.EndNotProved, 6),
        (replace(GOOD, jobs=(replace(JOB, images_completed=None),)), errors.EndNotProved, 6),
        (replace(GOOD, jobs=(replace(JOB, images_completed=3),)), errors.CountNotProved, 4),
        (replace(GOOD, jobs=(replace(JOB, images_completed=6),)), errors.CountNotProved, 4),
    ],
)
def test_one_fact_wrong(status: ScannerStatus | None, cause: type[errors.FeedFault], last_good: int) -> None:
    with pytest.raises(cause) as caught:
        end(status)
    assert type(caught.value) is cause and caught.value.last_good == last_good


def test_an_odd_end_an_empty_end_and_a_wrong_count_void_the_feed() -> None:
    odd = replace(GOOD, jobs=(replace(JOB, images_completed=5),))
    none = replace(GOOD, jobs=(replace(JOB, images_completed=0),))
    for call, cause in (
        (lambda: end(odd, 5), errors.ParityBroken),
        (lambda: end(none, 0), errors.FeederEmpty),
        (lambda: end(GOOD, expected_sheets=3), errors.SheetsDiffer),
        (lambda: end(GOOD, expected_sheets=1), errors.SheetsDiffer),
    ):
        with pytest.raises(cause) as caught:
            call()
        assert caught.value.last_good == 4


@pytest.mark.parametrize("left", [None, True])
def test_a_sensor_must_say_empty(left: bool | None) -> None:
    require_end(ProofKind.SENSOR, EndEvidence(paper_left=False), sheets(4))
    with pytest.raises(errors.EndNotProved):
        require_end(ProofKind.SENSOR, EndEvidence(paper_left=left), sheets(4))


def test_a_feed_that_breaks_behind_a_recto_is_void_unless_the_device_names_the_faces() -> None:
    assert (sheets(4).last_sure, sheets(5).last_sure) == (6, 4)
    assert sheets(5, faces=True).last_sure == 6


def test_a_named_face_out_of_turn_is_noticed_at_once() -> None:
    book = sheets(2, faces=True)
    with pytest.raises(errors.ParityBroken) as caught:
        book.add(Side(PIXELS, 300, face=Face.VERSO))
    assert caught.value.last_good == 5


def test_a_fault_with_an_odd_device_count_is_void() -> None:
    fault = errors.FeederJammed(last_good=6)
    even = placed(fault, sheets(4), 6, duplex=True)
    odd = placed(fault, sheets(4), 5, duplex=True)
    unknown = placed(fault, sheets(4), None, duplex=True)
    assert isinstance(even, errors.FeedFault) and isinstance(odd, errors.FeedFault)
    assert isinstance(unknown, errors.FeedFault)
    assert (even.last_good, even.fed, even.first) == (6, 3, 5)
    assert (odd.last_good, odd.fed) == (4, None) and "tờ 5" in odd.say_vi
    assert (unknown.last_good, unknown.fed) == (6, None)


@given(sides=st.integers(0, 12), handed=st.integers(0, 6), images=st.one_of(st.none(), st.integers(0, 20)))
def test_a_stop_accounts_for_every_sheet(sides: int, handed: int, images: int | None) -> None:
    handed = min(handed, sides // 2)
    report = stop_report(sheets(sides, first=1), handed, images, duplex=True)
    arrived = -(-sides // 2)
    if images is None:
        assert (report.last_delivered, report.passed, report.at_least) == (handed, None, arrived - handed)
        return
    assert report.passed is not None
    assert report.last_delivered == (0 if images % 2 else handed)
    assert report.last_delivered + report.passed == max(arrived, -(-images // 2)) == report.fed


def test_the_device_is_given_time_to_settle_and_no_more() -> None:
    running = replace(GOOD, jobs=(replace(JOB, state=JobState.PROCESSING),))
    answers = [running, running, replace(GOOD, jobs=(replace(JOB, images_to_transfer=2),))]
    assert await_images_fed(lambda: answers.pop(0), BEFORE, pause=lambda _: None) == 6
    assert await_images_fed(lambda: running, BEFORE, pause=lambda _: None) is None
    assert await_images_fed(lambda: None, BEFORE, pause=lambda _: None) is None
    assert await_images_fed(lambda: replace(GOOD, jobs=(OLD,)), BEFORE, pause=lambda _: None) == 0
