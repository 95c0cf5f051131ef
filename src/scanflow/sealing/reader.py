"""Opening a container: nothing is released before the tag, and every byte of the file counts.

`open_container` opens what scanflow sealed: besides content and tag, the list of recipients must fit the
nonce (`cms.bound_nonce`), so no byte of the file can be changed unseen. `open_message` opens what another
tool made with the same algorithms (``openssl cms -encrypt``), whose list of recipients nothing protects.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from scanflow.sealing import der
from scanflow.sealing.cms import (
    Agreement,
    Envelope,
    IssuerSerial,
    KeyId,
    RecipientId,
    RecipientInfo,
    bound_nonce,
    parse,
)
from scanflow.sealing.der import DerError
from scanflow.sealing.errors import ContainerForged, ContainerMalformed, NotARecipient
from scanflow.sealing.keyops import PrivateKeyOps, key_identifier, unwrap_key


@dataclass(frozen=True, slots=True)
class RecipientEntry:
    """How one recipient is named in a container, for the operator who asks whose it is."""

    key_id: str | None
    kind: str


def open_container(data: bytes, certificate: x509.Certificate, key: PrivateKeyOps) -> bytes:
    """The plaintext of a container that scanflow sealed.

    Args:
        data: the whole file.
        certificate: the recipient's; finds the entry, its validity does not matter for opening.
        key: the matching private key.

    Raises:
        ContainerMalformed: not the one accepted form; nothing was decrypted.
        NotARecipient: no entry for this certificate.
        ContainerForged: changed, damaged, or not this key; nothing was released.
    """
    envelope = _parse(data)
    if not hmac.compare_digest(envelope.nonce, bound_nonce(envelope.recipients_der)):
        raise ContainerForged()
    return _decrypt(envelope, certificate, key)


def open_message(data: bytes, certificate: x509.Certificate, key: PrivateKeyOps) -> bytes:
    """The plaintext of a message that another tool made with the same algorithms.

    Raises:
        ContainerMalformed, NotARecipient, ContainerForged: as `open_container`.
    """
    return _decrypt(_parse(data), certificate, key)


def list_recipients(data: bytes) -> Sequence[RecipientEntry]:
    """The entries of a container, without any key.

    Raises:
        ContainerMalformed: not the one accepted form.
    """
    return tuple(
        RecipientEntry(
            one.recipient.value.hex() if isinstance(one.recipient, KeyId) else None,
            "EC P-384" if isinstance(one, Agreement) else f"RSA-OAEP {one.oaep}",
        )
        for one in _parse(data).recipients
    )


def _parse(data: bytes) -> Envelope:
    try:
        return parse(data)
    except DerError as fault:
        raise ContainerMalformed(why=str(fault)) from fault


def _decrypt(envelope: Envelope, certificate: x509.Certificate, key: PrivateKeyOps) -> bytes:
    content_key = unwrap_key(_entry_for(envelope, certificate), key)
    sealed = b"".join((envelope.ciphertext, envelope.tag))
    try:
        return AESGCM(content_key).decrypt(envelope.nonce, sealed, None)
    except InvalidTag as fault:
        raise ContainerForged() from fault


def _entry_for(envelope: Envelope, certificate: x509.Certificate) -> RecipientInfo:
    names: set[RecipientId] = {IssuerSerial(_issuer_and_serial(certificate))}
    if (key_id := key_identifier(certificate)) is not None:
        names.add(KeyId(key_id))
    for info in envelope.recipients:
        if info.recipient in names:
            return info
    raise NotARecipient()


def _issuer_and_serial(certificate: x509.Certificate) -> bytes:
    return der.sequence(certificate.issuer.public_bytes(), der.integer(certificate.serial_number))
