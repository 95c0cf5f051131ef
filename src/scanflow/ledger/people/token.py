"""A person's key in a PKCS#11 token (thiết bị khóa PKCS#11): an EC key that signs inside and never leaves.

The token counts wrong PINs itself. The state's tokens are PKCS#11; SoftHSM2 stands for one in the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256, sha384
from pathlib import Path
from typing import Any

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11.util.ec import encode_ec_public_key

from scanflow.ledger.people.errors import TokenRefused
from scanflow.ledger.people.keys import spki


class TokenKey:
    """An EC key of an open session of a token; usable inside :func:`token_key` only."""

    def __init__(self, private: Any, public: ec.EllipticCurvePublicKey) -> None:
        self._private = private
        self._public = public

    @property
    def public(self) -> str:
        """See :class:`scanflow.ledger.people.keys.PersonKey`."""
        return spki(self._public)

    def sign(self, data: bytes) -> bytes:
        """See :class:`scanflow.ledger.people.keys.PersonKey`.

        The digest is made here: many tokens sign nothing else.

        Raises:
            TokenRefused: the token would not.
        """
        digest = sha256(data) if isinstance(self._public.curve, ec.SECP256R1) else sha384(data)
        try:
            raw = self._private.sign(digest.digest(), mechanism=pkcs11.Mechanism.ECDSA)
        except pkcs11.PKCS11Error as failed:
            raise TokenRefused(why=type(failed).__name__) from failed
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))


@contextmanager
def token_key(module: Path, token_label: str, key_label: str, pin: str) -> Iterator[TokenKey]:
    """Log in to a token and lend its EC key ``key_label``; logs out at the end.

    Args:
        module: the maker's PKCS#11 library.
        token_label: label of the token.
        key_label: label of the key pair.
        pin: asked of the person; never from an argument or the environment.

    Raises:
        TokenRefused: no such module, token or key, or a wrong or locked PIN.
    """
    try:
        token = pkcs11.lib(str(module)).get_token(token_label=token_label)
        session = token.open(user_pin=pin)
    except (pkcs11.PKCS11Error, RuntimeError) as failed:
        raise TokenRefused(why=type(failed).__name__) from failed
    with session:
        try:
            private = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=key_label)
            public: Any = session.get_key(object_class=pkcs11.ObjectClass.PUBLIC_KEY, label=key_label)
            read = load_der_public_key(encode_ec_public_key(public))
        except (pkcs11.PKCS11Error, ValueError) as failed:
            raise TokenRefused(why=type(failed).__name__) from failed
        if not isinstance(read, ec.EllipticCurvePublicKey):
            raise TokenRefused(why="key kind")
        yield TokenKey(private, read)
