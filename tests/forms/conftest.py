"""Forms are set once a session: several tests look at the same bytes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from scanflow.forms.typeset import render_pdf

from .samples import PAPERS


@cache
def made(name: str) -> bytes:
    """The PDF of a sample form."""
    return render_pdf(PAPERS[name]())


@pytest.fixture
def rasterise(tmp_path: Path) -> Callable[..., list[NDArray[np.uint8]]]:
    """Pages of a PDF as BGR pictures, by pdftoppm."""

    def run(pdf: bytes, dpi: int = 200) -> list[NDArray[np.uint8]]:
        source = tmp_path / "form.pdf"
        source.write_bytes(pdf)
        for old in tmp_path.glob("page-*.png"):
            old.unlink()
        subprocess.run(
            ["pdftoppm", "-r", str(dpi), "-png", str(source), str(tmp_path / "page")], check=True, timeout=60
        )
        return [cv2.imread(str(f)) for f in sorted(tmp_path.glob("page-*.png"))]

    return run


@pytest.fixture
def text_of(tmp_path: Path) -> Callable[[bytes], str]:
    """What plain pdftotext gives, blanks joined."""

    def run(pdf: bytes) -> str:
        source = tmp_path / "text.pdf"
        source.write_bytes(pdf)
        done = subprocess.run(["pdftotext", str(source), "-"], check=True, capture_output=True, timeout=60)
        return " ".join(done.stdout.decode().split())

    return run
