"""Only the catalogue's events can be written, and nothing that reads like content fits into any field (P8)."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanflow.gate import Decision
from scanflow.ledger import CATALOGUE, Ledger, commit, kinds
from scanflow.ledger import catalogue as cat
from scanflow.ledger.canonical import decode, encode
from scanflow.ledger.docs import events_page
from scanflow.ledger.errors import FieldRefused, NotInCatalogue
from scanflow.ledger.event import Event, Intent, Outcome, event, from_data, to_data
from scanflow.ledger.people import Figures, Purpose, Reason, Statement
from scanflow.ledger.statement import Figures as _Figures
from scanflow.levels import Level
from scanflow.pages import Face, SideLabel

from .conftest import fed, key_of

assert _Figures is Figures

# What people would like to write: titles, names of documents, words read from a page, paths, numbers of letters.
CONTENT = [
    "Kế hoạch bảo vệ mục tiêu trọng điểm năm 2026",
    "TUYỆT MẬT",
    "V/v báo cáo tình hình",
    "123/QĐ-UBND",
    "ke-hoach-bao-ve",
    "KE-HOACH-BAO-VE",
    "KEHOACH",
    "B-KEHOACH-2026",
    "B-2026-0001 Kế hoạch",
    "B-2026-0001\n",
    "ban scan.pdf",
    "/home/user/tai lieu.pdf",
    "Nội dung trang 1\x00",
    "BAO-CAO-MAT",
    "SCN-JAM mật",
    "a" * 200,
    "<script>",
    "",
]
FIELDS = [(one, field) for one in CATALOGUE.values() for field in kinds.plan(one)]
STRINGS = [
    (one, field)
    for one, field in FIELDS
    if field.kind.fits("P-1")
    or field.kind.fits("0" * 64)
    or field.kind.fits("A" * 86 + "==")
    or field.kind.fits(key_of("x").public)
    or field.kind.fits("SCN-JAM")
]


@st.composite
def of_kind(draw: st.DrawFn, kind: kinds.Kind, hint: Any) -> Any:
    """A value of a field's type, drawn from the type itself."""
    import types
    import typing

    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        inner = next(arm for arm in args if arm is not type(None))
        return draw(st.none() | of_kind(kind, inner))
    if origin is tuple:
        return tuple(draw(st.lists(of_kind(kind, args[0]), max_size=3)))
    if hint is bool:
        return draw(st.booleans())
    if isinstance(hint, type) and issubclass(hint, kinds.Record):
        return draw(instances(hint))
    if isinstance(hint, type):
        return draw(st.sampled_from(list(hint)))
    rule = next(one for one in args if isinstance(one, kinds.Kind))
    if args[0] is int:
        return draw(st.integers(-5, 10**6).filter(rule.fits))
    samples = ["B-2026-0001", "P-7", "2026-11-22", "SCN-JAM", "LED-FIELD", "0" * 64, "ab" * 32, "0" * 32, "1.2.3", "0" * 8,
               "Nguyễn Văn Thử", key_of("x").public, "A" * 86 + "==", "15a"]  # fmt: skip
    return draw(st.sampled_from([one for one in samples if rule.fits(one)]))


@st.composite
def instances(draw: st.DrawFn, cls: type) -> Any:
    """An event or record with every field drawn."""
    import typing

    hints = typing.get_type_hints(cls, include_extras=True)
    return cls(**{field.name: draw(of_kind(field.kind, hints[field.name])) for field in kinds.plan(cls)})


@pytest.mark.parametrize("cls", CATALOGUE.values(), ids=lambda one: one.id)
def test_every_event_round_trips_and_speaks(cls: type[Event]) -> None:
    @given(instances(cls))
    @settings(max_examples=12, deadline=None, database=None)
    def check(one: Event) -> None:
        line = encode(to_data(one))
        assert from_data(one.id, decode(line)) == one
        assert "{" not in one.say_vi + one.say_en
        assert "None" not in one.say_vi

    check()


@pytest.mark.parametrize("cls", CATALOGUE.values(), ids=lambda one: one.id)
def test_every_event_says_itself_in_vietnamese(cls: type[Event]) -> None:
    assert re.search(r"[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĐ]", cls.vi), cls.vi
    assert cls.en.isascii() and cls.vi.endswith(".") and cls.en.endswith(".")
    assert cls.__doc__ and not cls.__doc__.startswith(cls.__name__ + "(")


@pytest.mark.parametrize(("cls", "field"), STRINGS, ids=lambda one: getattr(one, "id", getattr(one, "name", "")))
def test_no_field_takes_content(cls: type[Event], field: kinds.Field) -> None:
    for content in CONTENT:
        assert not field.kind.fits(content), content


def test_there_is_exactly_one_field_with_letters_of_ones_choice() -> None:
    letters = [f"{one.id}.{field.name}" for one, field in FIELDS if field.kind.fits("Nguyễn Văn Thử")]
    assert letters == ["person.enrolled.name"]
    for word in ("Nguyễn  Văn", " Nguyễn", "A1", "a@b", "a, b", "x " * 9 + "x", "n" * 61, "a\nb", "e\u0301"):
        assert not next(f for one, f in FIELDS if (one.id, f.name) == ("person.enrolled", "name")).kind.fits(word)


def test_a_wrong_value_cannot_become_an_event_and_is_not_repeated() -> None:
    for wrong in (*CONTENT, 5, None, b"B-2026-0001", ["B-1"], Level.MAT):
        with pytest.raises(FieldRefused) as refused:
            cat.SheetFed(batch=wrong, sheet=1, sides=2)  # type: ignore[arg-type]
        said = str(refused.value) + refused.value.say_vi
        assert "batch" in said and (not isinstance(wrong, str) or not wrong or wrong not in said)
    for wrong in (True, 0, -1, 1.0, "1", 10**10, None):
        with pytest.raises(FieldRefused):
            cat.SheetFed(batch="B-1", sheet=wrong, sides=2)  # type: ignore[arg-type]
    with pytest.raises(FieldRefused):
        cat.SideExamined(batch="B-1", sheet=1, face="recto", label="content", decision="clear")  # type: ignore[arg-type]


def test_a_date_is_a_date() -> None:
    field = next(f for one, f in FIELDS if f.name == "valid_until")
    assert field.kind.fits("2028-02-29") and not field.kind.fits("2027-02-29") and not field.kind.fits("2027-13-01")


def test_sentences_speak_words_not_python() -> None:
    side = cat.SideExamined(
        batch="B-1", sheet=3, face=Face.VERSO, label=SideLabel.UNSURE, decision=Decision.HOLD, level=Level.TOI_MAT,
        codes=("STP-UNREAD", "STP-FAINT"),
    )  # fmt: skip
    assert side.say_vi == "Tờ 3 mặt sau: chưa chắc, Tối mật, giữ lại."
    assert side.say_en == "Sheet 3 verso: unsure, TOI_MAT, hold."
    held = cat.SideHeld(batch="B-1", sheet=3, face=Face.RECTO, codes=side.codes)
    assert held.say_en == "Sheet 3 recto held (STP-UNREAD, STP-FAINT)."
    assert cat.SideHeld(batch="B-1", sheet=3, face=Face.RECTO).say_vi == "Giữ lại tờ 3 mặt trước (–)."


def test_events_are_frozen() -> None:
    one = fed(1)
    with pytest.raises((AttributeError, TypeError)):
        one.sheet = 2  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        one.note = "x"  # type: ignore[attr-defined]


def test_a_class_that_was_not_declared_is_refused(ledger: Ledger) -> None:
    class Stowaway(cat.SheetFed):  # type: ignore[misc]
        __slots__ = ()

    with pytest.raises(NotInCatalogue):
        Stowaway(batch="B-1", sheet=1, sides=2)
    with pytest.raises(NotInCatalogue):
        ledger.record(Event())
    assert ledger.size == 1


@pytest.mark.parametrize(
    "hint", ["str", "bytes", "float", "object", "dict[str, str]", "list[int]", "tuple[int, str]", "int"]
)
def test_a_field_that_could_hold_content_cannot_be_declared(hint: str) -> None:
    cls = type("Loose", (Event,), {"__annotations__": {"words": hint}, "__slots__": (), "__module__": __name__})
    with pytest.raises(TypeError):
        event("test.loose", vi="đ.", en="d.")(cls)
    assert "test.loose" not in CATALOGUE


def test_ids_and_sentences_are_checked_at_declaration() -> None:
    def declare(event_id: str, vi: str) -> None:
        cls = type("Fine", (Event,), {"__annotations__": {"n": "kinds.Count"}, "__slots__": (), "__module__": __name__})
        event(event_id, vi=vi, en="x.")(cls)

    for taken in ("sheet.fed", "Sheet.fed", "sheet", "sheet.fed.x"):
        with pytest.raises(TypeError):
            declare(taken, "đ.")
    with pytest.raises(TypeError):
        declare("test.fine", "đ {other}.")
    assert "test.fine" not in CATALOGUE


def test_reading_back_is_strict() -> None:
    good = to_data(fed(3))
    assert from_data("sheet.fed", good) == fed(3)
    for broken in (
        {},
        {**good, "title": "x"},
        {**good, "batch": "Kế hoạch"},
        {"batch": "B-1"},
        {**good, "document": None},
    ):
        with pytest.raises(NotInCatalogue):
            from_data("sheet.fed", broken)
    with pytest.raises(NotInCatalogue):
        from_data("sheet.eaten", good)


@pytest.mark.parametrize("cls", CATALOGUE.values(), ids=lambda cls: cls.id)
def test_a_ledger_from_before_a_field_came_still_reads(cls: type[Event]) -> None:
    """A field with a default may be missing in an old line, and is then that default; one without may not."""
    assert all(field.optional or field.absent is not None for field in kinds.plan(cls) if field.name in _defaulted(cls))
    sealed = {"batch": "B-1", "operator": "P-001"}
    assert to_data(from_data("batch.opened", sealed))["simulated"] is False
    with pytest.raises(NotInCatalogue):
        from_data("batch.opened", sealed | {"simulated": None})
    with pytest.raises(NotInCatalogue):
        from_data("batch.opened", {"batch": "B-1"})


def _defaulted(cls: type[Event]) -> set[str]:
    return {one.name for one in dataclasses.fields(cls) if one.default is not dataclasses.MISSING}  # type: ignore[arg-type]


def test_outcomes_name_their_acts() -> None:
    for one in CATALOGUE.values():
        if issubclass(one, Outcome):
            assert one.closes and all(issubclass(act, Intent) for act in one.closes), one.id
    answered = {act for one in CATALOGUE.values() if issubclass(one, Outcome) for act in one.closes}
    assert answered >= {one for one in CATALOGUE.values() if issubclass(one, Intent)}


def test_the_events_page_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "events.md"
    assert page.read_text() == events_page(), "run: python -m scanflow.ledger.docs > docs/events.md"
    assert all(f"`{one}`" in page.read_text() for one in CATALOGUE)


def test_commitments_are_salted_and_checkable() -> None:
    first, salt = commit("thiếu một tờ".encode())
    again, other = commit("thiếu một tờ".encode())
    assert first != again and salt != other and len(salt) == 32
    assert commit("thiếu một tờ".encode(), salt)[0] == first
    assert commit(b"", salt)[0] != first


def test_a_statement_holds_nothing_but_kinds() -> None:
    fields: dict[str, Any] = {
        "purpose": Purpose.CLOSE_BATCH, "subject": "B-1", "batch": "B-1", "reason": Reason.WORK_DONE,
        "log_size": 1, "log_root": "0" * 64, "at": 1, "nonce": "0" * 32,
    }  # fmt: skip
    Statement(**fields)
    for name in ("subject", "batch", "words", "digest", "log_root", "nonce"):
        for content in CONTENT:
            with pytest.raises(kinds.BadField):
                Statement(**{**fields, name: content})


def test_every_code_of_the_project_fits() -> None:
    import importlib
    import pkgutil

    import scanflow
    from scanflow.errors import all_causes

    for module in pkgutil.walk_packages(scanflow.__path__, "scanflow."):
        if module.name.endswith(".errors"):
            importlib.import_module(module.name)
    code = next(field.kind for one, field in FIELDS if (one.id, field.name) == ("scanner.fault", "code"))
    ours = [one.code for one in all_causes() if one.__module__.startswith("scanflow.")]  # tests make causes too
    assert [each for each in ours if not code.fits(each)] == []  # a new room: add its prefix to kinds.ROOMS
