"""What exactly two persons sign for: an id of one difference with its figures, that covers no other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from scanflow.counting.errors import SignOffForeign
from scanflow.counting.events import SignOffLike
from scanflow.manifest.model import document_id

PURPOSE = "release_difference"
"""The ledger's word for letting a document go on in spite of a difference, or correcting its row."""


def difference_subject(
    batch_id: str, ordinal: int, declared: tuple[int, int], counted: tuple[int, int], sheets: Sequence[int]
) -> str:
    """Id of a document's difference: changes with either count and with each rescan.

    Args:
        batch_id: of the list.
        ordinal: STT.
        declared: sheets and pages of the row.
        counted: sheets and pages counted.
        sheets: ordinals of the live sheets.
    """
    return _subject(document_id(batch_id, ordinal), "difference", declared, counted, tuple(sheets))


def correction_subject(batch_id: str, ordinal: int, before: tuple[int, int], after: tuple[int, int]) -> str:
    """Id of one correction of a row: sheets and pages before and after."""
    return _subject(document_id(batch_id, ordinal), "correction", before, after)


def batch_subject(batch_id: str, kind: str, *figures: int) -> str:
    """Id of a difference that belongs to no single document."""
    return _subject(batch_id, kind, figures)


def check_correction(
    batch_id: str, ordinal: int, before: tuple[int, int], after: tuple[int, int], sign_off: SignOffLike
) -> None:
    """The sign-off covers this very correction.

    Raises:
        SignOffForeign: it does not.
    """
    subject = correction_subject(batch_id, ordinal, before, after)
    if sign_off.purpose != PURPOSE or sign_off.subject_id != subject:
        raise SignOffForeign(ordinal=ordinal)


def _subject(owner: str, *facts: object) -> str:
    digest = hashlib.sha256(repr((owner, facts)).encode()).digest()
    return f"{owner}-X{int.from_bytes(digest) % 10**12:012d}"
