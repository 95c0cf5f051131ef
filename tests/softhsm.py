"""SoftHSM2, which stands for a PKCS#11 token: one folder of tokens a process, since it reads its configuration once."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pkcs11
import pytest

MODULES = (Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"))
SO_PIN = "31415926"
PERSON, PERSON_PIN = "P-071", "271828"
"""The id of the person whose key lies in a token, and that token's PIN."""


@dataclass(frozen=True)
class Token:
    """One token of the library ``module``."""

    module: Path
    label: str
    pin: str


@dataclass(frozen=True)
class SoftHsm:
    """The library, and where its tokens lie."""

    module: Path
    folder: Path

    @classmethod
    def within(cls, folder: Path) -> SoftHsm:
        """Set up for this process and the programs that it starts."""
        found = [one for one in MODULES if one.exists()]
        if not found:
            pytest.fail("SoftHSM2 is missing: apt-get install softhsm2 libengine-pkcs11-openssl")
        config = folder / "softhsm2.conf"
        config.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(config)
        return cls(found[0], folder)

    def new_token(self, label: str, pin: str) -> Token:
        """One more token."""
        command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", SO_PIN, "--pin", pin]
        subprocess.run(command, check=True, capture_output=True)
        pkcs11.lib(str(self.module)).reinitialize()  # a library that was loaded before does not see new tokens
        return Token(self.module, label, pin)
