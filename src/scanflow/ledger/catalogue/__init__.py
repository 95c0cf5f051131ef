"""The one catalogue of events (danh mục sự kiện): declare an event once, and it exists everywhere.

The types, the strict reader, the inspector's sentences and ``docs/events.md`` all come from the declaration.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

from scanflow.ledger.catalogue.batch import *  # noqa: F403 - the catalogue is the sum of its themes
from scanflow.ledger.catalogue.feed import *  # noqa: F403
from scanflow.ledger.catalogue.log import *  # noqa: F403
from scanflow.ledger.catalogue.output import *  # noqa: F403
from scanflow.ledger.catalogue.people import *  # noqa: F403
from scanflow.ledger.catalogue.words import *  # noqa: F403


def commit(data: bytes, salt: bytes | None = None) -> tuple[str, bytes]:
    """A salted commitment to ``data``, and the salt to keep beside the data, outside the ledger (cam kết).

    Args:
        data: what is committed to: a reason in words, a handover list.
        salt: 32 bytes when an old commitment is checked; fresh random ones by default.
    """
    salt = secrets.token_bytes(32) if salt is None else salt
    return sha256(salt + data).hexdigest(), salt
