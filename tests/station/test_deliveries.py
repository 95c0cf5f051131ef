"""What lies on a medium, told from the ledger alone, at every entry where the power may go."""

from __future__ import annotations

from scanflow.ledger import catalogue as cat
from scanflow.ledger.catalogue import EraseReason
from scanflow.ledger.catalogue.words import Found, KeyHome
from scanflow.ledger.entry import Entry
from scanflow.ledger.event import Event
from scanflow.levels import Level
from scanflow.station.history import Deliveries

BATCH = "B-111111-111111-111111"
ONE, TWO, PLAIN = (f"{BATCH}-D{number:03d}" for number in (1, 2, 3))
DIGEST = "0" * 64


class Told:
    """A ledger in the making, and what is told of it."""

    def __init__(self) -> None:
        self.fold = Deliveries(BATCH)
        self._n = 0
        self(cat.BatchOpened(batch=BATCH, operator="P-003"))

    def __call__(self, event: Event, act: int | None = None) -> int:
        n, self._n = self._n, self._n + 1
        self.fold.take(Entry(n, event, "2026-11-22T05:55:01.123456Z", n, "0" * 8, act))
        return n

    def sealed(self, *documents: str) -> None:
        for document in documents:
            self(cat.DocumentSealed(
                batch=BATCH, document=document, container=document, level=Level.MAT, pages=1, size=1, digest=DIGEST,
                recipients=(), key_home=next(iter(KeyHome)),
            ))  # fmt: skip

    def begun(self, documents: int, level: Level = Level.MAT) -> int:
        n = self._n
        event = cat.DeliveryBegun(
            batch=BATCH, job="SF-1", medium="M-0001", clearance=Level.TOI_MAT, level=level, documents=documents
        )
        return self(event, n)

    def done(self, act: int, documents: int) -> None:
        self(cat.DeliveryDone(job="SF-1", medium="M-0001", documents=documents, size=1, receipt=DIGEST), act)

    def erased(self, document: str, reason: EraseReason = EraseReason.DELIVERED) -> None:
        self(cat.DocumentErased(batch=BATCH, document=document, reason=reason, sheets=1, pages=1))

    @property
    def says(self) -> tuple[set[str], set[str]]:
        """Delivered, and not known."""
        return set(self.fold.delivered), set(self.fold.doubtful)


def test_delivered_is_what_was_read_back_before_any_page_is_erased() -> None:
    told = Told()
    told.sealed(ONE, TWO)
    assert told.says == (set(), set())
    act = told.begun(2)
    assert told.says == (set(), {ONE, TWO})
    told.done(act, 2)
    assert told.says == ({ONE, TWO}, set())
    told.erased(ONE)
    assert told.says == ({ONE, TWO}, set())


def test_a_failed_delivery_and_one_that_a_person_did_not_find_deliver_nothing() -> None:
    told = Told()
    told.sealed(ONE)
    told(cat.DeliveryFailed(job="SF-1", medium="M-0001", code="MED-VANISHED"), told.begun(1))
    assert told.says == (set(), set())
    for found in (Found.NOT_DONE, Found.PARTLY):
        told(cat.ActClosed(person="P-004", found=found), told.begun(1))
        assert told.says == (set(), set())
    told(cat.ActClosed(person="P-004", found=Found.DONE), told.begun(1))
    assert told.says == ({ONE}, set())


def test_another_act_that_a_person_closes_delivers_nothing() -> None:
    told = Told()
    told.sealed(ONE)
    told.begun(1)
    told(cat.ActClosed(person="P-004", found=Found.DONE), 0)
    assert told.says == (set(), {ONE})


def test_a_second_copy_and_plain_documents_are_told_apart() -> None:
    told = Told()
    told.sealed(ONE, TWO)
    told(cat.DocumentPlain(batch=BATCH, document=PLAIN, pages=1, size=1))
    first = told.begun(2)
    assert told.says == (set(), {ONE, TWO})
    told.done(first, 2)
    told.erased(ONE)
    told.erased(TWO)
    second = told.begun(2)
    assert told.says == ({ONE, TWO}, set())
    told.done(second, 2)
    plain = told.begun(1, Level.THUONG)
    assert told.says == ({ONE, TWO}, {PLAIN})
    told.done(plain, 1)
    assert told.says == ({ONE, TWO, PLAIN}, set())


def test_a_number_that_fits_no_set_makes_all_doubtful_and_none_delivered() -> None:
    told = Told()
    told.sealed(ONE, TWO)
    act = told.begun(1)
    assert told.says == (set(), {ONE, TWO})
    told.done(act, 1)
    assert told.says == (set(), set())
    told.erased(TWO)
    assert told.says == ({TWO}, set())


def test_what_waited_in_an_earlier_run_is_not_delivered_by_a_later_one() -> None:
    told = Told()
    told.sealed(ONE)
    told.erased(ONE, EraseReason.ABANDONED)
    told(cat.BatchResumed(batch=BATCH, operator="P-003"))
    told.sealed(TWO)
    told.done(told.begun(1), 1)
    assert told.says == ({TWO}, set())
