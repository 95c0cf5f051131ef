"""A site with its keys, and pages on their way."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from scanflow.levels import Level
from scanflow.pages import Face, Pose, RawPage, SideLabel
from scanflow.sealing import CmsSealer, DocumentFacts, DocumentVault
from scanflow.sealing.keys import DemoKeys, init_demo

from .paper import as_jpeg
from .permits import permit

HANOI = timezone(timedelta(hours=7))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> DemoKeys:
    """CA, an EC holder, an RSA holder, the recovery certificate, the station's key."""
    return init_demo(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def sealer(site: DemoKeys) -> CmsSealer:
    return CmsSealer(site.recipients, site.ca.certificate)


@pytest.fixture
def facts() -> DocumentFacts:
    return make_facts()


def make_facts(**changes: object) -> DocumentFacts:
    values: dict[str, object] = {
        "dossier": "H49.64.33.2001.160",
        "serial": 1,
        "level": Level.MAT,
        "sheets": 2,
        "pages": 3,
        "digitised_at": datetime(2026, 11, 22, 9, 30, tzinfo=HANOI),
        "batch": "D-2026-11-22-1",
        "station": "TRAM-1",
    }
    return DocumentFacts(**(values | changes))  # type: ignore[arg-type]


def raw_page(sheet: int, face: Face = Face.RECTO, *, size: tuple[int, int] = (120, 90), own: bool = True) -> RawPage:
    """A small colour page; its content differs by side, so that swapped sides are seen."""
    shade = (sheet * 40 + (20 if face is Face.VERSO else 0)) % 200
    pixels = np.full((*size, 3), 230, np.uint8)
    pixels[size[0] // 4 : size[0] // 2, size[1] // 8 : size[1] // 2] = (shade, 30, 200 - shade)
    return RawPage(sheet, face, pixels, 100, as_jpeg(pixels) if own else None)


@pytest.fixture
def vault() -> Iterator[DocumentVault]:
    """Three cleared sides of two sheets."""
    one = DocumentVault("D1.1")
    for sheet, face in ((1, Face.RECTO), (1, Face.VERSO), (2, Face.RECTO)):
        one.clear(permit(raw_page(sheet, face), Pose(0, 0.5), SideLabel.CONTENT, Level.MAT))
    yield one
    one.erase()


@pytest.fixture
def openssl(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs the stock openssl command in ``tmp_path``."""

    def run(*words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["openssl", *words], cwd=tmp_path, capture_output=True)

    return run
