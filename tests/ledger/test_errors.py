"""Every refusal has its code, its exit status and one sentence in each language, and is raised by some test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scanflow.errors import ExitCode, ScanflowError, all_causes
from scanflow.ledger import errors as ledger_errors
from scanflow.ledger.people import errors as people_errors

CAUSES = [one for one in all_causes() if one.__module__ in (ledger_errors.__name__, people_errors.__name__)]
DIACRITICS = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)


def test_codes_are_unique_and_carry_their_rooms_prefix() -> None:
    codes = [one.code for one in CAUSES]
    assert len(codes) == len(set(codes)) and len(codes) > 35
    assert all(one.code.startswith("PPL-" if "people" in one.__module__ else "LED-") for one in CAUSES)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda one: one.code)
def test_it_says_what_happened(cause: type[ScanflowError]) -> None:
    names = set(re.findall(r"{(\w+)}", cause.vi + cause.en))
    assert set(re.findall(r"{(\w+)}", cause.vi)) == set(re.findall(r"{(\w+)}", cause.en))
    made = cause(**dict.fromkeys(names, "7"))
    assert DIACRITICS.search(made.say_vi) and made.say_vi.endswith(".") and made.say_en.endswith(".")
    assert cause.exit_code in (ExitCode.LEDGER, ExitCode.NOT_AUTHORISED)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda one: one.code)
def test_it_is_raised_by_a_test(cause: type[ScanflowError]) -> None:
    tests = "".join(one.read_text() for one in Path(__file__).parent.glob("test_*.py") if one != Path(__file__))
    assert cause.__name__ in tests
