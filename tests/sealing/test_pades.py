"""The agency's signature: judged by pyHanko's validator and poppler's pdfsig, and still PDF/A but for the field itself."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from tests.softhsm import Token

from scanflow.pages import Face
from scanflow.sealing import DocumentFacts, DocumentVault, build_pdf
from scanflow.sealing.errors import FontMissing, SigningFailed, SigningUnavailable
from scanflow.sealing.keys import DemoKeys, Purpose, certify
from scanflow.sealing.pades import _asn1, file_signer, sign_pdf, token_signer
from scanflow.sealing.typeset import Cut, SetFont

from .conftest import raw_page
from .permits import permit

AGENCY = "Ủy ban nhân dân tỉnh Minh Họa"
WHEN = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


@pytest.fixture
def document(facts: DocumentFacts) -> bytes:
    """Three sides of A4."""
    vault = DocumentVault("D1.1")
    for sheet, face in ((1, Face.RECTO), (1, Face.VERSO), (2, Face.RECTO)):
        vault.clear(permit(raw_page(sheet, face, size=(1169, 827))))
    return build_pdf(vault.pages(), facts)


@pytest.fixture
def signed(document: bytes, site: DemoKeys) -> bytes:
    return sign_pdf(document, AGENCY, file_signer(site.station.certificate, site.station.key), WHEN)


def judge(data: bytes, ca: x509.Certificate) -> str:
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    context = ValidationContext(trust_roots=[_asn1(ca)], allow_fetching=False)
    return str(validate_pdf_signature(signature, context).summary())


def test_the_signature_is_trusted_and_covers_the_file(signed: bytes, site: DemoKeys) -> None:
    assert judge(signed, site.ca.certificate) == "INTACT:TRUSTED,UNTOUCHED"


def test_a_changed_byte_breaks_it(signed: bytes, site: DemoKeys) -> None:
    at = signed.index(b"\xff\xd8\xff") + 300  # inside the first page's image
    changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    assert not judge(changed, site.ca.certificate).startswith("INTACT")


def test_poppler_sees_a_valid_signature(signed: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(signed)
    done = subprocess.run(["pdfsig", "-nocert", tmp_path / "x.pdf"], capture_output=True, text=True)
    assert "Signature is Valid" in done.stdout
    assert "Total document signed" in done.stdout


def test_the_text_stands_at_the_top_right_of_page_1(document: bytes, signed: bytes) -> None:
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=signed, capture_output=True)
    shown = done.stdout.decode()
    words = [line for line in shown.splitlines() if "<word" in line]
    assert any("2026-11-22T09:30:00+07:00" in line for line in words)
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        (field,) = pdf.pages[0].Annots
        box, page = [float(side) for side in field.Rect], [float(side) for side in pdf.pages[0].mediabox]
        fonts = list(field.AP.N.Resources.Font.values())
    assert page[2] - box[2] == pytest.approx(28.35, abs=0.1)
    assert page[3] - box[3] == pytest.approx(28.35, abs=0.1)
    assert "Tinos-Regular" in str(fonts[0].BaseFont)


def test_only_the_field_itself_is_beyond_the_validator(signed: bytes) -> None:
    """The validator does not know forms, so it cannot approve; it must find nothing else, and no violation."""
    report = pikepdf.pdfa.validate_written(io.BytesIO(signed), "2b")
    assert [(finding.kind, finding.where.rpartition(" ")[2]) for finding in report.findings] == [
        ("unsupported", "/AcroForm")
    ]


def test_the_scan_itself_is_not_touched(document: bytes, signed: bytes) -> None:
    def images(data: bytes) -> list[bytes]:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return [page.Resources.XObject.Im.read_raw_bytes() for page in pdf.pages]

    assert images(document) == images(signed)


def test_a_key_on_a_token_signs(document: bytes, token: Token, site: DemoKeys) -> None:
    import pkcs11
    from cryptography.hazmat.primitives import serialization
    from pkcs11 import Attribute, KeyType
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

    session = pkcs11.lib(str(token.module)).get_token(token_label=token.label).open(rw=True, user_pin=token.pin)
    with session:
        curve = encode_named_curve_parameters("1.3.132.0.34")
        domain = session.create_domain_parameters(KeyType.EC, {Attribute.EC_PARAMS: curve}, local=True)
        public, _ = domain.generate_keypair(
            store=True, label="sign", id=b"\x09", capabilities=pkcs11.MechanismFlag.SIGN
        )
        encoded = encode_ec_public_key(public)
    key = serialization.load_der_public_key(encoded)
    certificate = certify(site.ca, "Trạm (token)", key, purpose=Purpose.SIGN)  # type: ignore[arg-type]
    with token_signer(token.module, token.label, "sign", token.pin, certificate) as signer:
        signed = sign_pdf(document, AGENCY, signer, WHEN)
    assert judge(signed, site.ca.certificate) == "INTACT:TRUSTED,UNTOUCHED"


def test_a_wrong_pin_is_refused_and_not_shown(token: Token, site: DemoKeys) -> None:
    with (
        pytest.raises(SigningFailed) as caught,
        token_signer(token.module, token.label, "sign", "000000", site.station.certificate),
    ):
        pass
    assert "000000" not in str(caught.value)


def test_what_cannot_be_signed_is_said(site: DemoKeys, document: bytes) -> None:
    class Broken:
        signer = None

    with pytest.raises(SigningFailed):
        sign_pdf(document, AGENCY, Broken(), WHEN)


def test_a_letter_the_font_lacks_is_said() -> None:
    with pytest.raises(FontMissing):
        SetFont(Cut.REGULAR, ["漢"])


def test_set_text_is_as_wide_as_its_letters() -> None:
    font = SetFont(Cut.BOLD, ["MẬT", "TUYỆT MẬT"])
    assert font.width("TUYỆT MẬT", 13) / 72 * 25.4 == pytest.approx(27.5, abs=0.3)  # measured in Times metrics


def test_without_the_signing_library_it_is_said(
    document: bytes, site: DemoKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = file_signer(site.station.certificate, site.station.key)
    monkeypatch.setitem(sys.modules, "pyhanko.sign.signers", None)
    monkeypatch.setitem(sys.modules, "pyhanko.sign", None)
    with pytest.raises(SigningUnavailable):
        file_signer(site.station.certificate, site.station.key)
    with pytest.raises(SigningUnavailable):
        sign_pdf(document, AGENCY, signer, WHEN)
