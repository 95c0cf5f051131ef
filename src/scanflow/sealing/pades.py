"""The agency's digital signature: PAdES B-B, its text at the top right of page 1 (TT 05/2025/TT-BNV, Điều 8).

The text is the agency's name and the time of signing (ISO 8601 with the Vietnamese zone), Times-metric,
upright, 10 pt, black, without a seal image. The room has no time-stamping service and no OCSP, so the level
is B-B with local time; it can be raised outside. Signing comes after PDF/A and before the container; nothing
may be converted afterwards.

pyHanko (the optional extra ``pades``) makes the CMS; the visible field is drawn here, with an embedded font,
since pyHanko's own stamp would use one that is not embedded.
"""

from __future__ import annotations

import asyncio
import io
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Protocol

import pikepdf
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pikepdf import Array, Dictionary, Name, pdfa

from scanflow.errors import Words
from scanflow.sealing.errors import SigningFailed, SigningUnavailable
from scanflow.sealing.keyops import SoftwareKey
from scanflow.sealing.typeset import Cut, SetFont

VIETNAM = timezone(timedelta(hours=7))
FIELD = "ChuKyCoQuan"
_SIZE = 10.0
_LEADING = 12.0
_MARGIN = 28.35
"""10 mm from the top and right edges, in points."""
_PADDING = 3.0
_LOCKED_PRINTED = 132
_DIGEST = "sha384"


class PdfSigningKey(Protocol):
    """A signing key as pyHanko wants it."""

    @property
    def signer(self) -> Any:
        """A ``pyhanko.sign.signers.Signer``."""
        ...


@dataclass(frozen=True, slots=True)
class Signing:
    """A signer ready for use; made by `file_signer` or `token_signer`."""

    signer: Any


def sign_pdf(data: bytes, agency: str, key: PdfSigningKey, when: datetime) -> bytes:
    """The PDF/A with the agency's visible signature on page 1.

    Args:
        data: from `build_pdf`.
        agency: name of the agency, as it is to stand on the page.
        key: from `file_signer` or `token_signer`.
        when: time of signing, with a time zone; shown on the page in the Vietnamese zone.

    Raises:
        SigningUnavailable: pyHanko is not installed.
        SigningFailed: key, certificate or token failed.
        FontMissing: the font for the text is not there.
    """
    lines = (agency, when.astimezone(VIETNAM).isoformat(timespec="seconds"))
    prepared = _with_field(data, lines)
    try:
        return _signed(prepared, key)
    except ImportError as fault:
        raise SigningUnavailable() from fault
    except Exception as fault:  # pyHanko, asn1crypto and PKCS#11 have no common root
        raise SigningFailed(why=type(fault).__name__) from fault


def file_signer(certificate: x509.Certificate, key: SoftwareKey, chain: tuple[x509.Certificate, ...] = ()) -> Signing:
    """A signer with a key from a file.

    Raises:
        SigningUnavailable: pyHanko is not installed.
        SigningFailed: the key is not the certificate's, or that is not valid now or not for signing.
    """
    try:
        from asn1crypto.keys import PrivateKeyInfo  # type: ignore[import-untyped]
        from pyhanko.sign.signers import SimpleSigner
        from pyhanko_certvalidator.registry import SimpleCertificateStore
    except ImportError as fault:
        raise SigningUnavailable() from fault
    encoded = key.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    store = SimpleCertificateStore.from_certs(  # type: ignore[no-untyped-call]
        [_asn1(one) for one in chain]
    )
    signer = SimpleSigner(
        signing_cert=_asn1(certificate),
        signing_key=PrivateKeyInfo.load(encoded),
        cert_registry=store,
    )
    return _proved(signer, certificate)


@contextmanager
def token_signer(
    module: Path,
    token_label: str,
    key_label: str,
    pin: str,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...] = (),
) -> Iterator[Signing]:
    """A signer whose key stays on a PKCS#11 token.

    Raises:
        SigningUnavailable: pyHanko is not installed.
        SigningFailed: no such library, token or key, or the PIN is wrong (tried once); or as `file_signer`.
    """
    try:
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as fault:
        raise SigningUnavailable() from fault
    try:
        criteria = TokenCriteria(label=token_label)
        session = open_pkcs11_session(str(module), token_criteria=criteria, user_pin=pin)
    except Exception as fault:
        raise SigningFailed(why=type(fault).__name__) from fault
    with session:
        # "raw": the token signs a digest made here; many tokens know no hash of 384 bits
        signer = PKCS11Signer(
            session,
            key_label=key_label,
            signing_cert=_asn1(certificate),
            ca_chain=[_asn1(one) for one in chain],
            use_raw_mechanism=isinstance(certificate.public_key(), ec.EllipticCurvePublicKey),
        )
        yield _proved(signer, certificate)


def _proved(signer: Any, certificate: x509.Certificate) -> Signing:
    """The signer, after a trial signature that the certificate verifies: a wrong key is found before the feed.

    Raises:
        SigningFailed: the certificate is not valid now or not for signing, or the key signs nothing or is another's.
    """
    if not certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc:
        raise SigningFailed(why=Words("chứng thư đã hết hạn hoặc chưa có hiệu lực", "the certificate is not valid now"))
    if not _may_sign(certificate):
        raise SigningFailed(why=Words("chứng thư không dùng để ký", "the certificate is not for signing"))
    public, trial = certificate.public_key(), secrets.token_bytes(32)
    try:
        signature = asyncio.run(signer.async_sign_raw(trial, _DIGEST))
    except Exception as fault:  # pyHanko and PKCS#11 have no common root
        raise SigningFailed(why=type(fault).__name__) from fault
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, trial, ec.ECDSA(hashes.SHA384()))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, trial, padding.PKCS1v15(), hashes.SHA384())
        else:
            raise SigningFailed(why=Words("không phải khóa EC hay RSA", "neither EC nor RSA"))
    except InvalidSignature:
        raise SigningFailed(why=Words("khóa không khớp chứng thư", "the key is not the certificate's")) from None
    return Signing(signer)


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.digital_signature or usage.content_commitment


def _with_field(data: bytes, lines: tuple[str, ...]) -> bytes:
    """The document with an empty signature field whose appearance shows the lines."""
    font = SetFont(Cut.REGULAR, lines)
    width = max(font.width(line, _SIZE) for line in lines) + 2 * _PADDING
    height = _LEADING * len(lines) + 2 * _PADDING
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        right = max(float(page.mediabox[2]) - _MARGIN, width)  # on a slip narrower than the text it starts at its edge
        top = max(float(page.mediabox[3]) - _MARGIN, height)
        look = pdf.make_stream(
            _text(lines, font, width, height),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, _real(width), _real(height)]),
            Resources=Dictionary(Font=Dictionary(F=font.to_object(pdf))),
        )
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=pikepdf.String(FIELD),
                F=_LOCKED_PRINTED,
                Rect=Array([_real(value) for value in (right - width, top - height, right, top)]),
                P=page.obj,
                AP=Dictionary(N=look),
            )
        )
        page.Annots = Array([field])
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([field]), SigFlags=3))
        out = io.BytesIO()
        pdf.save(out, **pdfa.resolve_save_kwargs("2b", deterministic_id=True))
    return out.getvalue()


def _text(lines: tuple[str, ...], font: SetFont, width: float, height: float) -> bytes:
    """Lines flush right, black."""
    parts = [b"0 g BT /F %.1f Tf" % _SIZE]
    for number, line in enumerate(lines, start=1):
        left = width - _PADDING - font.width(line, _SIZE)
        parts.append(b"1 0 0 1 %.2f %.2f Tm %s Tj" % (left, height - number * _LEADING, font.encode(line)))
    return b"\n".join([*parts, b"ET"])


def _signed(prepared: bytes, key: PdfSigningKey) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    metadata = signers.PdfSignatureMetadata(field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm=_DIGEST)

    class Pdf17Writer(IncrementalPdfFileWriter):
        """PDF/A-2 is PDF 1.7 (ISO 19005-2, 6.1.2); for a P-384 key pyHanko would make it PDF 2.0."""

        output_version = (1, 7)

        def ensure_output_version(self, version: tuple[int, int]) -> None:
            """Stay at what the document is."""

        def register_extension(self, ext: Any) -> None:
            """Declare none: they are entries of PDF 2.0."""

    writer = Pdf17Writer(io.BytesIO(prepared))
    signer = signers.PdfSigner(metadata, key.signer, stamp_style=_keep_appearance())
    out = io.BytesIO()
    signer.sign_pdf(writer, existing_fields_only=True, output=out)
    return out.getvalue()


def _keep_appearance() -> Any:
    """A stamp style that draws nothing, so that the field keeps the look it was given."""
    from pyhanko.stamp import BaseStampStyle

    class KeepAppearance(BaseStampStyle):
        def create_stamp(self, writer: Any, box: Any, text_params: Any) -> None:
            return None

    return KeepAppearance()


def _asn1(certificate: x509.Certificate) -> Any:
    """The certificate in the form that pyHanko works with."""
    from asn1crypto.x509 import Certificate  # type: ignore[import-untyped]

    return Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _real(value: float) -> pikepdf.Object:
    return pikepdf.Object.parse(b"%.3f" % value)
