"""Printing a digitised secret back: an order, two signatures, exactly the permitted copies, the register (in bản sao).

Source: Luật Bảo vệ bí mật nhà nước, Điều 11; 1479/BCA-ANCTNB III.3.3; NĐ 26/2020/NĐ-CP Điều 3 (every copying recorded,
the permitted number only, spoiled copies destroyed at once). The copies go from memory to the printer itself: a print
spooler would write them to a disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from cryptography import x509

from scanflow.errors import ScanflowError
from scanflow.forms.columns import load_tables
from scanflow.forms.facts import Office as IssuingOffice
from scanflow.forms.registers import Copied, Volume, copying_register
from scanflow.forms.typeset import render_pdf
from scanflow.ledger import catalogue as events
from scanflow.ledger.people import Office, PersonSignature, Purpose, Reason, SignOff, Statement
from scanflow.levels import Level
from scanflow.sealing import open_container, read_manifest
from scanflow.sealing.keyops import PrivateKeyOps
from scanflow.sealing.printcopy import CopyEntry, CopyForm, CopyOrder, make_copies
from scanflow.station.config import StationConfig
from scanflow.station.errors import CopiesSpoiled, CopyOfForeign, OperatorSigns, PrinterRefused
from scanflow.station.history import copies_printed, sealed_as
from scanflow.station.host import lies_in_ram

_MOST_SPOILED = 3

Sign = Callable[[Statement], Sequence[PersonSignature]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person with authority permitted in writing (văn bản cho phép sao).

    Attributes:
        form: sao y bản chính or sao lục.
        authority: the position of who permits it.
        addressees: nơi nhận, one for each copy.
        operator: person id of who makes the copies.
    """

    form: CopyForm
    authority: str
    addressees: tuple[str, ...]
    operator: str


class Printer(Protocol):
    """Where copies come out."""

    def put(self, name: str, pdf: bytes) -> None:
        """Print one file.

        Raises:
            PrinterRefused: it did not take it.
        """


@dataclass(frozen=True, slots=True)
class PrinterAt:
    """A printer's own device (``/dev/usb/lp0``, one that takes PDF), a pipe, or a folder in RAM.

    Raises:
        PrinterRefused: the place keeps what is written to it: a folder or file on a disk.
    """

    place: Path

    def __post_init__(self) -> None:
        mode = self.place.stat().st_mode if self.place.exists() else 0
        if stat.S_ISCHR(mode) or stat.S_ISFIFO(mode):
            return
        if not (stat.S_ISDIR(mode) and lies_in_ram(self.place)):
            raise PrinterRefused(place=self.place)

    def put(self, name: str, pdf: bytes) -> None:
        """See `Printer.put`."""
        path = self.place / f"{name}.pdf" if self.place.is_dir() else self.place
        flags = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW if self.place.is_dir() else 0
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | flags, 0o600), "wb") as out:
                out.write(pdf)
        except OSError as fault:
            raise PrinterRefused(place=self.place) from fault


@dataclass(frozen=True, slots=True)
class SealedDocument:
    """A container of this station, opened in memory.

    Attributes:
        id: its name in the ledger.
        pdf: its content.
    """

    id: str
    pdf: bytes = field(repr=False)

    @classmethod
    def opened(cls, data: bytes, certificate: x509.Certificate, key: PrivateKeyOps, office: Office) -> SealedDocument:
        """Open a container that this station sealed.

        Raises:
            CopyOfForeign: the ledger knows no such container.
            SealingError: it cannot be opened.
        """
        sealed = sealed_as(office.ledger, hashlib.sha256(data).hexdigest())
        if sealed is None:
            raise CopyOfForeign()
        return cls(sealed.document, open_container(data, certificate, key))


def print_copies(
    document: SealedDocument,
    wish: Wish,
    office: Office,
    config: StationConfig,
    on: date,
    sign: Sign,
    printer: Printer,
    came_out_well: Callable[[CopyEntry], bool],
) -> tuple[CopyEntry, ...]:
    """Have the order signed, then print the register's lines and the permitted copies.

    Each copy is printed until a person says that it came out well. The ledger holds the sign-off, the beginning and the
    end; numbers go on where this document's last copies ended.

    Raises:
        CopyOrderRefused: it permits nothing lawful.
        PeopleError: the operator is not enrolled, or signs too; too few or the wrong persons signed.
        CopiesSpoiled: one of them did not come out well several times.
        PrinterRefused: the printer took no more.
    """
    operator = office.people.person(wish.operator)
    order = _order(document, wish, office, on)
    sign_off = _agreed(document, order, operator.id, office, sign)
    lines = _register_lines(order.entries, operator.name, office, config)
    done: list[CopyEntry] = []
    printed = spoiled = 0
    begun = events.CopyPrinting(
        document=document.id, level=order.level, copies=order.permitted, person=operator.id, signoff=sign_off.entry
    )
    with office.ledger.act(begun) as act:
        try:
            printer.put(f"{order.document}.so-sao-chup-{order.first_number:02d}", lines)
            for copy in make_copies(document.pdf, order, done.append):
                spoiled += _until_well(printer, done[-1], copy, came_out_well)
                printed += 1
        except ScanflowError as why:
            act.failed(events.CopyPrintFailed(document=document.id, printed=printed, code=why.code))
            raise
        act.done(events.CopyPrinted(document=document.id, copies=printed, spoiled=spoiled))
    return order.entries


def _order(document: SealedDocument, wish: Wish, office: Office, on: date) -> CopyOrder:
    facts = read_manifest(document.pdf)
    return CopyOrder(
        document=facts["name"],
        level=Level[facts["level"]],
        form=wish.form,
        authority=wish.authority,
        addressees=wish.addressees,
        permitted=len(wish.addressees),
        first_number=copies_printed(office.ledger, document.id) + 1,
        on=on,
    )


def _agreed(document: SealedDocument, order: CopyOrder, operator: str, office: Office, sign: Sign) -> SignOff:
    """Two persons sign this very order; whoever makes the copies is none of them."""
    said = [order.document, order.form, order.authority, order.addressees, order.first_number, str(order.on), operator]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    statement = office.draw_up(Purpose.PRINT_COPY, document.id, Reason.ORDERED, digest=digest)
    sign_off = office.sign_off(statement, sign(statement))
    if operator in sign_off.persons:
        raise OperatorSigns(person=operator)
    return sign_off


def _until_well(printer: Printer, entry: CopyEntry, copy: bytes, well: Callable[[CopyEntry], bool]) -> int:
    for spoiled in range(_MOST_SPOILED):
        suffix = f"-in-lai-{spoiled}" if spoiled else ""
        printer.put(f"{entry.document}.ban-sao-{entry.number:02d}{suffix}", copy)
        if well(entry):
            return spoiled
    raise CopiesSpoiled(number=entry.number)


def _register_lines(entries: Sequence[CopyEntry], maker: str, office: Office, config: StationConfig) -> bytes:
    """The lines for the copying register (sổ quản lý sao, chụp), as PDF/A to be printed and signed; no abstract."""
    head = str(office.ledger.head())
    issuing = IssuingOffice(config.superior, config.body, config.place)
    day = entries[0].on
    lines = [
        Copied(
            ordinal=place,
            day=one.on,
            number=one.document,
            kind=f"Bản sao số {one.number:02d}",
            level=one.level,
            form=one.form,
            copies=1,
            recipients=one.addressee,
            authorised_by=one.authority,
            made_by=maker,
        )
        for place, one in enumerate(entries, start=1)
    ]
    tables = load_tables(config.rules / "registers.toml")
    return render_pdf(copying_register(Volume(issuing, day.year, 1, day, day, head), lines, tables))
