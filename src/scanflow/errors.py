"""The root of every refusal: a stable code, a Vietnamese sentence that says what to do, the same in English.

Each room keeps its own causes in its ``errors`` module, one class a cause::

    class FeederJammed(ScannerError):
        '''Paper jam (kẹt giấy).'''
        code = "SCN-JAM"
        vi = "Kẹt giấy sau tờ {last_good}. Mở nắp máy quét, lấy giấy kẹt ra, xếp lại từ tờ {resume_at}."
        en = "Paper jam after sheet {last_good}. Open the cover, remove it, reload from sheet {resume_at}."

    raise FeederJammed(last_good=3, resume_at=4)

A fact named in a sentence must be given, and no fact may carry content of a page (promise P8). A fact that is itself
said in words is said in both languages: `Words`, `Level`, the closed lists of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages (lời bằng hai thứ tiếng)."""

    vi: str
    en: str

    def __str__(self) -> str:
        """Vietnamese first."""
        return self.vi

    @classmethod
    def joined(cls, parts: Iterable[object], between: str) -> Words:
        """Several of them, each in its language."""
        told = tuple(parts)
        return cls(between.join(said(one, "vi") for one in told), between.join(said(one, "en") for one in told))


def said(fact: object, language: str) -> str:
    """A fact in a language, ``vi`` or ``en``: what has words of its own speaks them, anything else is written out."""
    return str(getattr(fact, language, fact))


class ExitCode(IntEnum):
    """Exit status of the ``scanflow`` command, one per kind of outcome."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    BAD_MANIFEST = 3
    SCANNER = 4
    HELD = 5
    ROUTED_OUT = 6
    COUNT_DIFFERS = 7
    MEDIUM = 8
    SEALING = 9
    LEDGER = 10
    NOT_AUTHORISED = 11
    HOST_UNFIT = 12
    INTERRUPTED = 130


class ScanflowError(Exception):
    """A refusal or fault that a person can act on. Subclass it once per cause; never raise it bare."""

    code: ClassVar[str]
    vi: ClassVar[str]
    en: ClassVar[str]
    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL

    def __init__(self, **facts: object) -> None:
        """Keep ``facts`` for the sentences.

        Raises:
            KeyError: a sentence names a fact that was not given.
        """
        self.facts = facts
        self.say_vi = self.vi.format_map(_spoken(facts, "vi"))
        self.say_en = self.en.format_map(_spoken(facts, "en"))
        super().__init__(f"{self.code}: {self.say_en}")


def _spoken(facts: dict[str, object], language: str) -> dict[str, object]:
    return {name: getattr(fact, language, fact) for name, fact in facts.items()}


def all_causes(root: type[ScanflowError] = ScanflowError) -> list[type[ScanflowError]]:
    """Every concrete cause (a class with a ``code`` of its own) that has been imported, in definition order."""
    found: list[type[ScanflowError]] = []
    for child in root.__subclasses__():
        if "code" in vars(child):
            found.append(child)
        found.extend(all_causes(child))
    return found
