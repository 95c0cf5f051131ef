"""The station's signing key: one Ed25519 key in a file under a passphrase (khóa ký của trạm).

The passphrase comes from a person at the start, or from the service manager's encrypted credentials; never
from the command line, the environment, or a file in the clear.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanflow.ledger import keyfile
from scanflow.ledger.errors import StationKeyRefused


def create_station_key(path: Path, passphrase: str) -> Ed25519PrivateKey:
    """Make the station's key; an existing one is not replaced.

    Raises:
        StationKeyRefused: there is one already, or the passphrase has fewer than twelve characters.
    """
    try:
        return keyfile.create(path, passphrase)
    except keyfile.WeakPassphrase as weak:
        raise StationKeyRefused(why="passphrase too short") from weak
    except FileExistsError as there:
        raise StationKeyRefused(why="exists") from there


def load_station_key(path: Path, passphrase: str) -> Ed25519PrivateKey:
    """Open the station's key.

    Raises:
        StationKeyRefused: no file, damaged, or another passphrase.
    """
    try:
        return keyfile.unseal(path.read_bytes(), passphrase)
    except keyfile.WrongPassphrase as wrong:
        raise StationKeyRefused(why="passphrase") from wrong
    except (keyfile.NotAKeyFile, OSError) as broken:
        raise StationKeyRefused(why="file") from broken
