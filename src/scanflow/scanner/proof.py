"""Why "out of documents" is not the end of a feed, and what is (chứng minh hết giấy).

Measured with sane-airscan 0.99.27: a double feed and a job that dies with paper in the feeder both end as a
clean NO_DOCS, because the driver reads neither JobState nor Multipick. fujitsu says NO_DOCS for the stop
button and for "not enough paper" too. So an end must be confirmed by something other than the driver's word.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanflow.scanner.errors import (
    CountNotProved,
    CoverOpen,
    DoubleFeed,
    EndNotProved,
    FeederJammed,
    FeedFault,
    JobDied,
)
from scanflow.scanner.escl.status import AdfState, JobInfo, JobState, ScannerStatus
from scanflow.scanner.sheets import SheetAssembler


class ProofKind(StrEnum):
    """What confirms the end of a feed, by driver profile."""

    ESCL_STATUS = "escl_status"  # the device's own status document: feeder empty, job completed, images equal
    SENSOR = "sensor"  # the paper sensor says empty
    COUNT = "count"  # nothing can; the number of sheets must have been given beforehand


@dataclass(frozen=True, slots=True)
class EndEvidence:
    """What is known besides the driver's word when a feed ends.

    Attributes:
        status: the device's status document after the end (eSCL), None when it could not be had.
        jobs_before: URIs of the jobs that the device knew before this feed.
        paper_left: the paper sensor; None when there is none.
        expected_sheets: sheets in this feed by an independent count; None when nobody counted.
    """

    status: ScannerStatus | None = None
    jobs_before: frozenset[str] = frozenset()
    paper_left: bool | None = None
    expected_sheets: int | None = None


def require_end(kind: ProofKind, evidence: EndEvidence, sheets: SheetAssembler) -> None:
    """Return only if the end of the feed is proved.

    Raises:
        FeedFault: the cause, as exactly as the evidence tells it.
    """
    if kind is ProofKind.ESCL_STATUS:
        _require_escl(evidence, sheets)
    elif kind is ProofKind.SENSOR:
        if evidence.paper_left is None:
            raise EndNotProved(last_good=sheets.last_good, why="cảm biến giấy không trả lời")
        if evidence.paper_left:
            raise EndNotProved(last_good=sheets.last_good, why="cảm biến báo khay nạp còn giấy")
    elif evidence.expected_sheets is None:
        sheets.require_even()
        raise EndNotProved(last_good=sheets.last_good, why="máy không có cảm biến và chưa khai số tờ")
    sheets.require_even()
    done = sheets.last_good - sheets.before
    if evidence.expected_sheets is not None and done != evidence.expected_sheets:
        why = f"khai {evidence.expected_sheets} tờ, nhận {done} tờ"
        raise EndNotProved(last_good=min(sheets.last_good, sheets.before + evidence.expected_sheets), why=why)


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


def _require_escl(evidence: EndEvidence, sheets: SheetAssembler) -> None:
    status = evidence.status
    if status is None:
        raise EndNotProved(last_good=sheets.last_good, why="máy quét không trả lời trạng thái")
    if fault := fault_of_status(status, sheets.last_good):
        raise fault
    job = own_job(status, evidence.jobs_before)
    if job is None:
        raise EndNotProved(last_good=sheets.last_good, why="máy không nêu lượt quét này")
    if job.state in (JobState.ABORTED, JobState.CANCELED):
        raise JobDied(last_good=sheets.last_good, why=", ".join(job.reasons) or job.state.value)
    if job.state is not JobState.COMPLETED:
        raise EndNotProved(last_good=sheets.last_good, why=f"lượt quét còn ở trạng thái {job.state.value}")
    if status.adf is not AdfState.EMPTY:
        raise EndNotProved(last_good=sheets.last_good, why="máy báo khay nạp còn giấy")
    if job.images_completed is None:
        raise EndNotProved(last_good=sheets.last_good, why="máy không cho biết số ảnh đã quét")
    if job.images_completed != sheets.sides:
        raise CountNotProved(last_good=sheets.before, device=job.images_completed, received=sheets.sides)
