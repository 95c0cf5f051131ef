"""What a field of an event may be: ids, counts, codes, digests, dates, words of a closed list (P8).

The kinds are the fence that keeps content out of the ledger. There is no free text: an id is a prefix with
numbers and can spell nothing, a reason is a word of a closed list, and what a person has to say in words
stays on the signed paper form; the ledger holds only a salted commitment to it
(:func:`scanflow.ledger.catalogue.commit`). The one field with letters of a person's choice is the name of an
enrolled person.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import types
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, Final, Self, TypeAlias, Union, get_args, get_origin, get_type_hints

from scanflow.gate import Decision
from scanflow.ledger.canonical import MAX_INTEGER
from scanflow.levels import Level
from scanflow.pages import Face, SideLabel


class Word(StrEnum):
    """A closed list of words; each member carries its Vietnamese (từ trong danh sách cố định)."""

    vi: str

    def __new__(cls, value: str, vi: str) -> Self:
        """Keep the Vietnamese beside the value that is stored."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.vi = vi
        return member

    @property
    def en(self) -> str:
        """The stored word, as it is read aloud."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of field: how it is checked, stored and said.

    Attributes:
        name: what the inspector's documentation calls it.
        fits: whether a value is of this kind.
        store: value → JSON.
        load: JSON → value; may raise ``ValueError``, ``TypeError`` or ``KeyError``.
        say: value → Vietnamese text.
    """

    name: str
    fits: Callable[[Any], bool]
    store: Callable[[Any], Any] = lambda value: value
    load: Callable[[Any], Any] = lambda value: value
    say: Callable[[Any], str] = str


def text(name: str, pattern: str, extra: Callable[[str], bool] = lambda _: True) -> Kind:
    """A string that matches ``pattern`` from end to end."""
    whole = re.compile(pattern).fullmatch
    return Kind(name, lambda v: type(v) is str and whole(v) is not None and extra(v))


def number(name: str, least: int, most: int = MAX_INTEGER) -> Kind:
    """An integer within bounds; True is not 1 here."""
    return Kind(name, lambda v: type(v) is int and least <= v <= most)


def _is_date(value: str) -> bool:
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_name(value: str) -> bool:
    words = value.split(" ")
    return unicodedata.is_normalized("NFC", value) and len(words) <= 8 and all(w.isalpha() for w in words)


_ID = r"[A-Z]{1,6}(-[A-Z]?[0-9]{1,12}[a-z]?){1,5}"
_SHEET_LABEL = r"[0-9]{1,6}[a-z]{0,2}"

_PREFIXES = "CFG CLI CNT CON EXA FRM GAT HST IMG LED MAN MED OCR PPL RUL SCN SEA STA STP"
ROOMS: Final = tuple(_PREFIXES.split())
"""Prefixes of the project's codes, one a room (of errors, and of what examinations and host checks say)."""

Id: TypeAlias = Annotated[str, text("id", _ID)]
"""Opaque id: at most six capitals, then groups of numbers: ``B-2026-0001``, ``B-2026-0001-D003``."""
BatchId: TypeAlias = Annotated[str, text("batch id", _ID)]
DocumentId: TypeAlias = Annotated[str, text("document id", _ID)]
MediumId: TypeAlias = Annotated[str, text("medium id", _ID)]
PersonId: TypeAlias = Annotated[str, text("person id", _ID)]
DeviceId: TypeAlias = Annotated[str, text("device id", _ID + r"|[0-9a-f]{16,64}")]
"""A scanner, a medium or an unknown USB device: an id, or hex digits of the digest of its identity."""
JobId: TypeAlias = Annotated[str, text("job id", _ID + r"|[0-9a-f]{16,64}")]
SheetLabel: TypeAlias = Annotated[str, text("sheet label", _SHEET_LABEL)]
"""A sheet's own number as the office wrote it ("15a"): digits and at most two letters."""
Code: TypeAlias = Annotated[str, text("code", rf"({'|'.join(ROOMS)})(-[A-Z0-9]{{1,24}}){{1,3}}")]
"""A stable code of the project, as in ``SCN-JAM``: a room's prefix, then words."""
Digest: TypeAlias = Annotated[str, text("SHA-256 digest", r"[0-9a-f]{64}")]
"""SHA-256 in hex, of ciphertext or of public data; never of a page or of text (it could be guessed)."""
Commitment: TypeAlias = Annotated[str, text("salted commitment", r"[0-9a-f]{64}")]
"""``SHA-256(salt || data)`` with 32 random bytes of salt that stay outside the ledger."""
KeyId: TypeAlias = Annotated[str, text("key id", r"[0-9a-f]{8,64}")]
Nonce: TypeAlias = Annotated[str, text("nonce", r"[0-9a-f]{32}")]
BootId: TypeAlias = Annotated[str, text("boot id", r"[0-9a-f]{32}")]
Version: TypeAlias = Annotated[str, text("version", r"[0-9]{1,6}(\.[0-9]{1,6}){1,3}")]
Date: TypeAlias = Annotated[str, text("date", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", _is_date)]
PublicKey: TypeAlias = Annotated[
    str,
    text(
        "public key (SPKI, base64)",
        r"MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=|MFkwEwYHKoZIzj0[A-Za-z0-9+/]{107}==|MHYwEAYHKoZIzj0[A-Za-z0-9+/]{145}",
    ),
]
"""Ed25519, EC P-256 or EC P-384: the DER of each begins alike and has one length."""
SignatureText: TypeAlias = Annotated[
    str, text("signature (base64)", r"[A-Za-z0-9+/]{86}==|MG?[EGQYUZ][A-Za-z0-9+/]{88,140}={0,2}")
]
"""64 bytes of Ed25519, or the DER of an ECDSA signature."""
PersonName: TypeAlias = Annotated[str, text("person's name", r".{1,60}", _is_name)]
"""Name of an enrolled person: at most eight words of letters."""
Count: TypeAlias = Annotated[int, number("count", 0, 10**9)]
Difference: TypeAlias = Annotated[int, number("difference", -(10**9), 10**9)]
Ordinal: TypeAlias = Annotated[int, number("ordinal", 1, 10**9)]
Position: TypeAlias = Annotated[int, number("entry number", 0)]
Size: TypeAlias = Annotated[int, number("bytes", 0)]
Seconds: TypeAlias = Annotated[int, number("POSIX seconds", 0)]
Milliseconds: TypeAlias = Annotated[int, number("milliseconds", 0)]

_FOREIGN_VI: dict[Enum, str] = {
    Face.RECTO: "mặt trước",
    Face.VERSO: "mặt sau",
    SideLabel.CONTENT: "có nội dung",
    SideLabel.BLANK: "trắng",
    SideLabel.UNSURE: "chưa chắc",
    Decision.CLEAR: "cho qua",
    Decision.HOLD: "giữ lại",
    Decision.ROUTE_OUT: "tách riêng",
}

_BOOL = Kind("yes or no", lambda v: type(v) is bool, say=lambda v: "có" if v else "không")


class Record:
    """A group of fields stored as one object inside an event (nhóm trường)."""

    __slots__ = ()

    def __post_init__(self) -> None:
        check(self, type(self).__name__)

    @property
    def say_vi(self) -> str:
        """The fields in Vietnamese sentences; a record may say it better."""
        return ", ".join(f.kind.say(held) for f in plan(type(self)) if (held := getattr(self, f.name)) is not None)

    @property
    def say_en(self) -> str:
        """The stored values, for the English sentence; a record may say it better."""
        return ", ".join(str(one) for one in store(self).values())


@dataclass(frozen=True, slots=True)
class Field:
    """A field's name, kind, whether it may be absent, and what it then is.

    A field that came to a class later has a default, so that a ledger from before it still reads.
    """

    name: str
    kind: Kind
    optional: bool
    absent: Any = None


class BadField(ValueError):
    """A value that is not of its field's kind; names field and kind, never the value."""

    def __init__(self, field: str, kind: str) -> None:
        super().__init__(f"{field}: not {kind}")
        self.field, self.kind = field, kind


_PLANS: dict[type, tuple[Field, ...]] = {}


def plan(cls: type) -> tuple[Field, ...]:
    """The fields of an event or record class with their kinds.

    Raises:
        TypeError: a field has a type that is none of the kinds; such a class must not exist.
    """
    found = _PLANS.get(cls)
    if found is None:
        hints = get_type_hints(cls, include_extras=True)
        found = tuple(_with_default(one, _field(one.name, hints[one.name])) for one in fields(cls))
        _PLANS[cls] = found
    return found


def check(value: Any, owner: str) -> None:
    """Refuse ``value`` (an event or record) unless every field is of its kind.

    Raises:
        BadField: which field, and what it should have been.
    """
    for field in plan(type(value)):
        held = getattr(value, field.name)
        if not (field.kind.fits(held) or (held is None and field.optional)):
            raise BadField(f"{owner}.{field.name}", field.kind.name)


def store(value: Any) -> dict[str, Any]:
    """Fields as JSON values; an absent optional field is left out."""
    return {
        field.name: field.kind.store(held)
        for field in plan(type(value))
        if (held := getattr(value, field.name)) is not None
    }


def load(cls: Callable[..., Any], data: dict[str, Any], known: tuple[Field, ...]) -> Any:
    """Build ``cls`` from stored fields, strictly.

    Raises:
        BadField: an unknown, missing or ill-typed field.
    """
    values: dict[str, Any] = {}
    for field in known:
        if data.get(field.name) is not None:
            try:
                values[field.name] = field.kind.load(data[field.name])
            except (ValueError, TypeError, KeyError, AttributeError) as broken:
                raise BadField(field.name, field.kind.name) from broken
        elif field.optional or field.absent is not None:
            values[field.name] = field.absent
        else:
            raise BadField(field.name, field.kind.name)
    if len(data) != sum(data.get(field.name) is not None for field in known):
        raise BadField("?", "a field of the catalogue")
    return cls(**values)


def _field(name: str, hint: Any) -> Field:
    if get_origin(hint) in (Union, types.UnionType):
        inner = [arm for arm in get_args(hint) if arm is not type(None)]
        if len(inner) == 1 and len(get_args(hint)) == 2:
            return Field(name, _kind(inner[0]), optional=True)
    return Field(name, _kind(hint), optional=False)


def _with_default(one: dataclasses.Field[Any], field: Field) -> Field:
    return field if one.default is dataclasses.MISSING else replace(field, absent=one.default)


def _kind(hint: Any) -> Kind:
    if get_origin(hint) is Annotated:
        kind = get_args(hint)[1]
        if isinstance(kind, Kind):
            return kind
    if hint is bool:
        return _BOOL
    if get_origin(hint) is tuple and len(get_args(hint)) == 2 and get_args(hint)[1] is Ellipsis:
        return _list_of(_kind(get_args(hint)[0]))
    if isinstance(hint, type) and issubclass(hint, IntEnum | StrEnum):
        return _choice(hint)
    if isinstance(hint, type) and issubclass(hint, Record):
        return _nested(hint)
    raise TypeError("an event's field is an id, a count, a code, a digest, a date or a word of a list, never this")


def _list_of(kind: Kind) -> Kind:
    return Kind(
        f"list of {kind.name}",
        lambda v: type(v) is tuple and len(v) <= 64 and all(kind.fits(one) for one in v),
        lambda v: [kind.store(one) for one in v],
        lambda v: tuple(kind.load(one) for one in v),
        lambda v: ", ".join(kind.say(one) for one in v) or "–",
    )


def _choice(enum: type[IntEnum | StrEnum]) -> Kind:
    named = issubclass(enum, IntEnum)
    return Kind(
        f"one of {' · '.join(m.name if named else str(m.value) for m in enum)}",
        lambda v: type(v) is enum,
        (lambda v: v.name) if named else (lambda v: v.value),
        (lambda v: enum[v]) if named else enum,
        _word_vi,
    )


def _word_vi(value: Any) -> str:
    if isinstance(value, Word | Level):
        return value.vi
    return _FOREIGN_VI.get(value, str(value))


def _nested(record: type[Record]) -> Kind:
    known = plan(record)
    return Kind(
        record.__name__,
        lambda v: type(v) is record,
        store,
        lambda v: load(record, v, known),
        lambda v: v.say_vi,
    )
