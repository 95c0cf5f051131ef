"""The separator sheets of a list (tờ phân cách)."""

from __future__ import annotations

from datetime import date

from scanflow.counting import encode_separator
from scanflow.forms import Separator, separators_pdf
from scanflow.manifest import Manifest


def separator_sheets(manifest: Manifest, day: date) -> bytes:
    """One sheet for each document that is fed, in the order of the list, as PDF."""
    batch = manifest.batch_id
    return separators_pdf(
        [
            Separator(encode_separator(batch, row.ordinal), batch, row.ordinal, row.name, row.sheets)
            for row in manifest.to_feed
        ],
        day,
    )
