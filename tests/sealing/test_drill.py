"""The recovery drill tells the truth."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
import pytest

from scanflow.levels import Level
from scanflow.sealing import CmsSealer, Container, DocumentVault, build_pdf
from scanflow.sealing.drill import NOT_THE_DOCUMENT, rehearse
from scanflow.sealing.keys import DemoKeys, new_certificate
from scanflow.sealing.package import seal_index
from scanflow.sealing.pades import file_signer, sign_pdf

from .conftest import make_facts, raw_page
from .permits import permit


@pytest.fixture(scope="module")
def sealed(sealer: CmsSealer, site: DemoKeys) -> dict[str, bytes]:
    """Two documents, one of them signed, and their index."""
    boxes: list[Container] = []
    for serial in (1, 2):
        vault = DocumentVault(f"D1.{serial}")
        vault.clear(permit(raw_page(serial)))
        facts = make_facts(serial=serial)
        data = build_pdf(vault.pages(), facts)
        if serial == 2:
            data = sign_pdf(data, "Cơ quan", file_signer(site.station.certificate, site.station.key), datetime.now(UTC))
        boxes.append(sealer.seal(data, name=facts.name, level=facts.level))
    boxes.append(seal_index(make_facts().dossier, boxes, sealer))
    return {box.name: box.data for box in boxes}


def codes(containers: dict[str, bytes], site: DemoKeys) -> dict[str, str | None]:
    report = rehearse(containers, site.recovery.certificate, site.recovery.key)
    assert report.passed == (not any(one.code for one in report.results))
    return {one.name: one.code for one in report.results}


def test_a_whole_set_passes(sealed: dict[str, bytes], site: DemoKeys) -> None:
    assert set(codes(sealed, site).values()) == {None}
    assert len(codes(sealed, site)) == 3


def test_a_missing_document_is_told(sealed: dict[str, bytes], site: DemoKeys) -> None:
    name = make_facts(serial=2).name
    found = codes({other: data for other, data in sealed.items() if other != name}, site)
    assert found[name] == "SEA-SET"


def test_a_changed_document_is_told(sealed: dict[str, bytes], site: DemoKeys) -> None:
    name = make_facts(serial=1).name
    changed = sealed[name][:-1] + bytes([sealed[name][-1] ^ 1])
    assert codes({name: changed}, site) == {name: "SEA-FORGED"}


def test_a_document_under_another_name_is_told(sealed: dict[str, bytes], site: DemoKeys) -> None:
    wrong = make_facts(serial=9).name
    assert codes({wrong: sealed[make_facts(serial=1).name]}, site) == {wrong: NOT_THE_DOCUMENT}


def test_what_is_no_document_is_told(sealer: CmsSealer, site: DemoKeys) -> None:
    box = sealer.seal(b"no pdf at all", name="H1.0000001", level=Level.MAT)
    assert codes({box.name: box.data}, site) == {box.name: NOT_THE_DOCUMENT}


def pdf_with(source: str) -> bytes:
    """A PDF whose place for the manifest says something else."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        with pdf.open_metadata() as metadata:
            metadata["dc:source"] = source
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("source", ["[1]", "1", "{", '{"name": "D", "sides": 3}', "[" * 100_000])
def test_a_strange_document_does_not_end_the_drill(
    source: str, sealed: dict[str, bytes], sealer: CmsSealer, site: DemoKeys
) -> None:
    strange = sealer.seal(pdf_with(source), name="D", level=Level.MAT)
    good = make_facts(serial=1).name
    assert codes({"D": strange.data, good: sealed[good]}, site) == {"D": NOT_THE_DOCUMENT, good: None}


@pytest.mark.parametrize("name", ["D.index", "D.aip"])
@pytest.mark.parametrize("content", [b"[" * 100_000, b"PK\x05\x06" + bytes(17), b'{"form": 1}', b"Infinity"])
def test_a_strange_index_or_package_does_not_end_the_drill(
    name: str, content: bytes, sealed: dict[str, bytes], sealer: CmsSealer, site: DemoKeys
) -> None:
    good = make_facts(serial=1).name
    found = codes({name: sealer.seal(content, name=name, level=Level.MAT).data, good: sealed[good]}, site)
    assert found[name] in (NOT_THE_DOCUMENT, "SEA-INDEX") and found[good] is None


def test_a_lost_key_shows_at_once(sealed: dict[str, bytes], site: DemoKeys) -> None:
    other = new_certificate(site.ca, "Khôi phục mới")
    report = rehearse(sealed, other.certificate, other.key)
    assert not report.passed
    assert {one.code for one in report.results} == {"SEA-NOT-YOURS"}


def test_nothing_opened_is_not_passed(site: DemoKeys) -> None:
    assert not rehearse({}, site.recovery.certificate, site.recovery.key).passed
