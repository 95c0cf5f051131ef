"""A document that is no secret (any more) as plain PDF/A, where the batch says so (tài liệu không mật).

Source: 1479/BCA-ANCTNB III.1.1.c–g: what has expired or was declassified is scanned as non-secret. Default is the
container all the same; this is the one place where a PDF leaves without one.
"""

from __future__ import annotations

import hashlib
from dataclasses import InitVar, dataclass, field
from typing import NoReturn

from scanflow.levels import Level
from scanflow.sealing.errors import NothingToSeal, SecretInPlain

_RELEASED = object()
"""Known to this module only: without it no `PlainDocument` can be made."""


@dataclass(frozen=True, slots=True)
class PlainDocument:
    """A non-secret document's PDF/A on its way out in the clear; made by `release_plain` only.

    Attributes:
        name: file name without suffix.
        data: the PDF.
        sha256: its digest, hexadecimal.
    """

    name: str
    data: bytes = field(repr=False)
    sha256: str
    permit: InitVar[object]

    def __post_init__(self, permit: object) -> None:
        if permit is not _RELEASED:
            raise TypeError("a PlainDocument is made by release_plain only")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a PlainDocument is neither copied nor stored")


def release_plain(pdf: bytes, *, name: str, level: Level) -> PlainDocument:
    """Let a non-secret document go without a container.

    Raises:
        SecretInPlain: it has a level.
        NothingToSeal: there is nothing.
    """
    if level is not Level.THUONG:
        raise SecretInPlain(document=name)
    if not pdf:
        raise NothingToSeal(document=name)
    return PlainDocument(name, pdf, hashlib.sha256(pdf).hexdigest(), _RELEASED)
