"""Every cause of the room: a code of its own, a sentence in Vietnamese that says what to do, the same in English."""

from __future__ import annotations

import string

import pytest

import scanflow.scanner.errors as causes
from scanflow.errors import ExitCode, all_causes
from scanflow.scanner.errors import FeedFault, ScannerError
from scanflow.scanner.status import SaneStatus, fault_of, status_of

CAUSES = all_causes(ScannerError)


def facts_for(cause: type[ScannerError]) -> dict[str, object]:
    names = {f for text in (cause.vi, cause.en) for _, f, _, _ in string.Formatter().parse(text) if f}
    return {name: "X" for name in names - {"last_good", "resume_at"}}


@pytest.mark.parametrize("cause", CAUSES, ids=lambda c: c.code)
def test_every_cause_can_be_said(cause: type[ScannerError]) -> None:
    facts = facts_for(cause)
    error = cause(last_good=4, **facts) if issubclass(cause, FeedFault) else cause(**facts)
    assert error.code.startswith("SCN-") and error.exit_code in (ExitCode.SCANNER, ExitCode.HOST_UNFIT, ExitCode.USAGE)
    assert error.say_vi.endswith(".") and error.say_en.endswith(".") and "{" not in error.say_vi + error.say_en
    assert any(c in error.say_vi for c in "ạảãàáâậấầẩẫăắằặẳẵđêếềệểễôốồộổỗơớờợởỡưứừựửữịỉĩìíọỏõòóụủũùúỵỷỹỳý")
    if isinstance(error, FeedFault):
        assert (error.last_good, error.resume_at) == (4, 5) and "tờ 5" in error.say_vi and "sheet 5" in error.say_en


def test_codes_are_unique_and_all_causes_live_in_one_place() -> None:
    assert len({c.code for c in CAUSES}) == len(CAUSES) > 25
    assert {c.__module__ for c in CAUSES} == {causes.__name__}


@pytest.mark.parametrize("status", list(SaneStatus))
@pytest.mark.parametrize("in_page", [False, True])
def test_every_sane_status_is_a_typed_fault(status: SaneStatus, in_page: bool) -> None:
    fault = fault_of(status_of(status.value), last_good=2, in_page=in_page)
    assert fault.last_good == 2
    if in_page and status in (SaneStatus.NO_DOCS, SaneStatus.EOF):
        assert type(fault) is causes.TornImage  # a torn page is no end of feed


def test_the_texts_are_those_of_libsane() -> None:
    """The map stands on the texts of the installed library, so that is asked."""
    import ctypes
    import ctypes.util

    name = ctypes.util.find_library("sane")
    assert name, "libsane is missing: apt-get install libsane1"
    library = ctypes.CDLL(name)
    library.sane_strstatus.restype = ctypes.c_char_p
    assert {library.sane_strstatus(n).decode() for n in range(1, 12)} == {s.value for s in SaneStatus}


def test_an_unknown_text_is_an_io_error() -> None:
    assert status_of("Flux capacitor empty") is SaneStatus.IO_ERROR
