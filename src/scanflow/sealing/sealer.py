"""The sealing step behind a small interface, so that the Government Cipher Committee's product replaces it.

State secrets ask for lawful cipher (Luật Cơ yếu; CV 1479/BCA-ANCTNB I.2, 2.1). Such a product subclasses
`Sealer` and gives `_encrypt` and `recipients`; the rules that hold for every cipher stay in
:meth:`Sealer.seal`, the only maker of a `Container`.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime
from typing import NoReturn, final

from cryptography import x509
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from scanflow.levels import Level
from scanflow.sealing.cms import KEY_SIZE, TAG_SIZE, bound_nonce, encode_envelope, encode_recipients
from scanflow.sealing.errors import NothingToSeal, TopSecretRefused
from scanflow.sealing.keyops import wrap_key
from scanflow.sealing.secretmem import SecretMemory
from scanflow.sealing.trust import Recipient, RecipientRole, judge_recipients

_SEALER = object()
"""Known to this module only: without it no `Container` can be made."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who can open a container, as it is written in the ledger and on the receipt."""

    holder: str
    role: RecipientRole
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Container:
    """A sealed document (tài liệu đã niêm phong): ciphertext, and what may be said of it in the open.

    Attributes:
        name: file name without suffix, from the dossier's code and the document's serial.
        level: the level of the content.
        data: the container's bytes.
        sha256: digest of ``data`` (of ciphertext; a digest of plaintext could be guessed at), hexadecimal.
        recipients: who can open it.
        cipher: the product that sealed it, for the ledger.
    """

    name: str
    level: Level
    data: bytes = field(repr=False)
    sha256: str
    recipients: tuple[Addressee, ...]
    cipher: str
    permit: InitVar[object]

    def __post_init__(self, permit: object) -> None:
        if permit is not _SEALER:
            raise TypeError("a Container is made by Sealer.seal only")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Container is neither copied nor stored")


class Sealer(ABC):
    """Seals plaintext to recipients."""

    cipher: str
    """Name of the product and its form, for the ledger."""

    @final
    def seal(self, plaintext: bytes, *, name: str, level: Level) -> Container:
        """Seal one document.

        Raises:
            TopSecretRefused: TUYỆT MẬT is never sealed.
            NothingToSeal: no plaintext.
            SealingError: a cause of the cipher product, e.g. a refused certificate.
        """
        if level >= Level.TUYET_MAT:
            raise TopSecretRefused(document=name)
        if not plaintext:
            raise NothingToSeal(document=name)
        recipients = self.recipients()
        data = self._encrypt(plaintext)
        digest = hashlib.sha256(data).hexdigest()
        return Container(name, Level(level), data, digest, recipients, self.cipher, _SEALER)

    @abstractmethod
    def recipients(self) -> tuple[Addressee, ...]:
        """Who will be able to open what is sealed now; refuses where `_encrypt` would."""

    @abstractmethod
    def _encrypt(self, plaintext: bytes) -> bytes:
        """The container's bytes; whole or an exception."""


class CmsSealer(Sealer):
    """CMS AuthEnvelopedData, AES-256-GCM, for X.509 recipients; stock OpenSSL 3 opens it."""

    cipher = "CMS AuthEnvelopedData AES-256-GCM"

    def __init__(
        self,
        recipients: Sequence[Recipient],
        ca: x509.Certificate,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Judge the recipients now; they are judged again at each sealing.

        Raises:
            CertificateRefused: a certificate may not be used.
            TooFewHolders: see `judge_recipients`.
        """
        self._recipients = tuple(recipients)
        self._ca = ca
        self._clock = clock
        self.recipients()

    def recipients(self) -> tuple[Addressee, ...]:
        """See `Sealer.recipients`.

        Raises:
            CertificateRefused: a certificate may not be used (any more).
            TooFewHolders: see `judge_recipients`.
        """
        judge_recipients(self._recipients, self._ca, self._clock())
        return tuple(Addressee(one.holder, one.role, one.fingerprint) for one in self._recipients)

    def _encrypt(self, plaintext: bytes) -> bytes:
        memory = SecretMemory(KEY_SIZE)
        try:
            memory.randomise()
            with memory.lent() as content_key:
                infos = tuple(wrap_key(content_key, one.certificate, one.oaep) for one in self._recipients)
                recipients_der = encode_recipients(infos)
                nonce = bound_nonce(recipients_der)
                sealed = bytearray(len(plaintext) + TAG_SIZE)
                AESGCM(content_key).encrypt_into(nonce, plaintext, None, sealed)
        finally:
            memory.destroy()
        with memoryview(sealed) as whole:
            return encode_envelope(recipients_der, nonce, whole[:-TAG_SIZE], bytes(whole[-TAG_SIZE:]))
