"""The register: made by two, computed from the ledger alone, and not to be talked into anything."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from scanflow.ledger import Ledger, create_station_key, keyfile, load_station_key
from scanflow.ledger import catalogue as cat
from scanflow.ledger.catalogue.words import Found
from scanflow.ledger.errors import FieldRefused, NotAnOpenIntent, StationKeyRefused
from scanflow.ledger.people import (
    KeyPlace,
    Office,
    People,
    PersonEnrolled,
    Purpose,
    Reason,
    Role,
    cosigner_name,
    make_key_file,
    new_person,
    sign,
    subject_of,
    witnesses,
)
from scanflow.ledger.people.errors import (
    AlreadyEnrolled,
    KeyFileRefused,
    KeyNotAccepted,
    NotBootstrappable,
    PassphraseWeak,
    PassphraseWrong,
    PersonIsLocked,
    PersonIsRevoked,
    SignOffForAnother,
    SignOffReplayed,
    UnknownPerson,
)
from scanflow.ledger.people.keys import read_public, spki
from scanflow.ledger.people.registry import enrolment_digest
from scanflow.ledger.people.rules import MAX_TRIES

from .conftest import BATCH, ORIGIN, Room, key_of, person

PASSPHRASE = "con ngựa đúng pin ghim"


def people_elsewhere(ledger: Ledger) -> People:
    """The register as an inspector computes it from the file."""
    return People(ledger.entries())


def same(one: People, other: People) -> bool:
    return list(one) == list(other) and one.faults == other.faults


# ---- bootstrap --------------------------------------------------------------------------------------


def test_the_first_two_officers(ledger: Ledger) -> None:
    office = Office(ledger)
    office.bootstrap(person("P-1", Role.SECURITY_OFFICER), person("P-2", Role.SECURITY_OFFICER))
    assert [one.id for one in office.people] == ["P-1", "P-2"] and office.people.bootstrapped
    assert same(office.people, people_elsewhere(ledger))
    with pytest.raises(NotBootstrappable):
        office.bootstrap(person("P-3", Role.SECURITY_OFFICER), person("P-4", Role.SECURITY_OFFICER))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (person("P-1", Role.SECURITY_OFFICER), person("P-1", Role.SECURITY_OFFICER, key=key_of("x"), human="x")),
        (person("P-1", Role.SECURITY_OFFICER), person("P-2", Role.SECURITY_OFFICER, key=key_of("P-1"))),
        (person("P-1", Role.SECURITY_OFFICER), person("P-2", Role.SECURITY_OFFICER, human="P-1")),
        (person("P-1", Role.SECURITY_OFFICER), person("P-2", Role.SUPERVISOR)),
    ],
    ids=["one id", "one key", "one human being", "another role"],
)
def test_who_cannot_begin(ledger: Ledger, first: PersonEnrolled, second: PersonEnrolled) -> None:
    office = Office(ledger)
    with pytest.raises(NotBootstrappable):
        office.bootstrap(first, second)
    assert ledger.size == 1


# ---- enrolment --------------------------------------------------------------------------------------


def test_enrolment_takes_two_and_exactly_this_record(room: Room) -> None:
    new = person("P-71", Role.CUSTODIAN)
    statement = room.office.propose(new)
    signoff = room.signed(statement, "P-11", "P-12")
    promoted = person("P-71", Role.SUPERVISOR)
    with pytest.raises(SignOffForAnother):
        room.office.enrol(promoted, signoff)
    room.office.enrol(new, signoff)
    assert room.office.people.person("P-71").role is Role.CUSTODIAN
    assert same(room.office.people, people_elsewhere(room.ledger))


@pytest.mark.parametrize(
    "again",
    [
        person("P-21", Role.CUSTODIAN, key=key_of("new"), human="new"),
        person("P-72", Role.CUSTODIAN, key=key_of("P-21")),
        person("P-72", Role.CUSTODIAN, human="P-21"),
    ],
    ids=["id", "key", "human being"],
)
def test_nobody_is_enrolled_twice(room: Room, again: PersonEnrolled) -> None:
    with pytest.raises(AlreadyEnrolled):
        room.office.propose(again)


def test_a_revoked_person_may_come_back_but_not_with_the_old_key_or_id(room: Room) -> None:
    gone = room.office.draw_up(Purpose.REVOKE_PERSON, "P-31", Reason.KEY_REPLACED)
    room.office.revoke("P-31", room.signed(gone, "P-11", "P-12"))
    with pytest.raises(PersonIsRevoked):
        room.office.people.person("P-31")
    for old in (person("P-31", Role.CUSTODIAN, key=key_of("n")), person("P-81", Role.CUSTODIAN, key=key_of("P-31"))):
        with pytest.raises(AlreadyEnrolled):
            room.office.propose(old)
    room.enrol(person("P-81", Role.CUSTODIAN, human="P-31"))
    assert same(room.office.people, people_elsewhere(room.ledger))


def test_other_kinds_of_keys_are_refused() -> None:
    weak = rsa.generate_private_key(65537, 2048).public_key()
    der = base64.b64encode(weak.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    k1 = ec.generate_private_key(ec.SECP256K1()).public_key()
    good = key_of("x").public
    compressed = spki(ec.generate_private_key(ec.SECP256R1()).public_key())
    for public in (der, spki(k1), good[:-2] + "AA", good + "AAAA", "", compressed[:60], "A" * 60):
        with pytest.raises(KeyNotAccepted):
            read_public(public)
    with pytest.raises(FieldRefused):
        PersonEnrolled(person="P-1", name="Thử", role=Role.OPERATOR, subject="0" * 64, key=der, place=KeyPlace.FILE)


# ---- what the register does not believe -------------------------------------------------------------


def test_entries_without_backing_have_no_effect_and_are_faults(room: Room) -> None:
    """Somebody who can write to the ledger but has no second person cannot make or unmake anybody."""
    before = list(room.office.people)
    served = room.signed(room.office.draw_up(Purpose.REVOKE_PERSON, "P-51", Reason.LEFT_SERVICE), "P-11", "P-12")
    room.office.revoke("P-51", served)
    forged = person("P-91", Role.SUPERVISOR)

    def with_signoff(n: int | None) -> PersonEnrolled:
        return PersonEnrolled(
            person="P-91", name=forged.name, role=forged.role, subject=forged.subject, key=forged.key,
            place=forged.place, signoff=n,
        )  # fmt: skip

    attempts = [
        person("P-92", Role.SECURITY_OFFICER),  # a third officer "of the beginning"
        with_signoff(None),
        with_signoff(0),
        with_signoff(served.entry),
        with_signoff(10**6),
        cat.PersonRevoked(person="P-12", signoff=served.entry),
        cat.PersonRevoked(person="P-12", signoff=1),
        cat.AttemptsReset(person="P-21", signoff=served.entry),
    ]
    statement = room.office.propose(forged)
    alone = sign(statement, "P-11", room.keys["P-11"])
    attempts.append(cat.SignedOff(statement=statement, signatures=(alone,)))
    attempts.append(cat.SignedOff(statement=statement, signatures=(alone, alone)))
    entries = room.ledger.record_many(attempts)
    attempts_after = room.ledger.record(with_signoff(entries[-1].n))
    people = room.office.people
    assert [one.entry for one in people.faults] == [*(one.n for one in entries), attempts_after.n]
    assert [one.id for one in people if one.revoked is None] == [one.id for one in before if one.id != "P-51"]
    assert same(people, people_elsewhere(room.ledger))


def test_a_sign_off_backs_one_event_only(room: Room) -> None:
    new = person("P-71", Role.CUSTODIAN)
    signoff = room.signed(room.office.propose(new), "P-11", "P-12")
    room.office.enrol(new, signoff)
    gone = room.office.draw_up(Purpose.RESET_ATTEMPTS, "P-21", Reason.FORGOTTEN_PASSPHRASE)
    reset = room.signed(gone, "P-11", "P-12")
    room.office.reset_attempts("P-21", reset)
    with pytest.raises(SignOffReplayed):
        room.office.reset_attempts("P-21", reset)
    assert not room.office.people.faults
    room.ledger.record(cat.AttemptsReset(person="P-21", signoff=reset.entry))  # past the office: no effect
    assert [one.code for one in room.office.people.faults] == ["PPL-REPLAY"]


def test_the_enrolment_digest_covers_every_field_but_the_sign_off() -> None:
    one = person("P-1", Role.CUSTODIAN)
    others = [
        person("P-2", Role.CUSTODIAN, key=key_of("P-1"), human="P-1"),
        person("P-1", Role.SUPERVISOR),
        person("P-1", Role.CUSTODIAN, human="x"),
        person("P-1", Role.CUSTODIAN, key=key_of("x")),
        person("P-1", Role.CUSTODIAN, name="Người Khác"),
    ]
    assert len({enrolment_digest(record) for record in (one, *others)}) == 6
    backed = PersonEnrolled(
        person=one.person, name=one.name, role=one.role, subject=one.subject, key=one.key, place=one.place, signoff=3
    )
    assert enrolment_digest(backed) == enrolment_digest(one)


# ---- passphrases ------------------------------------------------------------------------------------


@pytest.fixture
def with_file(room: Room, tmp_path: Path) -> Path:
    """P-71, a custodian whose key is in a file."""
    path = tmp_path / "P-71.key"
    key = make_key_file(path, PASSPHRASE)
    room.enrol(person("P-71", Role.CUSTODIAN, key=key), key)
    return path


def test_a_key_file_opens_with_its_passphrase_and_signs(room: Room, with_file: Path) -> None:
    key = room.office.unlock("P-71", with_file, PASSPHRASE)
    assert key.public == room.office.people.person("P-71").key
    assert with_file.stat().st_mode & 0o777 == 0o600
    assert key.signer.private_bytes_raw() not in with_file.read_bytes()
    head = room.office.cosign(room.ledger.head(), "P-71", key)
    assert head.signatures[1].name == cosigner_name(ORIGIN, "P-71")
    known = witnesses(room.office.people, ORIGIN)
    assert [one.name for one in head.cosigners(known)] == [cosigner_name(ORIGIN, "P-71")]
    with pytest.raises(KeyFileRefused):
        room.office.cosign(head, "P-11", key)


def test_an_enrolled_person_closes_what_a_crash_left_open(room: Room) -> None:
    act = room.ledger.begin(cat.FeedStarted(batch=BATCH, scanner="SC-1", first=1))
    with pytest.raises(UnknownPerson):
        room.office.close_act(act.entry.n, "P-98", Found.PARTLY)
    closed = room.office.close_act(act.entry.n, "P-41", Found.PARTLY)
    assert closed.act == act.entry.n and room.ledger.open_intents() == ()
    with pytest.raises(NotAnOpenIntent):
        room.office.close_act(act.entry.n, "P-41", Found.PARTLY)


def test_tries_are_counted_on_the_record_and_end(room: Room, with_file: Path) -> None:
    office = room.office
    for left in reversed(range(MAX_TRIES)):
        with pytest.raises(PassphraseWrong) as wrong:
            office.unlock("P-71", with_file, "không phải mật khẩu này")
        assert wrong.value.facts["left"] == left
        office = Office(room.ledger)  # a restart gives no try back
    with pytest.raises(PersonIsLocked):
        office.unlock("P-71", with_file, PASSPHRASE)
    locked = [one.event for one in room.ledger.entries([cat.PersonLocked])]
    assert locked == [cat.PersonLocked(person="P-71", tries=MAX_TRIES)]
    statement = room.office.draw_up(Purpose.RESET_ATTEMPTS, "P-71", Reason.FORGOTTEN_PASSPHRASE)
    room.office.reset_attempts("P-71", room.signed(statement, "P-11", "P-12"))
    assert room.office.unlock("P-71", with_file, PASSPHRASE).public
    assert room.office.people.tries_left("P-71") == MAX_TRIES


def test_a_try_is_recorded_before_it_is_made(room: Room, with_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(keyfile, "unseal", power_cut)
        with pytest.raises(KeyboardInterrupt):
            room.office.unlock("P-71", with_file, PASSPHRASE)
    assert people_elsewhere(room.ledger).tries_left("P-71") == MAX_TRIES - 1


def test_the_right_passphrase_gives_all_tries_back(room: Room, with_file: Path) -> None:
    with pytest.raises(PassphraseWrong):
        room.office.unlock("P-71", with_file, "không phải mật khẩu này")
    room.office.unlock("P-71", with_file, PASSPHRASE)
    assert room.office.people.tries_left("P-71") == MAX_TRIES


def test_files_that_are_no_key_of_this_person(room: Room, with_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.key"
    make_key_file(other, PASSPHRASE)
    with pytest.raises(KeyFileRefused):
        room.office.unlock("P-71", other, PASSPHRASE)
    with pytest.raises(KeyFileRefused):
        room.office.unlock("P-71", tmp_path / "missing", PASSPHRASE)
    with_file.write_bytes(b"{}")
    with pytest.raises(KeyFileRefused):
        room.office.unlock("P-71", with_file, PASSPHRASE)
    with pytest.raises(UnknownPerson):
        room.office.unlock("P-98", with_file, PASSPHRASE)


def test_every_field_of_a_key_file_is_held(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keyfile.create(path, PASSPHRASE)
    whole = json.loads(path.read_bytes())
    for field, value in whole.items():
        if isinstance(value, int):
            changed: object = value - 1
        else:
            changed = ("B" if value[0] != "B" else "C") + value[1:]
        with pytest.raises((keyfile.NotAKeyFile, keyfile.WrongPassphrase)):
            keyfile.unseal(json.dumps({**whole, field: changed}).encode(), PASSPHRASE)
    for missing in whole:
        with pytest.raises(keyfile.NotAKeyFile):
            keyfile.unseal(json.dumps({k: v for k, v in whole.items() if k != missing}).encode(), PASSPHRASE)
    for content in (b"", b"[]", b"null", b"\xff", json.dumps({**whole, "more": 1}).encode()):
        with pytest.raises(keyfile.NotAKeyFile):
            keyfile.unseal(content, PASSPHRASE)


def test_keyboards_that_compose_differently_open_the_same_file(tmp_path: Path) -> None:
    import unicodedata

    key = keyfile.create(tmp_path / "key", unicodedata.normalize("NFD", PASSPHRASE))
    opened = keyfile.unseal((tmp_path / "key").read_bytes(), unicodedata.normalize("NFC", PASSPHRASE))
    assert opened.private_bytes_raw() == key.private_bytes_raw()


def test_weak_passphrases_and_existing_files(tmp_path: Path) -> None:
    with pytest.raises(PassphraseWeak):
        make_key_file(tmp_path / "key", "ngắn")
    assert not (tmp_path / "key").exists()
    make_key_file(tmp_path / "key", PASSPHRASE)
    before = (tmp_path / "key").read_bytes()
    with pytest.raises(AlreadyEnrolled):
        make_key_file(tmp_path / "key", PASSPHRASE)
    assert (tmp_path / "key").read_bytes() == before


def test_the_stations_key(tmp_path: Path) -> None:
    path = tmp_path / "station.key"
    with pytest.raises(StationKeyRefused, match="short"):
        create_station_key(path, "ngắn")
    key = create_station_key(path, PASSPHRASE)
    assert load_station_key(path, PASSPHRASE).private_bytes_raw() == key.private_bytes_raw()
    with pytest.raises(StationKeyRefused, match="exists"):
        create_station_key(path, PASSPHRASE)
    with pytest.raises(StationKeyRefused, match="passphrase"):
        load_station_key(path, "một mật khẩu khác")
    with pytest.raises(StationKeyRefused, match="file"):
        load_station_key(tmp_path / "missing", PASSPHRASE)


# ---- human beings -----------------------------------------------------------------------------------


def test_a_human_being_is_the_same_however_the_number_is_typed() -> None:
    one = subject_of("001 085 012345", ORIGIN)
    assert one == subject_of("001085012345", ORIGIN) == subject_of("００１085012345", ORIGIN)
    assert one != subject_of("001085012346", ORIGIN)
    assert one != subject_of("001085012345", "scanflow.test/room-2")
    assert len(one) == 64 and "001085" not in one


def test_a_new_persons_record() -> None:
    made = new_person("P-7", " Nguyễn  Văn Thử ", Role.OPERATOR, "123", key_of("P-7").public, KeyPlace.TOKEN, ORIGIN)
    assert made.name == "Nguyễn Văn Thử" and made.subject == subject_of("123", ORIGIN) and made.signoff is None


def test_the_operator_is_known_by_the_register(room: Room) -> None:
    people = room.office.people
    assert people.is_operator(people.person("P-41"), BATCH)
    assert not people.is_operator(people.person("P-42"), BATCH)
    assert not people.is_operator(people.person("P-41"), "B-2026-0002")
