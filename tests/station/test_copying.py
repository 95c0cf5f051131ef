"""Printing back: who signs, what is refused, what the ledger then holds, and the copies themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.station.conftest import CUSTODIAN, OPERATOR, SHEET, SUPERVISOR, Room, listed, row, separator
from tests.station.test_batch import work

from scanflow.errors import ScanflowError
from scanflow.ledger.catalogue import CopyPrinted, CopyPrintFailed, CopyPrinting
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people import PersonSignature, Statement, sign
from scanflow.ledger.people.errors import SignOffRefusal
from scanflow.sealing import SoftwareKey, load_certificate, load_private_key
from scanflow.sealing.errors import CopyOrderRefused
from scanflow.sealing.printcopy import CopyEntry, CopyForm
from scanflow.station.copying import PrinterAt, SealedDocument, Wish, print_copies
from scanflow.station.errors import CopiesSpoiled, CopyOfForeign, OperatorSigns, PrinterRefused
from scanflow.station.host import lies_in_ram

WISH = Wish(CopyForm.ORIGINAL, "Chánh Văn phòng UBND tỉnh Mẫu", ("Sở Mẫu A", "Sở Mẫu B"), OPERATOR)


class Tray:
    """A printer whose paper is looked at."""

    def __init__(self, holds: int = 99) -> None:
        self.papers: dict[str, bytes] = {}
        self._holds = holds

    def put(self, name: str, pdf: bytes) -> None:
        if len(self.papers) == self._holds:
            raise PrinterRefused(place="tray")
        assert name not in self.papers
        self.papers[name] = pdf


@pytest.fixture
def document(room: Room) -> SealedDocument:
    """A document that this station sealed and delivered."""
    manifest = listed(row(1, 1))
    work(room, manifest, [separator(manifest, 1), SHEET])
    (container,) = (room.folder / "stick").rglob("*1.p7m")
    return SealedDocument.opened(container.read_bytes(), *holder(room), room.station.office)


def holder(room: Room) -> tuple[object, SoftwareKey]:
    keys = room.folder / "keys"
    certificate = load_certificate((keys / "van-thu.crt.pem").read_bytes())
    return certificate, load_private_key((keys / "van-thu.key.pem").read_bytes(), None)


def signed_by(room: Room, *persons: str) -> Callable[[Statement], list[PersonSignature]]:
    return lambda statement: [sign(statement, person, room.keys[person]) for person in persons]


def printed(
    room: Room,
    document: SealedDocument,
    tray: Tray,
    *persons: str,
    wish: Wish = WISH,
    well: Callable[[CopyEntry], bool] = lambda entry: True,
) -> tuple[CopyEntry, ...]:
    station = room.station
    signing = signed_by(room, *(persons or (SUPERVISOR, CUSTODIAN)))
    return print_copies(document, wish, station.office, station.config, date(2026, 11, 22), signing, tray, well)


def events(room: Room, *kinds: type) -> list[object]:
    return [entry.event for entry in read_entries(room.station.ledger.path, kinds)]


def words(pdf: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def test_the_permitted_copies_come_out_behind_their_lines_in_the_register(room: Room, document: SealedDocument) -> None:
    tray = Tray()
    entries = printed(room, document, tray)
    register, first, second = tray.papers
    assert register == "MAU.01.0000001.so-sao-chup-01"
    assert (first, second) == ("MAU.01.0000001.ban-sao-01", "MAU.01.0000001.ban-sao-02")
    for copy, number, to in ((first, "01", "Sở Mẫu A"), (second, "02", "Sở Mẫu B")):
        text = words(tray.papers[copy])
        for said in (f"BẢN SAO SỐ: {number}", "BẢN SAO BÍ MẬT NHÀ NƯỚC", to, "Chánh Văn phòng UBND tỉnh Mẫu"):
            assert said in text
    lines = " ".join(words(tray.papers[register]).split())
    for said in ("SAO, CHỤP", "Sở Mẫu A", "Sở Mẫu B", "Bản sao số 01", "Bản sao số 02"):
        assert said in lines
    assert [entry.number for entry in entries] == [1, 2]
    begun, done = events(room, CopyPrinting, CopyPrinted)
    assert isinstance(begun, CopyPrinting) and isinstance(done, CopyPrinted)
    assert (begun.person, begun.copies, begun.document) == (OPERATOR, 2, document.id)
    assert (done.copies, done.spoiled) == (2, 0)


def test_numbers_go_on_even_after_a_fault(room: Room, document: SealedDocument) -> None:
    with pytest.raises(PrinterRefused):
        printed(room, document, Tray(holds=2))
    (failed,) = events(room, CopyPrintFailed)
    assert isinstance(failed, CopyPrintFailed)
    assert (failed.printed, failed.code) == (1, "STA-PRINTER")
    assert [entry.number for entry in printed(room, document, Tray())] == [3, 4]


@pytest.mark.parametrize(
    "persons", [(SUPERVISOR,), (CUSTODIAN,), (SUPERVISOR, SUPERVISOR), (OPERATOR, CUSTODIAN)], ids="-".join
)
def test_too_few_or_wrong_persons_print_nothing(room: Room, document: SealedDocument, persons: tuple[str, ...]) -> None:
    tray = Tray()
    with pytest.raises(SignOffRefusal):
        printed(room, document, tray, *persons)
    assert not tray.papers
    assert events(room, CopyPrinting) == []


def test_who_makes_the_copies_does_not_permit_them(room: Room, document: SealedDocument) -> None:
    tray = Tray()
    with pytest.raises(OperatorSigns):
        printed(room, document, tray, wish=Wish(WISH.form, WISH.authority, WISH.addressees, CUSTODIAN))
    assert not tray.papers


@pytest.mark.parametrize("wish", [Wish(WISH.form, "", ("A",), OPERATOR), Wish(WISH.form, "X", (), OPERATOR)])
def test_an_order_that_permits_nothing(room: Room, document: SealedDocument, wish: Wish) -> None:
    with pytest.raises(CopyOrderRefused):
        printed(room, document, Tray(), wish=wish)


def test_a_spoiled_copy_is_printed_again_under_its_number_and_counted(room: Room, document: SealedDocument) -> None:
    answers = iter([False, True, True])
    tray = Tray()
    printed(room, document, tray, well=lambda entry: next(answers))
    assert list(tray.papers)[1:] == [
        "MAU.01.0000001.ban-sao-01",
        "MAU.01.0000001.ban-sao-01-in-lai-1",
        "MAU.01.0000001.ban-sao-02",
    ]
    (done,) = events(room, CopyPrinted)
    assert isinstance(done, CopyPrinted)
    assert (done.copies, done.spoiled) == (2, 1)


def test_a_printer_that_only_spoils_is_given_up(room: Room, document: SealedDocument) -> None:
    tray = Tray()
    with pytest.raises(CopiesSpoiled):
        printed(room, document, tray, well=lambda entry: False)
    assert len(tray.papers) == 4
    (failed,) = events(room, CopyPrintFailed)
    assert isinstance(failed, CopyPrintFailed)
    assert failed.code == "STA-COPY-SPOILED"


def test_a_container_of_another_station_is_not_copied(room: Room) -> None:
    with pytest.raises(CopyOfForeign):
        SealedDocument.opened(b"of another", *holder(room), room.station.office)


@pytest.fixture
def in_ram() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


def test_a_printer_is_a_device_a_pipe_or_a_folder_in_ram(in_ram: Path, tmp_path: Path) -> None:
    printer = PrinterAt(in_ram)
    printer.put("x", b"%PDF-")
    assert ((in_ram / "x.pdf").read_bytes(), (in_ram / "x.pdf").stat().st_mode & 0o777) == (b"%PDF-", 0o600)
    with pytest.raises(PrinterRefused):
        printer.put("x", b"again")
    PrinterAt(Path("/dev/null")).put("x", b"%PDF-")
    for place in (Path("/usr"), in_ram / "x.pdf", in_ram / "missing"):
        with pytest.raises(PrinterRefused):
            PrinterAt(place)
    os.mkfifo(in_ram / "pipe")
    PrinterAt(in_ram / "pipe")


def test_what_lies_in_ram_and_what_does_not(in_ram: Path, tmp_path: Path) -> None:
    fake = tmp_path / "proc"
    (fake / "self").mkdir(parents=True)
    (fake / "self/mountinfo").write_text(Path("/proc/self/mountinfo").read_text())
    (fake / "swaps").write_text("Filename Type Size Used Priority\n")
    assert lies_in_ram(in_ram, fake)
    assert not lies_in_ram(Path("/usr"), fake)
    (fake / "swaps").write_text("Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n")
    assert not lies_in_ram(in_ram, fake)


def test_every_refusal_says_what_to_do() -> None:
    for why in (PrinterRefused(place="/x"), CopiesSpoiled(number=2), OperatorSigns(person="P-003"), CopyOfForeign()):
        assert isinstance(why, ScanflowError) and why.say_vi.endswith(".")
