"""Every refusal of the room: a code of its own, two whole sentences, nothing left open."""

from __future__ import annotations

import string

import pytest

from scanflow.errors import ScanflowError, all_causes
from scanflow.media import errors

CAUSES = [cause for cause in all_causes(errors.MediaError)]
_VIETNAMESE = set("ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ")


def facts_of(cause: type[ScanflowError]) -> dict[str, object]:
    fields = [*string.Formatter().parse(cause.vi), *string.Formatter().parse(cause.en)]
    return {name: "7" for _, name, _, _ in fields if name}


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.code)
def test_sentences(cause: type[ScanflowError]) -> None:
    fault = cause(**facts_of(cause))
    assert fault.code.startswith("MED-") and fault.code == fault.code.upper()
    assert "{" not in fault.say_vi + fault.say_en
    assert fault.say_vi.endswith(".") and fault.say_en.endswith(".")
    assert set(fault.say_vi.lower()) & _VIETNAMESE
    assert len(fault.say_vi) < 230
    assert int(fault.exit_code) > 1, "a typed fault is no internal error"


def test_codes_are_unique() -> None:
    codes = [cause.code for cause in CAUSES]
    assert len(codes) == len(set(codes)) >= 40
