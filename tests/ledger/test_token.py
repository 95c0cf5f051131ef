"""A person's key in a PKCS#11 token: SoftHSM2 stands for the token."""

from __future__ import annotations

from pathlib import Path

import pkcs11
import pytest
from pkcs11.util.ec import encode_named_curve_parameters
from tests.softhsm import SoftHsm

from scanflow.ledger.people import KeyPlace, PersonEnrolled, Purpose, Reason, Role, sign
from scanflow.ledger.people.errors import SignatureFalse, TokenRefused
from scanflow.ledger.people.keys import holds
from scanflow.ledger.people.token import token_key

from .conftest import BATCH, Room, key_of, person

PIN = "271828"


@pytest.fixture(scope="module")
def module(softhsm: SoftHsm) -> Path:
    return softhsm.module


@pytest.fixture(scope="module")
def token(softhsm: SoftHsm) -> str:
    """A token with an EC P-256 and an EC P-384 key pair."""
    library = pkcs11.lib(str(softhsm.new_token("people", PIN).module))
    with library.get_token(token_label="people").open(user_pin=PIN, rw=True) as session:
        for curve, label in (("secp256r1", "p256"), ("secp384r1", "p384")):
            parameters = session.create_domain_parameters(
                pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}, local=True
            )
            parameters.generate_keypair(store=True, label=label)
    return "people"


@pytest.mark.parametrize("label", ["p256", "p384"])
def test_a_token_signs_for_its_owner(room: Room, module: Path, token: str, label: str) -> None:
    with token_key(module, token, label, PIN) as key:
        base = person("P-71", Role.CUSTODIAN)
        room.office.enrol(
            record := PersonEnrolled(
                person=base.person, name=base.name, role=base.role, subject=base.subject, key=key.public,
                place=KeyPlace.TOKEN,
            ),
            room.signed(room.office.propose(record), "P-11", "P-12"),
        )  # fmt: skip
        statement = room.office.draw_up(Purpose.CLOSE_BATCH, BATCH, Reason.WORK_DONE, batch=BATCH)
        by_token = sign(statement, "P-71", key)
        assert holds(statement, by_token, key.public)
        assert not holds(statement, by_token, key_of("P-21").public)
        signoff = room.office.sign_off(statement, [sign(statement, "P-21", room.keys["P-21"]), by_token])
        assert signoff.persons == ("P-21", "P-71")
        again = room.office.draw_up(Purpose.CLOSE_BATCH, BATCH, Reason.WORK_DONE, batch=BATCH)
        with pytest.raises(SignatureFalse):  # a token's signature is over its own bytes too
            room.office.sign_off(again, [sign(again, "P-21", room.keys["P-21"]), by_token])


def test_what_a_token_refuses(module: Path, token: str) -> None:
    for arguments in (
        (module, token, "p256", "000000"),
        (module, token, "no such key", PIN),
        (module, "no such token", "p256", PIN),
        (Path("/nonexistent.so"), token, "p256", PIN),
    ):
        with pytest.raises(TokenRefused), token_key(*arguments):
            pytest.fail("the token was lent")
