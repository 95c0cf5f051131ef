"""What the rules propose: golden cases of 1479/BCA-ANCTNB III.1.1, and properties that hold for every row and day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanflow.levels import Level
from scanflow.manifest import Row
from scanflow.rules import Action, Basis, Caution, Confirmation, Need, load_tables, propose, settle
from scanflow.rules.errors import ConfirmationForeign
from scanflow.rules.proposal import after_years

TABLES = load_tables(Path(__file__).resolve().parents[2] / "config" / "rules")
TODAY = date(2026, 11, 22)


def row(level: Level, issued: date | None = date(2025, 1, 1), **facts: object) -> Row:
    return Row(7, "H1", 7, "1/XY", issued, level, 1, 1, **facts)  # type: ignore[arg-type]


M, T, TM = Level.MAT, Level.TOI_MAT, Level.TUYET_MAT
GOLDEN = [
    ("top-secret-young", row(TM), Action.REFUSE, Basis.TOP_SECRET),
    ("top-secret-ancient", row(TM, date(1950, 1, 1)), Action.REFUSE, Basis.TOP_SECRET),
    ("top-secret-declassified", row(TM, date(1950, 1, 1), declassified_by="1/QĐ", declassified_on=date(2020, 1, 1)),
     Action.REFUSE, Basis.TOP_SECRET),
    ("top-secret-archive", row(TM, historical_archive=True), Action.REFUSE, Basis.TOP_SECRET),
    ("top-secret-period-ended", row(TM, date(1990, 1, 1), protected_until=date(1995, 1, 1)), Action.REFUSE,
     Basis.TOP_SECRET),
    ("no-level", row(Level.THUONG), Action.NON_SECRET, Basis.NOT_SECRET),
    ("secret", row(M), Action.ENCRYPT, Basis.SECRET),
    ("secret-no-date", row(M, None), Action.ENCRYPT, Basis.SECRET),
    ("mat-last-day", row(M, date(2016, 11, 22)), Action.ENCRYPT, Basis.SECRET),
    ("mat-day-after", row(M, date(2016, 11, 21)), Action.AS_NON_SECRET, Basis.TERM_ENDED),
    ("toi-mat-ten-years", row(T, date(2016, 11, 21)), Action.ENCRYPT, Basis.SECRET),
    ("toi-mat-last-day", row(T, date(2006, 11, 22)), Action.ENCRYPT, Basis.SECRET),
    ("toi-mat-day-after", row(T, date(2006, 11, 21)), Action.AS_NON_SECRET, Basis.TERM_ENDED),
    ("extended", row(M, date(2000, 1, 1), extended=True), Action.ENCRYPT, Basis.SECRET),
    ("extension-over", row(M, date(2000, 1, 1), extended=True, extended_until=date(2020, 1, 1)), Action.ENCRYPT,
     Basis.SECRET),
    ("not-extended", row(M, date(2000, 1, 1), extended=False), Action.AS_NON_SECRET, Basis.TERM_ENDED),
    ("period-ended", row(M, date(2025, 4, 7), protected_until=date(2025, 4, 25)), Action.AS_NON_SECRET,
     Basis.PERIOD_ON_STAMP_ENDED),
    ("period-last-day", row(M, protected_until=TODAY), Action.ENCRYPT, Basis.SECRET),
    ("period-runs-though-old", row(M, date(2000, 1, 1), protected_until=date(2030, 1, 1)), Action.ENCRYPT, Basis.SECRET),
    ("period-ended-but-extended", row(M, protected_until=date(2026, 1, 1), extended=True), Action.ENCRYPT, Basis.SECRET),
    ("decision", row(T, declassified_by="9/QĐ", declassified_on=date(2026, 1, 1)), Action.AS_NON_SECRET,
     Basis.DECLASSIFIED_BY_DECISION),
    ("decision-without-date", row(T, declassified_by="9/QĐ"), Action.ENCRYPT, Basis.SECRET),
    ("decision-without-number", row(T, declassified_on=date(2026, 1, 1)), Action.ENCRYPT, Basis.SECRET),
    ("decision-of-tomorrow", row(T, declassified_by="9/QĐ", declassified_on=TODAY + timedelta(days=1)), Action.ENCRYPT,
     Basis.SECRET),
    ("archive", row(T, historical_archive=True), Action.AS_NON_SECRET, Basis.HISTORICAL_ARCHIVE),
    ("leap-day", row(M, date(2016, 2, 29)), Action.AS_NON_SECRET, Basis.TERM_ENDED),
]  # fmt: skip


@pytest.mark.parametrize(("paper", "action", "basis"), [case[1:] for case in GOLDEN], ids=[case[0] for case in GOLDEN])
def test_golden(paper: Row, action: Action, basis: Basis) -> None:
    proposal = propose(paper, TODAY, TABLES)
    assert (proposal.action, proposal.basis) == (action, basis)
    assert proposal.source
    assert proposal.rule_id == f"1479/{basis.value}/luat-117-2025"


def test_needs_and_cautions() -> None:
    aged = propose(row(M, date(2015, 1, 1)), TODAY, TABLES)
    assert aged.needs == {Need.PERSON}
    assert aged.cautions == (Caution.EXTENSION_SILENT, Caution.OLD_STOCK, Caution.PROVISIONAL_TABLE)
    decided = propose(row(M, declassified_by="9/QĐ", declassified_on=date(2026, 1, 1)), TODAY, TABLES)
    assert decided.needs == {Need.PERSON, Need.GIAI_MAT_SEEN}
    assert decided.cautions == ()
    stamped = propose(row(M, date(2025, 4, 7), protected_until=date(2025, 4, 25), extended=False), TODAY, TABLES)
    assert stamped.needs == {Need.PERSON}
    assert stamped.cautions == ()
    assert all(caution.vi.endswith(".") for caution in Caution)


def test_a_term_of_years_ends_the_later_way() -> None:
    assert after_years(date(2016, 2, 29), 10) == date(2026, 3, 1)
    assert after_years(date(2016, 2, 29), 20) == date(2036, 2, 29)
    assert after_years(date(2006, 11, 22), 20) == date(2026, 11, 22)


AGED = propose(row(M, date(2000, 1, 1)), TODAY, TABLES)
DECIDED = propose(row(T, declassified_by="9/QĐ", declassified_on=date(2026, 1, 1)), TODAY, TABLES)


def word(basis: Basis, person: str = "GS-01", ordinal: int = 7, *, no_extension: bool = True) -> Confirmation:
    return Confirmation(person, ordinal, basis, no_extension)


def test_without_a_person_it_stays_secret() -> None:
    for confirmation in (None, word(Basis.TERM_ENDED, ""), word(Basis.TERM_ENDED, no_extension=False)):
        treatment = settle(AGED, confirmation, giai_mat_seen=True)
        assert (treatment.action, treatment.level, treatment.hold) == (Action.ENCRYPT, M, False)


def test_a_person_downgrades_what_the_rules_proposed() -> None:
    treatment = settle(AGED, word(Basis.TERM_ENDED), giai_mat_seen=False)
    assert (treatment.action, treatment.level, treatment.hold) == (Action.AS_NON_SECRET, Level.THUONG, False)


def test_a_decision_holds_the_document_until_the_stamp_is_seen() -> None:
    confirmation = word(Basis.DECLASSIFIED_BY_DECISION)
    unseen = settle(DECIDED, confirmation, giai_mat_seen=False)
    assert (unseen.action, unseen.level, unseen.hold) == (Action.ENCRYPT, T, True)
    seen = settle(DECIDED, confirmation, giai_mat_seen=True)
    assert (seen.action, seen.level, seen.hold) == (Action.AS_NON_SECRET, Level.THUONG, False)


@pytest.mark.parametrize("confirmation", [word(Basis.HISTORICAL_ARCHIVE), word(Basis.TERM_ENDED, ordinal=8)])
def test_a_word_for_something_else_is_refused(confirmation: Confirmation) -> None:
    with pytest.raises(ConfirmationForeign) as caught:
        settle(AGED, confirmation, giai_mat_seen=True)
    assert caught.value.code == "RUL-CONFIRMATION"


DAYS = st.dates(date(1950, 1, 1), date(2060, 1, 1))
PAPERS = st.builds(
    row,
    st.sampled_from(Level),
    st.none() | DAYS,
    extended=st.none() | st.booleans(),
    extended_until=st.none() | DAYS,
    protected_until=st.none() | DAYS,
    declassified_by=st.sampled_from(["", "1/QĐ"]),
    declassified_on=st.none() | DAYS,
    historical_archive=st.booleans(),
)


@given(PAPERS, st.dates(date(2025, 4, 17), date(2060, 1, 1)), st.booleans())
def test_nothing_but_a_person_lowers_a_level_and_nothing_at_all_lowers_top_secret(
    paper: Row, day: date, seen: bool
) -> None:
    proposal = propose(paper, day, TABLES)
    unconfirmed = settle(proposal, None, giai_mat_seen=seen)
    assert unconfirmed.level is paper.level
    confirmed = settle(proposal, word(proposal.basis), giai_mat_seen=seen)
    if paper.level is Level.TUYET_MAT:
        assert {unconfirmed.action, confirmed.action} == {Action.REFUSE}
        assert confirmed.level is Level.TUYET_MAT
    if confirmed.level is not paper.level:
        assert Need.PERSON in proposal.needs
        assert paper.level in {Level.MAT, Level.TOI_MAT}
        assert not confirmed.hold
        if Need.GIAI_MAT_SEEN in proposal.needs:
            assert seen
        if proposal.basis in {Basis.TERM_ENDED, Basis.PERIOD_ON_STAMP_ENDED}:
            assert paper.extended is not True
            assert paper.protected_until is None or paper.protected_until < day


@given(PAPERS, st.dates(date(2025, 4, 17), date(2050, 1, 1)), st.integers(1, 2000))
def test_what_is_released_by_time_stays_released(paper: Row, day: date, later: int) -> None:
    bases = {Basis.TERM_ENDED, Basis.PERIOD_ON_STAMP_ENDED}
    if propose(paper, day, TABLES).basis in bases:
        assert propose(paper, day + timedelta(days=later), TABLES).action is Action.AS_NON_SECRET
