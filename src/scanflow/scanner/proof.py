"""Why "out of documents" is not the end of a feed, and what is (chứng minh hết giấy).

Measured with sane-airscan 0.99.27: a double feed and a job that dies with paper in the feeder both end as a
clean NO_DOCS, because the driver reads neither JobState nor Multipick. fujitsu says NO_DOCS for the stop
button and for "not enough paper" too. So an end must be confirmed by something other than the driver's word.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from scanflow.errors import Words
from scanflow.scanner.errors import (
    CountNotProved,
    CoverOpen,
    DoubleFeed,
    EndNotProved,
    FeederEmpty,
    FeederJammed,
    FeedFault,
    JobDied,
    ScannerError,
    SheetsDiffer,
)
from scanflow.scanner.escl.status import AdfState, JobInfo, JobState, ScannerStatus
from scanflow.scanner.feeder import StopReport
from scanflow.scanner.sheets import SheetAssembler

CountTray = Callable[[int], bool]
"""Asks a person who counts the sheets of the feed in the output tray; false when there are not exactly so many."""


class ProofKind(StrEnum):
    """What confirms the end of a feed, by driver profile."""

    ESCL_STATUS = "escl_status"  # the device's own status document: feeder empty, job completed, images equal
    SENSOR = "sensor"  # the paper sensor says empty
    COUNT = "count"  # nothing can: the number was given beforehand, or a person counts the output tray afterwards


@dataclass(frozen=True, slots=True)
class EndEvidence:
    """What is known besides the driver's word when a feed ends.

    Attributes:
        status: the device's status document after the end (eSCL), None when it could not be had.
        jobs_before: URIs of the jobs that the device knew before this feed.
        paper_left: the paper sensor; None when there is none.
        expected_sheets: sheets in this feed by an independent count; None when nobody counted.
        count_tray: asks a person whether exactly so many sheets lie in the output tray and none in the feeder.
    """

    status: ScannerStatus | None = None
    jobs_before: frozenset[str] = frozenset()
    paper_left: bool | None = None
    expected_sheets: int | None = None
    count_tray: CountTray | None = None


def require_end(kind: ProofKind, evidence: EndEvidence, sheets: SheetAssembler) -> None:
    """Return only if the end of the feed is proved.

    Raises:
        FeedFault: the cause, as exactly as the evidence tells it.
    """
    if kind is ProofKind.ESCL_STATUS:
        _require_escl(evidence, sheets)
    elif kind is ProofKind.SENSOR:
        if evidence.paper_left is None:
            raise EndNotProved(
                last_good=sheets.last_sure, why=Words("cảm biến giấy không trả lời", "the paper sensor does not answer")
            )
        if evidence.paper_left:
            raise EndNotProved(
                last_good=sheets.last_sure,
                why=Words("cảm biến báo khay nạp còn giấy", "the sensor says that paper is left"),
            )
    elif evidence.expected_sheets is None:
        sheets.require_even()
        require_tray(
            evidence.count_tray,
            sheets,
            Words("máy không có cảm biến và chưa ai đếm số tờ", "there is no sensor, and nobody counted"),
        )
    sheets.require_even()
    if sheets.sides == 0:
        raise FeederEmpty(last_good=sheets.before)
    require_count(evidence.expected_sheets, sheets)


def require_tray(count_tray: CountTray | None, sheets: SheetAssembler, why: Words) -> None:
    """Return only if a person counted the sheets of this feed in the output tray, and found as many as arrived.

    Raises:
        EndNotProved: nobody can be asked (``why``), or there are more or fewer. Then all of the feed is void: a sheet
            may be missing anywhere.
    """
    if count_tray is None:
        raise EndNotProved(last_good=sheets.last_sure, why=why)
    if not count_tray(sheets.last_good - sheets.before):
        raise EndNotProved(
            last_good=sheets.before,
            why=Words(
                "số tờ ở khay ra không bằng số tờ đã nhận",
                "the output tray holds another number of sheets than arrived",
            ),
        )


def require_count(expected: int | None, sheets: SheetAssembler) -> None:
    """Compare the sheets of a feed with an independent count, where there is one.

    Raises:
        SheetsDiffer: they differ. Which sheet is missing nobody knows, so all of the feed is void: the sheets
            behind a swallowed one have wrong numbers.
    """
    done = sheets.last_good - sheets.before
    if expected is not None and done != expected:
        raise SheetsDiffer(last_good=sheets.before, expected=expected, received=done)


def fault_of_status(status: ScannerStatus, last_good: int) -> FeedFault | None:
    """The fault that the feeder's state shows by itself, or None."""
    causes: dict[AdfState, type[FeedFault]] = {
        AdfState.JAM: FeederJammed,
        AdfState.HATCH_OPEN: CoverOpen,
        AdfState.MULTIPICK: DoubleFeed,
        AdfState.MISPICK: FeederJammed,
    }
    cause = causes.get(status.adf)
    return cause(last_good=last_good) if cause is not None else None


def own_job(status: ScannerStatus, jobs_before: frozenset[str]) -> JobInfo | None:
    """The one job that this feed made; None when the device lists none or several new ones."""
    fresh = [j for j in status.jobs if j.uri not in jobs_before]
    return fresh[0] if len(fresh) == 1 else None


def sheets_of_job(status: ScannerStatus, jobs_before: frozenset[str], *, duplex: bool) -> int | None:
    """Sheets of this feed's job by the images that the device says it completed; None when it does not tell."""
    job = own_job(status, jobs_before)
    return None if job is None or job.images_completed is None else job.images_completed // (2 if duplex else 1)


def counter_moved(before: object, after: object) -> int | None:
    """How far a scanner's sheet counter moved during a feed; None when a reading is missing or it ran backwards."""
    if not isinstance(before, int) or not isinstance(after, int) or after < before:
        return None
    return after - before


def await_images_fed(
    ask: Callable[[], ScannerStatus | None],
    jobs_before: frozenset[str],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> int | None:
    """Sides that the device has read in a feed that was just stopped, by its own count.

    Args:
        ask: fetches the status document.
        jobs_before: URIs of the jobs that the device knew before the feed.
        pause: waits that many seconds.

    Returns:
        Images sent and images still waiting in the device; None when it does not tell, or not within 2 s.
    """
    for _ in range(40):
        status = ask()
        if status is None:
            return None
        job = own_job(status, jobs_before)
        if job is None:
            return None if status.job_uris - jobs_before else 0
        if job.state in (JobState.COMPLETED, JobState.CANCELED, JobState.ABORTED):
            if job.images_completed is None or job.images_to_transfer is None:
                return None
            return job.images_completed + job.images_to_transfer
        pause(0.05)
    return None


def placed(fault: ScannerError, sheets: SheetAssembler, images: int | None, *, duplex: bool) -> ScannerError:
    """The same fault, knowing where its feed began and how many sheets the device fed in it.

    A device that counted an odd number of sides in duplex lost or half read one: the whole feed is void then.
    """
    if not isinstance(fault, FeedFault):
        return fault
    per_sheet = 2 if duplex else 1
    good = fault.last_good
    if images is not None and images % per_sheet:
        images, good = None, sheets.before
    facts = {k: v for k, v in fault.facts.items() if k not in ("last_good", "resume_at")}
    known = type(fault)(last_good=good, **facts)
    known.first = sheets.before + 1
    known.fed = None if images is None else images // per_sheet
    return known


def stop_report(sheets: SheetAssembler, handed: int, images: int | None, *, duplex: bool) -> StopReport:
    """What a stopped feed leaves behind.

    Args:
        sheets: the sides that arrived, also those that were not handed on any more.
        handed: last sheet that was handed on.
        images: sides that the device read in this feed by its own count, None when it does not tell.
        duplex: two sides a sheet.
    """
    per_sheet = 2 if duplex else 1
    arrived = sheets.before + -(-sheets.sides // per_sheet)
    if images is None:
        return StopReport(handed, None, max(0, arrived - handed), sheets.before + 1)
    if images % per_sheet:  # a side was swallowed, or a sheet is half read: the pairs of this feed are in doubt
        handed = sheets.before
    fed = max(arrived, sheets.before + -(-images // per_sheet))
    return StopReport(handed, fed - handed, 0, sheets.before + 1)


def _require_escl(evidence: EndEvidence, sheets: SheetAssembler) -> None:
    status = evidence.status
    if status is None:
        raise EndNotProved(
            last_good=sheets.last_sure, why=Words("máy quét không trả lời trạng thái", "the scanner tells no status")
        )
    if fault := fault_of_status(status, sheets.last_sure):
        raise fault
    job = own_job(status, evidence.jobs_before)
    if job is None:
        raise EndNotProved(
            last_good=sheets.last_sure, why=Words("máy không nêu lượt quét này", "the scanner does not name this job")
        )
    if job.state in (JobState.ABORTED, JobState.CANCELED):
        raise JobDied(last_good=sheets.last_sure, why=", ".join(job.reasons) or job.state.value)
    if job.state is not JobState.COMPLETED:
        raise EndNotProved(
            last_good=sheets.last_sure,
            why=Words(f"lượt quét còn ở trạng thái {job.state.value}", f"the job is still {job.state.value}"),
        )
    if status.adf is not AdfState.EMPTY:
        raise EndNotProved(
            last_good=sheets.last_sure, why=Words("máy báo khay nạp còn giấy", "the scanner says that paper is left")
        )
    if job.images_completed is None:
        raise EndNotProved(
            last_good=sheets.last_sure,
            why=Words("máy không cho biết số ảnh đã quét", "the scanner does not tell how many images it made"),
        )
    if job.images_completed != sheets.sides:
        raise CountNotProved(last_good=sheets.before, device=job.images_completed, received=sheets.sides)
