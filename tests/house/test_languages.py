"""Everything that is said in two languages is said wholly in each: sentences, and the facts put into them.

Read from the sources, so that a sentence which no test brings onto a screen is judged too. What is not Vietnamese in an
English sentence: words that stand on the paper itself (stamps' names), and headings of the list's own columns.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house.test_errors import CAUSES

import scanflow
from scanflow.counting import Difference, Kind
from scanflow.errors import ScanflowError, Words, said
from scanflow.ledger.event import CATALOGUE
from scanflow.levels import Level
from scanflow.rules.proposal import Caution

SOURCES = sorted(Path(next(iter(scanflow.__path__))).rglob("*.py"))
ON_PAPER = re.compile(
    r"TUYỆT MẬT|TỐI MẬT|GIẢI MẬT|MẬT|Tuyệt mật|Tối mật|Mật|“[^”]*”|\{[^}]*\}|Có, Không|biên bản|trích yếu|độ mật",
    re.IGNORECASE,
)
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
ENGLISH = re.compile(r"\b(the|is|are|was|were|and|of|not|this|that|with|from|which|there|must|cannot)\b", re.IGNORECASE)


def in_vietnamese(text: str) -> bool:
    """Whether words are Vietnamese, beside those that stand on the paper."""
    return bool(VIETNAMESE.search(ON_PAPER.sub(" ", text)))


def in_english(text: str) -> bool:
    return bool(ENGLISH.search(re.sub(r"scanflow [a-z -]+|\{[^}]*\}|`[^`]*`|[A-Z]{3}-[A-Z0-9-]+", " ", text)))


def _words(node: ast.AST) -> str:
    """The letters of a literal; what is put into it from elsewhere counts as nothing."""
    if isinstance(node, ast.Constant):
        return str(node.value) if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_words(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _words(node.left) + _words(node.right)
    if isinstance(node, ast.IfExp):
        return _words(node.body) + " " + _words(node.orelse)
    if isinstance(node, ast.BoolOp):
        return " ".join(_words(part) for part in node.values)
    return ""


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", getattr(node.func, "attr", "")), node


def _pairs(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What is said in both languages: `Words`, notices, findings of the doctor, and the sentences of classes."""
    for name, call in _calls(tree):
        at = {"Words": 0, "Notice": 1}.get(name)
        if at is not None and len(call.args) == at + 2:
            yield _words(call.args[at]), _words(call.args[at + 1])
        told = {each.arg: each.value for each in call.keywords if each.arg in {"vi", "en"}}
        if len(told) == 2:
            yield _words(told["vi"]), _words(told["en"])
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            names = [getattr(each, "id", "") for each in node.targets[0].elts]
            if names == ["vi", "en"] and isinstance(node.value, ast.Tuple):
                yield _words(node.value.elts[0]), _words(node.value.elts[1])


def test_the_sources_say_much_in_both_languages() -> None:
    assert sum(1 for path in SOURCES for _ in _pairs(ast.parse(path.read_text(encoding="utf-8")))) > 250


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-2:]))
def test_each_half_of_a_pair_is_in_its_language(path: Path) -> None:
    for vi, en in _pairs(ast.parse(path.read_text(encoding="utf-8"))):
        assert not in_vietnamese(en), en
        assert not in_english(vi), vi


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_cause_is_given_a_fact_in_one_language(path: Path) -> None:
    """A fact in words is `Words`; beside it only a cause that names each language's fact apart (``why`` and ``why_vi``)."""
    names = {cause.__name__ for cause in CAUSES}
    for name, call in _calls(ast.parse(path.read_text(encoding="utf-8"))):
        if name not in names:
            continue
        facts = {each.arg: each.value for each in call.keywords if each.arg}
        for fact, value in facts.items():
            apart = (fact.endswith("_vi") and fact[:-3] in facts) or f"{fact}_en" in facts
            assert apart or not in_vietnamese(_words(value)), f"{name}: {fact}"
            assert apart or not (isinstance(value, ast.Attribute) and value.attr in {"vi", "say_vi"}), f"{name}: {fact}"


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.code)
def test_each_cause_is_said_wholly_in_each_language(cause: type[ScanflowError]) -> None:
    assert not in_vietnamese(cause.en), cause.en
    assert not in_english(cause.vi), cause.vi
    assert "{why_vi}" not in cause.en
    assert "_vi}" not in cause.en


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=lambda event: event.id)
def test_each_event_is_said_wholly_in_each_language(event: type) -> None:
    assert not in_vietnamese(event.en), event.en  # type: ignore[attr-defined]
    assert not in_english(event.vi), event.vi  # type: ignore[attr-defined]


class Sample(ScanflowError):
    """Not of the house: for the tests below."""

    code = "TST-WORDS"
    vi = "{level}: {why}, {count} tờ."
    en = "{level}: {why}, {count} sheets."


def test_a_fact_in_words_is_said_in_each_language() -> None:
    one = Sample(level=Level.TOI_MAT, why=Words("hết giấy", "no paper"), count=3)
    assert one.say_vi == "Tối mật: hết giấy, 3 tờ."
    assert one.say_en == "Tối mật (highly secret): no paper, 3 sheets."
    assert Words.joined([Words("a", "b"), "c"], "; ") == Words("a; c", "b; c")
    assert (said(Level.MAT, "vi"), said(7, "en")) == ("Mật", "7")


def test_words_that_are_made_of_others_are_in_each_language() -> None:
    for caution in Caution:
        assert in_vietnamese(caution.vi)
        assert not in_vietnamese(caution.en)
    for kind in Kind:
        assert in_vietnamese(Difference(kind, 1, 2).vi)
        assert not in_vietnamese(Difference(kind, 1, 2).en)


def test_the_judge_of_languages_sees_both() -> None:
    assert in_vietnamese("Kẹt giấy.")
    assert not in_vietnamese("A TUYỆT MẬT mark.")
    assert in_english("The paper is stuck.")
    assert not in_english("Giấy kẹt: chạy scanflow ledger open.")
