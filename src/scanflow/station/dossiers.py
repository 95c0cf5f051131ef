"""What the archive wants to know of dossiers, beside the handover list: a TOML file, one table a dossier (hồ sơ).

    ["H49.64.33.2001.160"]
    paper_code = "H49.K1/G2/H3.160"    # [mã cơ quan].[kho/giá/hộp].[số hồ sơ giấy], mandatory when digitised
    title = "…"                        # tiêu đề hồ sơ
    maintenance = "01"                 # 01 vĩnh viễn · 02 70 năm · 03 50 · 04 30 · 05 20 · 06 10 · 07 khác
    condition = "02"                   # 01 tốt · 02 bình thường · 03 hỏng
    start = 2001-01-01
    end = 2001-12-31

Source: TT 05/2025/TT-BNV, the fields of EAD.xml as far as seen.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from scanflow.manifest import Row
from scanflow.sealing import DocumentFacts
from scanflow.sealing.aip import DocumentRecord, DossierRecord
from scanflow.station.errors import DossierListRejected

_TYPES = {"nghị quyết": "01", "công văn": "22"}
"""Codes of ``typeName`` that were seen; everything else is 32, khác."""
_OTHER = "32"
_CONDITIONS = {"tốt": "01", "bình thường": "02", "hỏng": "03"}
_NUMBER = re.compile(r"(\d+)\s*/\s*(\S.*)")


class _Dossier(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    paper_code: Annotated[str, Field(min_length=3, max_length=100)]
    title: Annotated[str, Field(max_length=1000)] = ""
    maintenance: Annotated[str, Field(pattern=r"^0[1-7]$")] = "01"
    condition: Annotated[str, Field(pattern=r"^0[1-3]$")] = "02"
    start: date | None = None
    end: date | None = None
    description: Annotated[str, Field(max_length=2000)] = ""


class _Dossiers(RootModel[dict[str, _Dossier]]):
    """Dossiers by code."""


def load_dossiers(path: Path) -> dict[str, DossierRecord]:
    """The records by code of the dossier.

    Raises:
        DossierListRejected: the file is missing, is not TOML, or has an unknown, missing or impossible value. The
            values themselves are not repeated: titles are content.
    """
    try:
        found = _Dossiers.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).root
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DossierListRejected(path=path, detail=type(error).__name__) from None
    except ValidationError as error:
        where = "; ".join(".".join(map(str, fault["loc"])) + ": " + fault["type"] for fault in error.errors())
        raise DossierListRejected(path=path, detail=where) from None
    return {code: DossierRecord(code=code, **dict(one)) for code, one in found.items()}


def document_record(row: Row, facts: DocumentFacts, pdf: bytes) -> DocumentRecord:
    """A document of the package from its row of the list; the number and its symbol apart, as the circular has them."""
    number = _NUMBER.fullmatch(row.number.strip())
    return DocumentRecord(
        facts,
        pdf,
        type_code=_TYPES.get(row.kind.strip().lower(), _OTHER),
        number=number[1] if number else "",
        notation=number[2] if number else row.number,
        issued=row.issued,
        organisation=row.author,
        subject=row.abstract,
        condition=_CONDITIONS.get(row.condition.strip().lower(), "02"),
    )
