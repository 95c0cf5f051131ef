"""Who must sign for what (ai ký việc gì). A table, no code.

Source: 1479/BCA-ANCTNB III.1.1.h and domain practice: handovers, differences, the quarantine tray, media and
persons are two-person acts. A held side is cleared by one supervisor who is not the operator of the batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scanflow.ledger.catalogue.words import Role
from scanflow.ledger.statement import Purpose

WINDOW_S: Final = 30 * 60
"""Seconds from drawing up a statement to the last signature."""
AHEAD_S: Final = 5
"""Seconds that a statement may seem to come from the future (clock read twice)."""
MAX_TRIES: Final = 5
"""Wrong passphrases before two persons must sign for new tries."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a sign-off of one purpose takes.

    Attributes:
        places: one set of roles per person needed; different persons fill them all.
        needs: fields of the statement that must be there, beside the subject. All other optional ones must
            not.
    """

    places: tuple[frozenset[Role], ...]
    needs: frozenset[str]

    @property
    def needed(self) -> str:
        """The places in Vietnamese."""
        return " + ".join(" / ".join(sorted(role.vi for role in place)) for place in self.places)


def _rule(*places: set[Role], needs: str = "") -> Rule:
    return Rule(tuple(frozenset(place) for place in places), frozenset(needs.split()))


_SUPERVISOR = {Role.SUPERVISOR}
_OTHER_SIDE = {Role.CUSTODIAN, Role.SECURITY_OFFICER}
_OFFICER = {Role.SECURITY_OFFICER}
_SECOND = {Role.SECURITY_OFFICER, Role.SUPERVISOR}

RULES: Final[dict[Purpose, Rule]] = {
    Purpose.RELEASE_DIFFERENCE: _rule(_SUPERVISOR, _OTHER_SIDE, needs="batch figures"),
    Purpose.CLEAR_HELD: _rule(_SUPERVISOR, needs="batch sheet face"),
    Purpose.OPEN_QUARANTINE: _rule(_SUPERVISOR, _OTHER_SIDE, needs="batch"),
    Purpose.CLOSE_BATCH: _rule(_SUPERVISOR, _OTHER_SIDE, needs="batch"),
    Purpose.DESTROY_SPOILED: _rule(_SUPERVISOR, _OTHER_SIDE, needs="batch"),
    Purpose.PRINT_COPY: _rule(_SUPERVISOR, _OTHER_SIDE, needs="digest"),
    Purpose.ENROL_MEDIUM: _rule(_OFFICER, _SECOND, needs="digest"),
    Purpose.REVOKE_MEDIUM: _rule(_OFFICER, _SECOND, needs="digest"),
    Purpose.ENROL_PERSON: _rule(_OFFICER, _SECOND, needs="digest"),
    Purpose.REVOKE_PERSON: _rule(_OFFICER, _SECOND),
    Purpose.RESET_ATTEMPTS: _rule(_OFFICER, _SECOND),
    Purpose.CHANGE_POLICY: _rule(_OFFICER, _SECOND, needs="digest"),
    Purpose.CHANGE_RECIPIENTS: _rule(_OFFICER, _SECOND, needs="digest"),
}
