"""What tests of several rooms share."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from tests.softhsm import SoftHsm, Token

# Hypothesis measures each example against 200 ms and the drawing of the first ten against a second. A busy machine fails
# both, and no test of this project asserts on a clock.
settings.register_profile("scanflow", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("scanflow")


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    """Tokens in a folder of this process."""
    return SoftHsm.within(tmp_path_factory.mktemp("softhsm"))


@pytest.fixture(scope="session")
def token(softhsm: SoftHsm) -> Token:
    """A token for keys that seal, open and sign."""
    return softhsm.new_token("sealing", "So-PIN-2026")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The virtual machine's tests take longest and come first, so that no core waits for the other at the end."""
    items.sort(key=lambda item: "usblab" not in item.path.parts)
