"""What two persons signed for: the configuration with its rule tables, and the recipients (chính sách, người nhận)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from scanflow.errors import Words
from scanflow.ledger import Entry
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import PolicyChanged, RecipientsChanged
from scanflow.ledger.inspect.backing import is_backed
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people import Office, People, Purpose, Reason
from scanflow.ledger.people.registry import EVENTS
from scanflow.station.config import StationConfig
from scanflow.station.enrol import Sign
from scanflow.station.errors import NotAdopted
from scanflow.station.setup import recipients_of

_POLICY = Words("chính sách (cấu hình, quy định)", "policy (configuration, rule tables)")
_RECIPIENTS = Words("danh sách người nhận", "list of recipients")


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 (hex) of a policy and of a list of recipients; None where nobody ever signed for one."""

    policy: str | None
    recipients: str | None


def present(config: StationConfig) -> Digests:
    """What this station would work with now.

    Raises:
        CertificateMissing: a recipient's certificate is not there.
        OSError: the rule tables cannot be read.
    """
    return Digests(_policy(config), _recipients(config))


def _policy(config: StationConfig) -> str:
    """Every value of the configuration, and the rule tables byte by byte."""
    digest = sha256(b"scanflow policy 1\n" + config.model_dump_json().encode())
    for path in sorted(config.rules.glob("*.toml")):
        digest.update(f"\n{path.name} ".encode() + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _recipients(config: StationConfig) -> str:
    """The pinned CA and each certificate with its part."""
    digest = sha256(b"scanflow recipients 1\n" + sha256(config.sealing.ca.read_bytes()).digest())
    for line in sorted(f"{one.fingerprint} {one.role.name}" for one in recipients_of(config)):
        digest.update(f"\n{line}".encode())
    return digest.hexdigest()


def adopted(entries: Iterable[Entry]) -> Digests:
    """What was signed for last, as the entries of a ledger tell it; only a sign-off that holds counts."""
    people = People()
    policy: str | None = None
    recipients: str | None = None
    for entry in entries:
        people.apply(entry)
        event = entry.event
        if isinstance(event, PolicyChanged) and is_backed(event, people):
            policy = event.after
        elif isinstance(event, RecipientsChanged) and is_backed(event, people):
            recipients = event.after
    return Digests(policy, recipients)


def adopted_of(ledger: Path) -> Digests:
    """What was signed for last in a ledger file.

    Raises:
        LedgerMissing: no file.
    """
    return adopted(read_entries(ledger, (*EVENTS, PolicyChanged, RecipientsChanged)))


def changed(config: StationConfig, signed: Digests) -> tuple[Words, ...]:
    """Which of the two is not what was signed for; empty when both are."""
    now = present(config)
    parts = ((_POLICY, now.policy, signed.policy), (_RECIPIENTS, now.recipients, signed.recipients))
    return tuple(what for what, one, other in parts if one != other)


def require_adopted(config: StationConfig, ledger: Path) -> None:
    """Refuse to work with what two persons did not sign for.

    Raises:
        NotAdopted: names it.
    """
    if what := changed(config, adopted_of(ledger)):
        raise NotAdopted(what=Words.joined(what, ", "))


def adopt(config: StationConfig, office: Office, reason: Reason, sign: Sign) -> tuple[Words, ...]:
    """Have two persons sign for whatever changed, each matter for itself.

    Returns:
        What was adopted; empty when nothing had changed.

    Raises:
        PeopleError: too few or the wrong persons; what was signed before that stays adopted.
    """
    before, now = adopted_of(office.ledger.path), present(config)
    done: list[Words] = []
    if now.policy is not None and now.policy != before.policy:
        entry = _signed(office, Purpose.CHANGE_POLICY, "CFG-1", reason, now.policy, sign)
        office.ledger.record(events.PolicyChanged(before=before.policy, after=now.policy, signoff=entry))
        done.append(_POLICY)
    if now.recipients is not None and now.recipients != before.recipients:
        entry = _signed(office, Purpose.CHANGE_RECIPIENTS, "CFG-2", reason, now.recipients, sign)
        office.ledger.record(events.RecipientsChanged(before=before.recipients, after=now.recipients, signoff=entry))
        done.append(_RECIPIENTS)
    return tuple(done)


def _signed(office: Office, purpose: Purpose, subject: str, reason: Reason, digest: str, sign: Sign) -> int:
    statement = office.draw_up(purpose, subject, reason, digest=digest)
    sign_off = office.sign_off(statement, sign(statement))
    sign_off.require(purpose, subject, digest=digest)
    return sign_off.entry
