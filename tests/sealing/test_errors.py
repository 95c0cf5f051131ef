"""Every refusal of the room says what to do, in both languages, under a code of its own."""

from __future__ import annotations

import re
import string
import unicodedata

import pytest

import scanflow.sealing.errors as errors
from scanflow.errors import ScanflowError, all_causes

CAUSES = [cause for cause in all_causes(errors.SealingError) if cause.__module__ == errors.__name__]
VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]")


def facts_of(cause: type[ScanflowError]) -> dict[str, object]:
    names = {name for text in (cause.vi, cause.en) for _, name, _, _ in string.Formatter().parse(text) if name}
    return dict.fromkeys(names, "x1")


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.code)
def test_a_refusal_speaks(cause: type[ScanflowError]) -> None:
    refusal = cause(**facts_of(cause))
    assert refusal.code.startswith("SEA-")
    assert refusal.exit_code != 0
    assert len(VIETNAMESE.findall(refusal.say_vi.lower())) >= 5
    assert unicodedata.normalize("NFC", refusal.say_vi) == refusal.say_vi
    assert not VIETNAMESE.search(refusal.say_en)
    assert refusal.say_vi.count(".") >= 1
    assert "{" not in refusal.say_vi + refusal.say_en
    assert (cause.__doc__ or "").strip()


def test_codes_are_unique() -> None:
    codes = [cause.code for cause in CAUSES]
    assert len(set(codes)) == len(codes) >= 20


@pytest.mark.parametrize("cause", [cause for cause in CAUSES if facts_of(cause)], ids=lambda cause: cause.code)
def test_a_fact_that_is_missing_is_noticed(cause: type[ScanflowError]) -> None:
    with pytest.raises(KeyError):
        cause()
