"""Every refusal of every room: a stable code, a Vietnamese sentence, an English one, and nothing twice."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter

import pytest

import scanflow
from scanflow.errors import ScanflowError, all_causes

for module in pkgutil.walk_packages(scanflow.__path__, "scanflow."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)

CAUSES = [cause for cause in all_causes() if cause.__module__.startswith("scanflow.")]
VIETNAMESE_MARKS = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)


def test_there_are_causes_to_check() -> None:
    assert len(CAUSES) > 50


def test_codes_are_unique() -> None:
    assert [code for code, count in Counter(cause.code for cause in CAUSES).items() if count > 1] == []


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.code)
def test_cause_speaks_both_languages(cause: type[ScanflowError]) -> None:
    assert re.fullmatch(r"[A-Z]{2,4}-[A-Z0-9]+(-[A-Z0-9]+)*", cause.code)
    assert VIETNAMESE_MARKS.search(cause.vi), "a Vietnamese sentence carries Vietnamese marks"
    assert cause.vi != cause.en
    assert cause.vi.rstrip().endswith((".", "!", "}"))
