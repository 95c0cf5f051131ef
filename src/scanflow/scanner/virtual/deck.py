"""The paper path of the virtual scanner: a state machine without time or HTTP (đường giấy mô phỏng).

Paper is in one of three places: the input tray, the path (stuck or stopped under the sensor) or the output
tray. A job feeds sheet after sheet and owes the client one image per side; what a sheet showed is forgotten
when its last image was taken. Each fault is bound to one sheet by its label and strikes once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """What can go wrong with one sheet; the answers of sane-airscan to each are measured facts."""

    JAM = "jam"
    COVER_OPEN = "cover_open"
    DOUBLE_FEED = "double_feed"  # the ultrasonic sensor sees it: Multipick
    DOUBLE_UNSEEN = "double_unseen"  # no sensor sees it: only a count can
    JOB_DIES = "job_dies"  # the job aborts with paper left in the tray
    CUT = "cut"  # the connection breaks inside the image
    TRUNCATED = "truncated"  # a cut JPEG with the right Content-Length
    SHORT = "short"  # the image has fewer lines than the sheet
    LONG = "long"
    WRONG_DPI = "wrong_dpi"
    GREY = "grey"
    DROP_BACK = "drop_back"  # the device swallows a blank back side
    SWAPPED = "swapped"  # back before front
    BUSY = "busy"  # a few 503 before the image
    SLOW = "slow"
    HANG = "hang"
    MISCOUNT = "miscount"  # the device says it completed one image more than it sent


class AdfState(StrEnum):
    """State of the feeder, named as in the eSCL protocol."""

    LOADED = "ScannerAdfLoaded"
    EMPTY = "ScannerAdfEmpty"
    PROCESSING = "ScannerAdfProcessing"
    JAM = "ScannerAdfJam"
    HATCH_OPEN = "ScannerAdfHatchOpen"
    MULTIPICK = "ScannerAdfMultipickDetected"


class JobState(StrEnum):
    """State of a job, named as in the eSCL protocol."""

    PROCESSING = "Processing"
    COMPLETED = "Completed"
    CANCELED = "Canceled"
    ABORTED = "Aborted"


@dataclass(frozen=True, slots=True)
class VirtualSheet:
    """One sheet of virtual paper.

    Attributes:
        label: what is written on the paper for the tests, unique in a stack, from 1.
        recto: encoded image file (JPEG, PNG …) of the front.
        verso: the same of the back; None for a back that nothing is on.
    """

    label: int
    recto: bytes = field(repr=False)
    verso: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that strikes once, when the sheet with this label is fed.

    Attributes:
        amount: seconds for SLOW, number of refusals for BUSY; without meaning otherwise.
    """

    kind: FaultKind
    sheet: int
    amount: float = 1.0


@dataclass(frozen=True, slots=True)
class OwedImage:
    """One side that the running job owes the client; ``fault`` says how to spoil it on the way."""

    label: int
    face: str
    image: bytes | None = field(repr=False)
    fault: Fault | None = None


class NoMoreImages(Exception):
    """The job has no further image (HTTP 404)."""


class BusyNow(Exception):
    """Ask again later (HTTP 503)."""


@dataclass(slots=True)
class Job:
    """One scan job."""

    number: int
    duplex: bool
    dpi: int
    colour: bool
    state: JobState = JobState.PROCESSING
    reasons: tuple[str, ...] = ("JobScanning",)
    images_completed: int = 0
    on_the_way: int = 0
    owed: deque[OwedImage] = field(default_factory=deque)


_STOPPING = {
    FaultKind.JAM: AdfState.JAM,
    FaultKind.COVER_OPEN: AdfState.HATCH_OPEN,
    FaultKind.DOUBLE_FEED: AdfState.MULTIPICK,
}


class Deck:
    """Input tray, path, output tray and jobs of one virtual scanner. The server holds a lock around it.

    Args:
        sheets: the stack in the input tray, first sheet first.
        read_ahead: how many sheets the device feeds beyond the one whose images are being fetched.
    """

    def __init__(self, sheets: Iterable[VirtualSheet] = (), *, read_ahead: int = 0) -> None:
        self.tray: deque[VirtualSheet] = deque(sheets)
        self.path: list[int] = []
        self.output: list[int] = []
        self.jobs: list[Job] = []
        self.read_ahead = read_ahead
        self.refuse_jobs = 0
        self._in_hand: dict[int, VirtualSheet] = {s.label: s for s in self.tray}
        self._faults: list[Fault] = []
        self._stopped_by: AdfState | None = None

    # ---- what the operator does ----------------------------------------------------------------------------

    def load(self, sheets: Iterable[VirtualSheet], *, on_top: bool = False) -> None:
        """Put paper in the tray, below what lies there or on top of it (nạp giấy)."""
        fresh = list(sheets)
        self._in_hand.update((s.label, s) for s in fresh)
        self.tray = deque([*fresh, *self.tray] if on_top else [*self.tray, *fresh])

    def clear(self) -> list[int]:
        """Open the cover, take out what sticks, close it: labels of the sheets that were in the path."""
        freed, self.path = self.path, []
        self._stopped_by = None
        return freed

    def remove(self) -> list[int]:
        """Take all paper out of the input tray: its labels."""
        taken = [s.label for s in self.tray]
        self.tray.clear()
        return taken

    def restack(self, keep: int) -> list[int]:
        """What an operator does after a fault: keep so many sheets of the output tray, put all others back.

        Args:
            keep: sheets that stay in the output tray, counted from the bottom.

        Returns:
            Labels in the input tray afterwards, top first.
        """
        again = [*self.output[keep:], *self.clear()]
        self.output = self.output[:keep]
        self.tray = deque([*(self._in_hand[label] for label in again), *self.tray])
        return [s.label for s in self.tray]

    def arrange(self, *faults: Fault) -> None:
        """Bind faults to sheets; of several for one sheet the first strikes first."""
        self._faults.extend(faults)

    # ---- what the client sees ------------------------------------------------------------------------------

    @property
    def adf(self) -> AdfState:
        """State of the feeder as the status document shows it."""
        if self._stopped_by is not None:
            return self._stopped_by
        return AdfState.LOADED if self.tray else AdfState.EMPTY

    @property
    def running(self) -> Job | None:
        """The job that is being worked on."""
        return next((j for j in self.jobs if j.state is JobState.PROCESSING), None)

    def start_job(self, *, duplex: bool, dpi: int, colour: bool) -> Job:
        """Create a job.

        Raises:
            BusyNow: another job runs, or refusals were arranged.
            NoMoreImages: the feeder is empty, jammed or open (HTTP 409).
        """
        if self.refuse_jobs > 0:
            self.refuse_jobs -= 1
            raise BusyNow
        if self.running is not None:
            raise BusyNow
        if self.adf is not AdfState.LOADED:
            raise NoMoreImages
        job = Job(len(self.jobs) + 1, duplex, dpi, colour)
        self.jobs.append(job)
        return job

    def next_image(self, job: Job) -> OwedImage:
        """The next side of a running job; feeds paper as needed.

        Raises:
            NoMoreImages: the job ended, well or not; its state says how.
            BusyNow: a refusal was arranged for this moment.
        """
        if job.state is not JobState.PROCESSING:
            raise NoMoreImages
        if not job.owed and self._feed_into(job):
            for _ in range(self.read_ahead):
                if not self._feed_into(job):
                    break
        if not job.owed:
            self._finish(job)
            raise NoMoreImages
        first = job.owed[0]
        if first.fault is not None and first.fault.kind is FaultKind.BUSY and first.fault.amount >= 1:
            less = Fault(FaultKind.BUSY, first.label, first.fault.amount - 1)
            job.owed[0] = OwedImage(first.label, first.face, first.image, less)
            raise BusyNow
        job.on_the_way += 1
        return job.owed.popleft()

    def delivered(self, job: Job, image: OwedImage, *, whole: bool) -> None:
        """The server has sent an image (or lost the connection on it)."""
        if whole:
            job.on_the_way -= 1
            extra = image.fault is not None and image.fault.kind is FaultKind.MISCOUNT
            job.images_completed += 2 if extra else 1
        elif job.state is JobState.PROCESSING:
            self._abort(job, "AbortedBySystem")

    def cancel(self, job: Job) -> None:
        """The client deletes its job; sheets that were fed ahead stay in the output tray."""
        if job.state is JobState.PROCESSING:
            job.state, job.reasons = JobState.CANCELED, ("JobCanceledByUser",)

    # ---- the feeder itself ---------------------------------------------------------------------------------

    def _feed_into(self, job: Job) -> bool:
        if self._stopped_by is not None or not self.tray or job.state is not JobState.PROCESSING:
            return False
        if job.reasons == ("JobDying",):
            return False
        fault = self._take_fault(self.tray[0].label)
        if fault is not None and fault.kind is FaultKind.JOB_DIES:
            job.reasons = ("JobDying",)
            return False
        if fault is not None and fault.kind in _STOPPING:
            self._stop_paper(fault.kind)
            return False
        sheet = self.tray.popleft()
        self.output.append(sheet.label)
        if fault is not None and fault.kind is FaultKind.DOUBLE_UNSEEN and self.tray:
            self.output.append(self.tray.popleft().label)
        job.owed.extend(_sides(sheet, fault, duplex=job.duplex))
        return True

    def _stop_paper(self, kind: FaultKind) -> None:
        self._stopped_by = _STOPPING[kind]
        if kind is FaultKind.COVER_OPEN:
            return
        for _ in range(2 if kind is FaultKind.DOUBLE_FEED else 1):
            if self.tray:
                self.path.append(self.tray.popleft().label)

    def _finish(self, job: Job) -> None:
        if job.reasons == ("JobDying",) or self._stopped_by is not None:
            reason = {
                AdfState.MULTIPICK: "MultipickDetected",
                AdfState.JAM: "MediaJam",
                AdfState.HATCH_OPEN: "CoverOpen",
            }
            self._abort(job, reason.get(self.adf, "AbortedBySystem"))
        else:
            job.state, job.reasons = JobState.COMPLETED, ("JobCompletedSuccessfully",)

    def _abort(self, job: Job, reason: str) -> None:
        job.state, job.reasons = JobState.ABORTED, (reason,)

    def _take_fault(self, label: int) -> Fault | None:
        for i, fault in enumerate(self._faults):
            if fault.sheet == label:
                return self._faults.pop(i)
        return None


def _sides(sheet: VirtualSheet, fault: Fault | None, *, duplex: bool) -> list[OwedImage]:
    """The images of one sheet in the order of the device; a spoiling fault sits on the first of them."""
    kind = fault.kind if fault is not None else None
    faces = [("recto", sheet.recto), ("verso", sheet.verso)] if duplex else [("recto", sheet.recto)]
    if kind is FaultKind.DROP_BACK:
        faces = faces[:1]
    if kind is FaultKind.SWAPPED:
        faces.reverse()
    return [OwedImage(sheet.label, face, image, fault if i == 0 else None) for i, (face, image) in enumerate(faces)]
