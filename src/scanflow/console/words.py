"""Words and templates: Vietnamese is written in the templates, English comes from the catalogue (gettext)."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2

from scanflow.errors import ScanflowError, Words, said
from scanflow.pages import Face

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("vi", "en")
DOMAIN: Final = "console"


def face_words(face: Face) -> Words:
    """Front or back of a sheet."""
    return Words("mặt trước", "front") if face is Face.RECTO else Words("mặt sau", "back")


def N_(words: str) -> str:
    """Marks words that stand in the code and are put into the language where they are shown."""
    return words


def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; the words of the templates are Vietnamese already."""
    if language == "vi":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, HERE / "locale", [language])


@cache
def environment(language: str) -> jinja2.Environment:
    """The templates in a language; everything is escaped, and a name that is not given is a fault."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = translations(language)
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals["language"] = language
    made.filters["said"] = _said(language)
    made.filters["told"] = lambda fact: said(fact, language)
    return made


def _said(language: str) -> Any:
    """A sentence that the house says in both languages: a notice, a question, a refusal."""

    def spoken(one: Any) -> str:
        if isinstance(one, ScanflowError):
            return one.say_vi if language == "vi" else one.say_en
        return str(one.vi if language == "vi" else one.en)

    return spoken
