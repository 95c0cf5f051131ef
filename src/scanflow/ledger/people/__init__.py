"""People of the room: register, keys, and the sign-off that releases ask for (con người và ký duyệt)."""

from __future__ import annotations

from scanflow.ledger.catalogue.people import PersonEnrolled, PersonSignature
from scanflow.ledger.catalogue.words import KeyPlace, Role
from scanflow.ledger.people.keys import FileKey, PersonKey, sign
from scanflow.ledger.people.office import (
    Office,
    cosigner_name,
    make_key_file,
    new_person,
    subject_of,
    witnesses,
)
from scanflow.ledger.people.persons import Person
from scanflow.ledger.people.registry import Fault, People
from scanflow.ledger.people.rules import RULES, Rule
from scanflow.ledger.people.signoff import SignOff, count_persons
from scanflow.ledger.statement import Figures, Purpose, Reason, Statement, draw_up

__all__ = [
    "RULES",
    "Fault",
    "Figures",
    "FileKey",
    "KeyPlace",
    "Office",
    "People",
    "Person",
    "PersonEnrolled",
    "PersonKey",
    "PersonSignature",
    "Purpose",
    "Reason",
    "Role",
    "Rule",
    "SignOff",
    "Statement",
    "cosigner_name",
    "count_persons",
    "draw_up",
    "make_key_file",
    "new_person",
    "sign",
    "subject_of",
    "witnesses",
]
