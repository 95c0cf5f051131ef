"""What tests of several rooms share."""

from __future__ import annotations

from pathlib import Path

import pkcs11
import pytest
from hypothesis import HealthCheck, settings
from pkcs11.util.ec import encode_named_curve_parameters
from tests.softhsm import PERSON, PERSON_PIN, SoftHsm, Token

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


@pytest.fixture(scope="session")
def people_module(softhsm: SoftHsm) -> Path:
    """A library with a token that bears its owner's id, and a key of that label; a label may name but one token."""
    library = softhsm.new_token(PERSON, PERSON_PIN).module
    with pkcs11.lib(str(library)).get_token(token_label=PERSON).open(user_pin=PERSON_PIN, rw=True) as session:
        curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        parameters = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
        parameters.generate_keypair(store=True, label=PERSON)
    return library


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The virtual machine's tests take longest and come first, so that no core waits for the other at the end."""
    items.sort(key=lambda item: "usblab" not in item.path.parts)
