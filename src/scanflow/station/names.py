"""How batches, documents, jobs and media are called in the ledger and on media: opaque, numbers only (P8)."""

from __future__ import annotations

import hashlib


def job_name(batch: str, copy: int) -> str:
    """Directory of one delivery on a medium: ``SF-`` and the numbers of the batch, then which copy it is."""
    return f"SF-{batch.removeprefix('B-')}-{copy}"


def device_digest(identity: str) -> str:
    """Ledger id of a device: hex digits of the digest of what it says it is."""
    return hashlib.sha256(identity.encode()).hexdigest()[:32]
