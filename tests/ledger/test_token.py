"""A person's key in a PKCS#11 token: SoftHSM2 stands for the token."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pkcs11
import pytest
from pkcs11.util.ec import encode_named_curve_parameters

from scanflow.ledger.people import KeyPlace, PersonEnrolled, Purpose, Reason, Role, sign
from scanflow.ledger.people.errors import SignatureFalse, TokenRefused
from scanflow.ledger.people.keys import holds
from scanflow.ledger.people.token import token_key

from .conftest import BATCH, Room, key_of, person

MODULES = [Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")]
PIN = "271828"


@pytest.fixture(scope="module")
def module() -> Path:
    found = [one for one in MODULES if one.exists()]
    assert found, "SoftHSM2 is missing: apt-get install softhsm2"
    return found[0]


@pytest.fixture(scope="module")
def token(module: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A token with an EC P-256 and an EC P-384 key pair.

    SoftHSM reads its configuration once a process, so one token label serves all tests of this process.
    """
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    patch = pytest.MonkeyPatch()
    patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    init = ["softhsm2-util", "--init-token", "--free", "--label", "people", "--so-pin", "31415926", "--pin", PIN]
    subprocess.run(init, check=True, capture_output=True)
    lib = pkcs11.lib(str(module))
    lib.reinitialize()
    with lib.get_token(token_label="people").open(user_pin=PIN, rw=True) as session:
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
