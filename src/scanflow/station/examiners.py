"""Examiners for several threads: each is lent to one side at a time (bộ xem xét)."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, LifoQueue

from scanflow.examination import Examination, Examiner
from scanflow.pages import RawPage


class ExaminerPool:
    """Makes examiners as they are needed and keeps them loaded; networks and OCR engines are not shared.

    The first is made at once: what refuses to load refuses before a sheet is fed.
    """

    def __init__(self, make: Callable[[], Examiner]) -> None:
        self._make = make
        self._idle: LifoQueue[Examiner] = LifoQueue()
        self._idle.put(make())

    def __call__(self, page: RawPage, recto: RawPage | None) -> Examination:
        """Examine a side; ``recto`` is the other face when the side is a verso. Never raises for a bad picture."""
        try:
            examiner = self._idle.get_nowait()
        except Empty:
            examiner = self._make()
        try:
            return examiner.examine(page.pixels, page.dpi, None if recto is None else recto.pixels)
        finally:
            self._idle.put(examiner)
