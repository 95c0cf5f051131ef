"""Names: what a device says about itself, made safe to show; what we write, kept plain (tên gọi)."""

from __future__ import annotations

import re
import unicodedata

from scanflow.media.errors import NameUnfit

SHOWN_MAX = 64
"""Characters of an untrusted name that are shown."""

_OUTPUT_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]|\.(?=[A-Za-z0-9])){0,59}")
_TAKEN = frozenset({"CON", "PRN", "AUX", "NUL"} | {f"{stem}{digit}" for stem in ("COM", "LPT") for digit in range(10)})


def shown(untrusted: str, most: int = SHOWN_MAX) -> str:
    r"""A name from outside, safe for screens, terminals, logs and JSON.

    Everything but letters, marks, digits, plain punctuation and the space becomes ``\u{hex}``; so newlines,
    terminal escapes, bidirectional overrides and lone surrogates are seen, not obeyed.
    """
    out: list[str] = []
    for char in untrusted[:most]:
        category = unicodedata.category(char)
        if char == " " or category[0] in "LNPS" or category in {"Mn", "Mc"}:
            out.append(char)
        else:
            out.append(f"\\u{{{ord(char):x}}}")
    return "".join(out) + ("…" if len(untrusted) > most else "")


def plain(untrusted: str) -> bool:
    """True for printable ASCII without leading or trailing space."""
    return all(" " <= char <= "~" for char in untrusted) and untrusted == untrusted.strip()


def output_name(name: str) -> str:
    """``name`` when it may be written on a medium: short plain ASCII, no path, none that DOS reserves.

    Raises:
        NameUnfit: otherwise. The name itself is not repeated, since a bad one may carry content.
    """
    if not _OUTPUT_NAME.fullmatch(name) or name.split(".")[0].upper() in _TAKEN:
        raise NameUnfit
    return name


def output_names(names: list[str]) -> list[str]:
    """All of ``names``, each fit and no two equal when case is ignored (FAT folds case).

    Raises:
        NameUnfit: one is not.
    """
    for name in names:
        output_name(name)
    if len({name.lower() for name in names}) != len(names):
        raise NameUnfit
    return names
