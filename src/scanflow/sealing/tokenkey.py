"""A private key that stays on its PKCS#11 token (thiết bị lưu khóa bí mật).

The token does the one private operation: ECDH on P-384 (``CKM_ECDH1_DERIVE`` without KDF; the X9.63 KDF is
done here) or RSA-OAEP. EC is the portable choice: OAEP with SHA-256 is beyond many tokens, SoftHSM2 2.6.1
among them. A wrong PIN
is never tried twice here: tokens of the state PKI lock after three.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import PKCS11Error
from pkcs11.mechanisms import KDF, MGF

from scanflow.sealing.cms import OaepHash
from scanflow.sealing.errors import ContainerForged, TokenRefused

_P384_BITS = 384
_OAEP = {
    OaepHash.SHA1: (Mechanism.SHA_1, MGF.SHA1, None),
    OaepHash.SHA256: (Mechanism.SHA256, MGF.SHA256, None),
}
_SESSION_SECRET = {
    Attribute.CLASS: ObjectClass.SECRET_KEY,
    Attribute.KEY_TYPE: KeyType.GENERIC_SECRET,
    Attribute.TOKEN: False,
    Attribute.SENSITIVE: False,
    Attribute.EXTRACTABLE: True,
    Attribute.VALUE_LEN: _P384_BITS // 8,
}


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A private key object in an open session; made by `open_token`."""

    key: Any

    def agree(self, point: bytes) -> bytes:
        """See `keyops.PrivateKeyOps`.

        Raises:
            TokenRefused: the token does not do it, or the point is not on the curve (tokens do not say
                which).
        """
        try:
            shared = self.key.derive_key(
                KeyType.GENERIC_SECRET,
                _P384_BITS,
                mechanism=Mechanism.ECDH1_DERIVE,
                mechanism_param=(KDF.NULL, None, point),
                template=_SESSION_SECRET,
            )
            try:
                return bytes(shared[Attribute.VALUE])
            finally:
                shared.destroy()
        except PKCS11Error as fault:
            raise TokenRefused(why=type(fault).__name__) from fault

    def decrypt_oaep(self, wrapped: bytes, oaep: OaepHash) -> bytes:
        """See `keyops.PrivateKeyOps`.

        Raises:
            ContainerForged: the wrapped key does not decrypt.
            TokenRefused: the token does not do OAEP with this hash.
        """
        try:
            return bytes(self.key.decrypt(wrapped, mechanism=Mechanism.RSA_PKCS_OAEP, mechanism_param=_OAEP[oaep]))
        except _BAD_CIPHERTEXT as fault:
            raise ContainerForged() from fault
        except PKCS11Error as fault:
            raise TokenRefused(why=type(fault).__name__) from fault


_BAD_CIPHERTEXT = (
    pkcs11.exceptions.EncryptedDataInvalid,
    pkcs11.exceptions.EncryptedDataLenRange,
    pkcs11.exceptions.GeneralError,  # what SoftHSM2 says of a wrong OAEP padding
)


@contextmanager
def open_token(module: Path, token_label: str, key_label: str, pin: str) -> Iterator[TokenKey]:
    """A session with one token and one private key on it, logged in with the PIN given, tried once.

    Args:
        module: the PKCS#11 library of the token's maker, e.g. ``/usr/lib/softhsm/libsofthsm2.so``.
        token_label: label of the token.
        key_label: label of the private key on it.
        pin: the holder's PIN; not kept.

    Raises:
        TokenRefused: no such library, token or key, or the PIN is wrong.
    """
    try:
        library = pkcs11.lib(str(module))
        session = library.get_token(token_label=token_label).open(user_pin=pin)
    except (PKCS11Error, OSError, RuntimeError) as fault:
        raise TokenRefused(why=type(fault).__name__) from fault
    with session:
        try:
            key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=key_label)
        except PKCS11Error as fault:
            raise TokenRefused(why=type(fault).__name__) from fault
        yield TokenKey(key)
