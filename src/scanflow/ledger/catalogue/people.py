"""Events of people: enrolment, passphrases, sign-offs (con người)."""

from __future__ import annotations

from dataclasses import dataclass

from scanflow.ledger.catalogue.words import KeyPlace, Role
from scanflow.ledger.event import Event, Weight, event
from scanflow.ledger.kinds import (
    Code,
    Count,
    Digest,
    Id,
    PersonId,
    PersonName,
    Position,
    PublicKey,
    Record,
    SignatureText,
)
from scanflow.ledger.statement import Purpose, Statement


@event(
    "person.enrolled",
    vi="Ghi danh {name} ({person}), {role}; ký duyệt ở mục {signoff}.",
    en="{name} ({person}) enrolled as {role}; signed off in entry {signoff}.",
    weight=Weight.WARNING,
)
class PersonEnrolled(Event):
    """A person was enrolled (ghi danh). Without a sign-off only for the first two officers of a ledger.

    ``subject`` stands for the human being: a slow hash of the official number, the same under every name and
    key.
    """

    person: PersonId
    name: PersonName
    role: Role
    subject: Digest
    key: PublicKey
    place: KeyPlace
    signoff: Position | None = None


@event(
    "person.revoked",
    vi="Thu hồi {person}, ký duyệt ở mục {signoff}.",
    en="{person} revoked, entry {signoff}.",
    weight=Weight.WARNING,
)
class PersonRevoked(Event):
    """A person may sign nothing any more (thu hồi)."""

    person: PersonId
    signoff: Position


@event("person.passphrase_tried", vi="{person} nhập mật khẩu.", en="{person} tried a passphrase.")
class PassphraseTried(Event):
    """Recorded before the try, so that a power cut wins nobody a try (thử mật khẩu)."""

    person: PersonId


@event("person.unlocked", vi="{person} mở được khóa.", en="{person} unlocked the key.")
class PersonUnlocked(Event):
    """The passphrase was right (mở khóa đúng); the count of tries starts again."""

    person: PersonId


@event(
    "person.locked",
    vi="{person} bị khóa sau {tries} lần sai.",
    en="{person} is locked after {tries} tries.",
    weight=Weight.ALARM,
)
class PersonLocked(Event):
    """Too many wrong passphrases (bị khóa)."""

    person: PersonId
    tries: Count


@event(
    "person.attempts_reset",
    vi="Mở khóa mật khẩu cho {person}, ký duyệt ở mục {signoff}.",
    en="Tries of {person} reset, entry {signoff}.",
    weight=Weight.WARNING,
)
class AttemptsReset(Event):
    """Two persons gave someone new tries (cho thử lại)."""

    person: PersonId
    signoff: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSignature(Record):
    """One person's signature over the bytes of a statement (chữ ký cá nhân)."""

    person: PersonId
    signature: SignatureText

    @property
    def say_vi(self) -> str:
        """Who signed."""
        return self.person

    @property
    def say_en(self) -> str:
        """Who signed."""
        return self.person


@event(
    "signoff.made",
    vi="Ký duyệt: {statement}; người ký: {signatures}.",
    en="Signed off: {statement}; by {signatures}.",
    weight=Weight.WARNING,
)
class SignedOff(Event):
    """Enough different persons signed one statement (ký duyệt); holds all it takes to check it again."""

    statement: Statement
    signatures: tuple[PersonSignature, ...]


@event(
    "signoff.refused",
    vi="Từ chối ký duyệt {purpose} cho {subject}: {code}.",
    en="Sign-off {purpose} for {subject} refused: {code}.",
    weight=Weight.WARNING,
)
class SignOffRefused(Event):
    """A sign-off was refused (từ chối ký duyệt)."""

    purpose: Purpose
    subject: Id
    code: Code


@event(
    "signin.refused",
    vi="Từ chối đăng nhập {person} ({code}).",
    en="Sign-in of {person} refused ({code}).",
    weight=Weight.NOTICE,
)
class SignInRefused(Event):
    """A person was not let in at the console (từ chối đăng nhập)."""

    person: PersonId
    code: Code


@event("signin.done", vi="{person} đăng nhập.", en="{person} signed in.")
class SignedIn(Event):
    """A person signed in at the console (đăng nhập)."""

    person: PersonId


@event("signin.ended", vi="{person} thôi phiên làm việc.", en="{person} signed out.")
class SignedOut(Event):
    """A person signed out or was idle too long (đăng xuất)."""

    person: PersonId
