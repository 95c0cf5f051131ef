"""The acts about people, each through one choke point (nơi ghi danh, mở khóa, ký duyệt).

The office holds the register of one open ledger. Console and commands call it; they have no other way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from scanflow.ledger import keyfile
from scanflow.ledger.catalogue.log import ActClosed
from scanflow.ledger.catalogue.people import (
    AttemptsReset,
    PassphraseTried,
    PersonEnrolled,
    PersonLocked,
    PersonRevoked,
    PersonSignature,
    PersonUnlocked,
)
from scanflow.ledger.catalogue.words import Found, KeyPlace, Role
from scanflow.ledger.entry import Entry
from scanflow.ledger.log import Ledger
from scanflow.ledger.note import COSIGNATURE_V1, Checkpoint, Verifier
from scanflow.ledger.people.errors import (
    AlreadyEnrolled,
    KeyFileRefused,
    NotBootstrappable,
    PassphraseWeak,
    PassphraseWrong,
    PersonIsLocked,
    TokenRefused,
)
from scanflow.ledger.people.keys import FileKey, read_public
from scanflow.ledger.people.registry import People, enrolment_digest
from scanflow.ledger.people.signoff import SignOff, count_persons
from scanflow.ledger.people.token import TokenKey, token_key
from scanflow.ledger.statement import Purpose, Reason, Statement, draw_up


def subject_of(official_number: str, origin: str) -> str:
    """The human being behind an official number (số hiệu, số căn cước), as a slow, constant hash.

    The number itself is never kept. Argon2id with 64 MiB makes trying all twelve-digit numbers a matter of
    centuries on one machine, not of minutes. ``origin`` keeps two stations' hashes apart.
    """
    number = "".join(unicodedata.normalize("NFKC", official_number).split()).upper()
    kdf = Argon2id(salt=b"scanflow subject " + origin.encode(), length=32, iterations=3, lanes=4, memory_cost=64 * 1024)
    return kdf.derive(number.encode()).hex()


def new_person(
    person: str, name: str, role: Role, official_number: str, public: str, place: KeyPlace, origin: str
) -> PersonEnrolled:
    """The record of a person to be enrolled; ``public`` as given by the key (SPKI, base64)."""
    return PersonEnrolled(
        person=person,
        name=" ".join(unicodedata.normalize("NFC", name).split()),
        role=role,
        subject=subject_of(official_number, origin),
        key=public,
        place=place,
    )


def make_key_file(path: Path, passphrase: str) -> FileKey:
    """A new personal key in a file under a passphrase.

    Raises:
        PassphraseWeak: fewer than twelve characters.
        AlreadyEnrolled: there is a key file already.
    """
    try:
        return FileKey(keyfile.create(path, passphrase))
    except keyfile.WeakPassphrase as weak:
        raise PassphraseWeak(least=keyfile.MIN_PASSPHRASE) from weak
    except FileExistsError as there:
        raise AlreadyEnrolled(what="key file") from there


class Office:
    """The register of an open ledger, and the acts that change it.

    Attributes:
        ledger: where everything is recorded.
        people: the register; read it freely.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.people = People.of(ledger)

    def bootstrap(self, first: PersonEnrolled, second: PersonEnrolled) -> None:
        """Enrol the first two security officers of a new ledger; recorded as what it is, without a sign-off.

        Raises:
            NotBootstrappable: somebody is there already, or the two are not two different security officers.
        """
        same = {first.person, first.subject, first.key} & {second.person, second.subject, second.key}
        if any(self.people) or same or {first.role, second.role} != {Role.SECURITY_OFFICER}:
            raise NotBootstrappable()
        if first.signoff is not None or second.signoff is not None:
            raise NotBootstrappable()
        self.people.check_new(first)
        self.people.check_new(second)
        self.ledger.record_many([first, second])

    # ---- statements and sign-offs ----------------------------------------------------------------

    def draw_up(self, purpose: Purpose, subject: str, reason: Reason, **about: object) -> Statement:
        """A statement over the present head; ``about`` as in :func:`scanflow.ledger.statement.draw_up`."""
        return draw_up(purpose, subject, reason, self.ledger.head(), self.ledger.now_s(), **about)  # type: ignore[arg-type]

    def sign_off(self, statement: Statement, signatures: Sequence[PersonSignature]) -> SignOff:
        """Count the persons; see :func:`scanflow.ledger.people.signoff.count_persons`."""
        return count_persons(statement, signatures, self.people)

    def cosign(self, head: Checkpoint, person: str, key: FileKey) -> Checkpoint:
        """A head with a person's cosignature (``cosignature/v1``): this person was shown this head now."""
        who = self.people.person(person)
        if key.public != who.key:
            raise KeyFileRefused(person=person)
        return head.cosigned_by(cosigner_name(head.origin, person), key.signer, self.ledger.now_s())

    def close_act(self, n: int, person: str, found: Found) -> Entry:
        """Somebody enrolled looked at an act that a crash left open, and says what was found.

        Raises:
            UnknownPerson: not enrolled.
            PersonIsRevoked: no more.
            NotAnOpenIntent: ``n`` is not open.
        """
        return self.ledger.close_act(n, ActClosed(person=self.people.person(person).id, found=found))

    # ---- the register ----------------------------------------------------------------------------

    def propose(self, person: PersonEnrolled) -> Statement:
        """The statement that two persons sign to enrol somebody.

        Raises:
            AlreadyEnrolled: id, key or human being is there already.
            KeyNotAccepted: not a key of an accepted kind.
        """
        self.people.check_new(person)
        return self.draw_up(Purpose.ENROL_PERSON, person.person, Reason.NEW, digest=enrolment_digest(person))

    def enrol(self, person: PersonEnrolled, signoff: SignOff) -> None:
        """Enrol somebody on a sign-off for exactly this record."""
        self.people.check_new(person)
        signoff.require(Purpose.ENROL_PERSON, person.person, digest=enrolment_digest(person))
        self.people.require_unspent(signoff.entry)
        self.ledger.record(
            PersonEnrolled(
                person=person.person,
                name=person.name,
                role=person.role,
                subject=person.subject,
                key=person.key,
                place=person.place,
                signoff=signoff.entry,
            )
        )

    def revoke(self, person: str, signoff: SignOff) -> None:
        """Revoke somebody on a sign-off; effective when this returns."""
        self.people.person(person)
        signoff.require(Purpose.REVOKE_PERSON, person)
        self.people.require_unspent(signoff.entry)
        self.ledger.record(PersonRevoked(person=person, signoff=signoff.entry))

    def reset_attempts(self, person: str, signoff: SignOff) -> None:
        """Give somebody new tries on a sign-off."""
        self.people.person(person)
        signoff.require(Purpose.RESET_ATTEMPTS, person)
        self.people.require_unspent(signoff.entry)
        self.ledger.record(AttemptsReset(person=person, signoff=signoff.entry))

    def unlock(self, person: str, key_file: Path, passphrase: str) -> FileKey:
        """Open a person's key file; each try is on the record before it is made, so no crash gives one back.

        Raises:
            UnknownPerson: not enrolled.
            PersonIsRevoked: no more.
            PersonIsLocked: no tries left.
            PassphraseWrong: with the tries that are left.
            KeyFileRefused: no file, a damaged one, or one with another key.
        """
        who = self.people.person(person)
        if not self.people.tries_left(person):
            raise PersonIsLocked(person=person)
        try:
            content = key_file.read_bytes()
        except OSError as gone:
            raise KeyFileRefused(person=person) from gone
        self.ledger.record(PassphraseTried(person=person))
        try:
            key = FileKey(keyfile.unseal(content, passphrase))
        except keyfile.NotAKeyFile as broken:
            raise KeyFileRefused(person=person) from broken
        except keyfile.WrongPassphrase as wrong:
            left = self.people.tries_left(person)
            if not left:
                self.ledger.record(PersonLocked(person=person, tries=self.people.tries(person)))
            raise PassphraseWrong(person=person, left=left) from wrong
        if key.public != who.key:
            raise KeyFileRefused(person=person)
        self.ledger.record(PersonUnlocked(person=person))
        return key

    @contextmanager
    def unlock_token(self, person: str, module: Path, pin: str) -> Iterator[TokenKey]:
        """Lend a person's key in a PKCS#11 token; token and key bear the person's id as their label.

        Each try is on the record before it is made, as with a key file; the token counts wrong PINs besides.

        Raises:
            UnknownPerson: not enrolled.
            PersonIsRevoked: no more.
            PersonIsLocked: no tries left.
            TokenRefused: no such module, token or key, or a wrong PIN.
            KeyFileRefused: the token holds another key than the one that was enrolled.
        """
        who = self.people.person(person)
        if not self.people.tries_left(person):
            raise PersonIsLocked(person=person)
        self.ledger.record(PassphraseTried(person=person))
        try:
            with token_key(module, person, person, pin) as key:
                if key.public != who.key:
                    raise KeyFileRefused(person=person)
                self.ledger.record(PersonUnlocked(person=person))
                yield key
        except TokenRefused:
            if not self.people.tries_left(person):
                self.ledger.record(PersonLocked(person=person, tries=self.people.tries(person)))
            raise


def witnesses(people: People, origin: str) -> tuple[Verifier, ...]:
    """Who may have cosigned a head of this log: everybody enrolled who has an Ed25519 key, also if revoked since."""
    keys = ((one, read_public(one.key)) for one in people)
    return tuple(
        Verifier(cosigner_name(origin, one.id), key, COSIGNATURE_V1)
        for one, key in keys
        if isinstance(key, Ed25519PublicKey)
    )


def cosigner_name(origin: str, person: str) -> str:
    """Key name of a person's cosignatures: the log's name and the person id."""
    return f"{origin}/{person}"
