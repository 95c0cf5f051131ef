"""What is known of a document without reading it: name, counts, level (P8: no title, no recognised text)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scanflow.levels import Level
from scanflow.sealing.errors import UnusableFacts

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9])?")
_SERIAL_WIDTH = 7
MANIFEST_FORM = "scanflow-manifest/1"


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """The facts that go into a sealed document's name and metadata.

    Attributes:
        dossier: mã hồ sơ, e.g. ``H49.64.33.2001.160``: ASCII letters, digits, dots, hyphens.
        serial: số thứ tự of the document in its dossier, from 1.
        level: độ mật of the document.
        sheets: number of sheets (tờ), as reconciled.
        pages: number of pages (trang), as reconciled.
        digitised_at: the moment of scanning, with a time zone.
        batch: opaque name of the batch.
        station: opaque name of the station.
        keep_blanks: the batch's convention: blank sides stay in the PDF, or are counted and left out.
    """

    dossier: str
    serial: int
    level: Level
    sheets: int
    pages: int
    digitised_at: datetime
    batch: str
    station: str
    keep_blanks: bool = True

    def __post_init__(self) -> None:
        for field in ("dossier", "batch", "station"):
            if _CODE.fullmatch(getattr(self, field)) is None:
                raise UnusableFacts(field=field)
        if not 1 <= self.serial < 10**_SERIAL_WIDTH:
            raise UnusableFacts(field="serial")
        if self.sheets < 1 or not 0 <= self.pages <= 2 * self.sheets:
            raise UnusableFacts(field="sheets/pages")
        if self.digitised_at.tzinfo is None:
            raise UnusableFacts(field="digitised_at")

    @property
    def name(self) -> str:
        """File name without suffix: dossier code, dot, seven-digit serial (TT 05/2025/TT-BNV, Điều 8.1.d)."""
        return f"{self.dossier}.{self.serial:0{_SERIAL_WIDTH}d}"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page of the PDF as its manifest lists it.

    Attributes:
        sheet, face, label: the side; its label.
        image_sha256: of the embedded JPEG bytes, hexadecimal.
        original: the bytes are the scanner's own.
        turn, skew_deg: how the image is laid upright by the page's matrix.
        text: whether the page has a text layer.
    """

    sheet: int
    face: str
    label: str
    image_sha256: str
    original: bool
    width: int
    height: int
    dpi: int
    turn: int
    skew_deg: float
    text: bool


def manifest_json(facts: DocumentFacts, entries: Sequence[PageEntry]) -> str:
    """The document's manifest as canonical JSON: what was on the paper side by side, opaque throughout."""
    document = {
        "form": MANIFEST_FORM,
        "name": facts.name,
        "dossier": facts.dossier,
        "serial": facts.serial,
        "level": facts.level.name,
        "sheets": facts.sheets,
        "pages": facts.pages,
        "digitised_at": facts.digitised_at.isoformat(timespec="seconds"),
        "batch": facts.batch,
        "station": facts.station,
        "keep_blanks": facts.keep_blanks,
        "sides": [{name: getattr(entry, name) for name in PageEntry.__slots__} for entry in entries],
    }
    return json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
