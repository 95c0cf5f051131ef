"""The agency's signature as the configuration names it: certificate, and a key from a file or a token (chữ ký số)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from scanflow.sealing import load_certificate, load_private_key
from scanflow.sealing.errors import KeyUnusable
from scanflow.sealing.pades import file_signer, sign_pdf, token_signer
from scanflow.station.config import SignatureConfig

SignDocument = Callable[[bytes, datetime], bytes]
"""The PDF/A with the agency's visible PAdES signature on page 1."""
AskSecret = Callable[[str], str]
"""Asks a person for the PIN or passphrase of the thing named."""


@contextmanager
def agency_signer(config: SignatureConfig, agency: str, ask: AskSecret) -> Iterator[SignDocument]:
    """The signature, ready while the block lasts; the PIN or passphrase is asked for once.

    Raises:
        SigningUnavailable: the signing library is not installed.
        SigningFailed: no such token or key, the PIN is wrong, or the key is not the certificate's.
        KeyUnusable: the key file cannot be opened.
    """
    certificate = load_certificate(config.certificate.read_bytes())
    chain = tuple(load_certificate(path.read_bytes()) for path in config.chain)
    if config.module is not None:
        pin = ask(f"Mã PIN của {config.token}")
        with token_signer(config.module, config.token, config.label, pin, certificate, chain) as signing:
            yield lambda pdf, when: sign_pdf(pdf, agency, signing, when)
        return
    if config.key is None:  # the configuration refuses this
        raise KeyUnusable(why="no key is named", why_vi="cấu hình chưa ghi khóa ký")
    pem = config.key.read_bytes()
    try:
        key = load_private_key(pem, None)
    except KeyUnusable:
        key = load_private_key(pem, ask("Mật khẩu khóa ký số của cơ quan"))
    signing = file_signer(certificate, key, chain)
    yield lambda pdf, when: sign_pdf(pdf, agency, signing, when)
