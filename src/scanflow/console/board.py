"""The board: what stands now, shared by the thread that works the batch and those that show it (bảng trạng thái).

One lock, one version that rises with every change. The station's thread puts a question up and waits; a page answers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any, cast

import cv2

from scanflow.console.counts import EVENTS, BatchCounts, DocumentLive
from scanflow.console.errors import BatchAbandoned, Busy, QuestionGone
from scanflow.console.matter import Matter
from scanflow.console.questions import Kind, Question
from scanflow.errors import ScanflowError
from scanflow.ledger import Ledger
from scanflow.ledger import catalogue as cat
from scanflow.ledger.entry import Entry
from scanflow.ledger.people import PersonSignature
from scanflow.manifest import Manifest
from scanflow.pages import Face, RawPage
from scanflow.station.batch import BatchResult
from scanflow.station.desk import Notice, Tone

NOTICES = 12
"""Sentences kept on the screen; all of them are in the ledger."""
SIDE_HEIGHT = 900
"""Pixels: enough to see that the sheet is straight and whole."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The last side, as a picture in RAM.

    Attributes:
        number: rises with each side; part of the picture's address.
        sheet: ordinal in the batch.
        face: recto or verso.
        document: document id; the picture goes when this document's key goes.
        jpeg: overwritten when it goes.
    """

    number: int
    sheet: int
    face: Face
    document: str
    jpeg: bytearray = field(repr=False)


@dataclass(frozen=True, slots=True)
class Live:
    """Everything a page shows of the present moment; frozen, so that a page never mixes two moments.

    Attributes:
        version: rises with every change.
        job: what is being done, empty when nothing is.
        question: what people are asked.
        notices: newest last.
        manifest: list of the batch that is or was worked since the console was started.
        batch: its id as the ledger has it, empty when there never was one.
        declared: documents, sheets and pages of the list.
        counts: by document id.
        fed: sheets that went through.
        current: document id that the next sheet goes to.
        feeding: the feeder runs.
        routed: sheets with a TUYỆT MẬT mark.
        routed_now: those of them whose document was not taken out yet.
        took_out: since the last feed began a document was taken out.
        fault: code of the scanner's fault, empty when there is none.
        interrupted: the ledger has an open batch that nobody works on: the power went, or the program.
        shown: the last side.
        result: how the last batch ended, since the console was started.
        refusal: why the last act was refused.
        entries: how far the ledger was when this was so.
    """

    version: int
    job: str
    question: Question | None
    notices: tuple[Notice, ...]
    manifest: Manifest | None
    batch: str
    declared: tuple[int, int, int]
    counts: dict[str, DocumentLive]
    fed: int
    current: str | None
    feeding: bool
    routed: tuple[int, ...]
    routed_now: tuple[int, ...]
    took_out: bool
    fault: str
    interrupted: bool
    shown: Shown | None
    result: BatchResult | None
    refusal: ScanflowError | None
    entries: int


class Board:
    """What stands now. Every method may be called from any thread.

    Attributes:
        closed: the console is being closed; event streams end.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._version = 0
        self._live: Live | None = None
        self._counts = BatchCounts()
        self._notices: deque[Notice] = deque(maxlen=NOTICES)
        self._question: Question | None = None
        self._answer: Future[Any] | None = None
        self._numbers = 0
        self._shown: Shown | None = None
        self._manifest: Manifest | None = None
        self._result: BatchResult | None = None
        self._refusal: ScanflowError | None = None
        self._job = ""
        self._entries = 0
        self._leaving = False
        self.closed = False
        self._watchers: set[Callable[[], object]] = set()

    # ---- what pages read -------------------------------------------------------------------------

    def live(self) -> Live:
        """The present moment."""
        with self._lock:
            if self._live is None or self._live.version != self._version:
                self._live = self._snapshot()
            return self._live

    def _snapshot(self) -> Live:
        counts = self._counts
        return Live(
            version=self._version,
            job=self._job,
            question=self._question,
            notices=tuple(self._notices),
            manifest=self._manifest,
            batch=counts.batch,
            declared=counts.declared,
            counts=counts.documents(),
            fed=counts.fed,
            current=counts.current,
            feeding=counts.feeding and bool(self._job),
            routed=tuple(counts.routed),
            routed_now=tuple(counts.routed_now) if self._job else (),
            took_out=counts.took_out and bool(self._job),
            fault=counts.fault,
            interrupted=counts.open and not self._job,
            shown=self._shown,
            result=self._result,
            refusal=self._refusal,
            entries=self._entries,
        )

    def watch(self, changed: Callable[[], object]) -> Callable[[], None]:
        """Call ``changed`` at every change, from whatever thread; returns what ends that."""
        with self._lock:
            self._watchers.add(changed)

        def end() -> None:
            with self._lock:
                self._watchers.discard(changed)

        return end

    def picture(self, number: int) -> bytes | None:
        """The last side's JPEG while its document is there; None for any other number."""
        with self._lock:
            return bytes(self._shown.jpeg) if self._shown is not None and self._shown.number == number else None

    @property
    def watchers(self) -> int:
        """How many event streams are open."""
        with self._lock:
            return len(self._watchers)

    # ---- what the ledger says --------------------------------------------------------------------

    def follow(self, ledger: Ledger) -> None:
        """Show what the ledger holds, from now on without lagging behind it."""
        ledger.follow(EVENTS, self.entered)

    def entered(self, entry: Entry) -> None:
        """One more entry."""
        with self._lock:
            self._counts.take(entry)
            self._entries = entry.n + 1
            event = entry.event
            if isinstance(event, cat.EraseBegun | cat.DocumentErased) and event.document is not None:
                self._forget_side(event.document)
            if isinstance(event, cat.SheetRoutedOut):
                self._forget_side(self._counts.document_of(event.sheet))
            self._changed()

    # ---- what the station's thread does ----------------------------------------------------------

    def tell(self, notice: Notice) -> None:
        """A sentence to the people."""
        self._still_wanted()
        with self._lock:
            if notice.tone is Tone.PROGRESS and self._notices and self._notices[-1].tone is Tone.PROGRESS:
                self._notices.pop()
            self._notices.append(notice)
            self._changed()

    def show(self, page: RawPage) -> None:
        """Show a side that was taken over; small, and only while its document is there."""
        self._still_wanted()
        jpeg = small_jpeg(page)
        with self._lock:
            self._wipe()
            document = self._counts.document_of(page.sheet)
            if document is not None and page.sheet not in self._counts.routed:
                self._numbers += 1
                self._shown = Shown(self._numbers, page.sheet, page.face, document, jpeg)
            self._changed()

    def ask(self, kind: Kind, vi: str, en: str, about: Any = None) -> Any:
        """Put a question up and wait until somebody answers.

        Raises:
            BatchAbandoned: the people left the batch, or the console is being closed.
        """
        self._still_wanted()
        with self._lock:
            self._numbers += 1
            self._question = Question(self._numbers, kind, vi, en, about)
            waiting: Future[Any] = Future()
            self._answer = waiting
            self._changed()
        try:
            return waiting.result()
        finally:
            with self._lock:
                self._question = self._answer = None
                if kind is Kind.TAKE_OUT:
                    self._counts.taken_out()
                self._changed()

    def ask_signatures(self, matter: Matter) -> Sequence[PersonSignature]:
        """Put a matter before people and wait for their signatures; empty when nobody signs.

        Raises:
            BatchAbandoned: as :meth:`ask`.
        """
        vi, en = f"Ký duyệt: {matter.title.vi}.", f"Signatures: {matter.title.en}."
        return cast(Sequence[PersonSignature], self.ask(Kind.SIGN, vi, en, matter))

    # ---- what pages do ---------------------------------------------------------------------------

    def question(self, number: int) -> Question:
        """The question that stands, if it is this one.

        Raises:
            QuestionGone: it is not.
        """
        with self._lock:
            if self._question is None or self._question.number != number:
                raise QuestionGone
            return self._question

    def answer(self, number: int, value: object) -> None:
        """Answer a question; the first answer counts.

        Raises:
            QuestionGone: it was answered, or another one stands.
        """
        with self._lock:
            self.question(number)
            if self._answer is None or self._answer.done():
                raise QuestionGone
            self._answer.set_result(value)

    def add_signature(self, number: int, signature: PersonSignature) -> None:
        """One more person signed; the last one that is needed answers the question.

        Raises:
            QuestionGone: the statement is not on the table any more.
        """
        with self._lock:
            question = self.question(number)
            given = (*question.signatures, signature)
            self._question = replace(question, signatures=given)
            if len(given) == question.needed:
                self.answer(number, given)
            self._changed()

    def begin(self, job: str, manifest: Manifest | None = None) -> None:
        """An act begins.

        Raises:
            Busy: another one is under way.
        """
        with self._lock:
            if self._job:
                raise Busy
            self._job, self._refusal = job, None
            if manifest is not None:
                self._manifest, self._result = manifest, None
                self._counts.convention = manifest.convention
                self._notices.clear()
            self._changed()

    def finish(self, result: BatchResult | None = None, refusal: ScanflowError | None = None) -> None:
        """The act is over; a refusal stays on the screen until the next act."""
        with self._lock:
            self._wipe()
            self._job, self._leaving = "", False
            self._result = result or self._result
            self._refusal = refusal
            if refusal is not None:
                self._notices.append(Notice.of(refusal))
            self._changed()

    def touch(self) -> None:
        """Have every page read itself anew: somebody's session ended."""
        with self._lock:
            self._changed()

    def abandon(self) -> None:
        """Leave what is being done: the next word of the station's thread to the desk ends it, and all is erased."""
        with self._lock:
            if not self._job:
                return
            self._leaving = True
            if self._answer is not None and not self._answer.done():
                self._answer.set_exception(BatchAbandoned())
            self._notices.append(Notice(Tone.STOP, "Đang bỏ đợt…", "Leaving the batch…"))
            self._changed()

    def close(self) -> None:
        """The console is being closed: leave what is being done, end the event streams."""
        with self._lock:
            self.closed = True
            self.abandon()
            self._changed()

    # ---- within ----------------------------------------------------------------------------------

    def _still_wanted(self) -> None:
        if self._leaving:
            raise BatchAbandoned

    def _forget_side(self, document: str | None) -> None:
        if self._shown is not None and self._shown.document == document:
            self._wipe()

    def _wipe(self) -> None:
        if self._shown is not None:
            self._shown.jpeg[:] = bytes(len(self._shown.jpeg))
            self._shown = None

    def _changed(self) -> None:
        self._version += 1
        for changed in tuple(self._watchers):
            changed()


def small_jpeg(page: RawPage) -> bytearray:
    """A side made small enough for a screen, in RAM."""
    height, width = page.pixels.shape[:2]
    scale = min(1.0, SIDE_HEIGHT / height)
    small = cv2.resize(
        page.pixels, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    done, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])
    return bytearray(jpeg.tobytes()) if done else bytearray()
