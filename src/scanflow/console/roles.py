"""Who may see and do what (vai trò)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scanflow.console.errors import RoleRefused, SignInNeeded
from scanflow.errors import Words
from scanflow.ledger.people import Person, Role

PAGES: Final[dict[str, frozenset[Role]]] = {
    "/list": frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.CUSTODIAN}),
    "/supervisor": frozenset({Role.SUPERVISOR}),
    "/papers": frozenset({Role.SUPERVISOR, Role.CUSTODIAN}),
    "/security": frozenset({Role.SECURITY_OFFICER}),
    "/ledger": frozenset({Role.INSPECTOR, Role.SECURITY_OFFICER}),
}
"""Who may see which page; the main screen is for everybody in the room."""


def require_role(person: Person | None, roles: Sequence[Role] | frozenset[Role]) -> Person:
    """Who is signed in, when the role fits.

    Raises:
        SignInNeeded: nobody is.
        RoleRefused: somebody else must do it.
    """
    if person is None:
        raise SignInNeeded
    if person.role not in roles:
        raise RoleRefused(role=person.role, needed=Words.joined(sorted(roles), ", "))
    return person
