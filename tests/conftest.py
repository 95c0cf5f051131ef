"""What tests of several rooms share."""

from __future__ import annotations

import pytest
from tests.softhsm import SoftHsm, Token


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    """Tokens in a folder of this process."""
    return SoftHsm.within(tmp_path_factory.mktemp("softhsm"))


@pytest.fixture(scope="session")
def token(softhsm: SoftHsm) -> Token:
    """A token for keys that seal, open and sign."""
    return softhsm.new_token("sealing", "So-PIN-2026")
