"""What leaves, and how: indexes, the agency's signature, access copies, archival packages, plain PDF of non-secrets."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from tests.station.conftest import PLAIN, SHEET, Paper, Room, listed, row, separator
from tests.station.test_batch import events, work

from scanflow.errors import ExitCode
from scanflow.ledger.catalogue import (
    BatchClosed,
    BatchEnd,
    BundleSealed,
    DocumentPlain,
    DocumentSealed,
    MediumRefused,
    SealFailed,
)
from scanflow.levels import Level
from scanflow.sealing import Container, Sealer, load_certificate, load_private_key, open_container, read_manifest
from scanflow.sealing.errors import CertificateRefused
from scanflow.sealing.package import read_index
from scanflow.sealing.sealer import Addressee
from scanflow.station.agency import agency_signer
from scanflow.station.batch import BatchResult, Outcome
from scanflow.station.config import BatchConfig, NonSecret, SignatureConfig, StationConfig
from scanflow.station.dossiers import document_record, load_dossiers
from scanflow.station.errors import ConfigurationRejected, DossierIncomplete, DossierListRejected
from scanflow.station.packing import pack_dossier

OPEN = Paper(PLAIN, PLAIN)
"""A sheet without a mark."""


def job(folder: Path) -> dict[str, bytes]:
    """The files of the one job on a stick."""
    (place,) = folder.glob("SF-*")
    return {path.name: path.read_bytes() for path in place.iterdir()}


def opened(room: Room, name: str, folder: str = "stick") -> bytes:
    """A container as stock openssl opens it."""
    keys = room.folder / "keys"
    line = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER"]
    line += ["-recip", str(keys / "van-thu.crt.pem"), "-inkey", str(keys / "van-thu.key.pem")]
    return subprocess.run(line, input=job(room.folder / folder)[name], capture_output=True, check=True).stdout


def deliver(room: Room, *documents: tuple[Level, Paper], **desk: object) -> BatchResult:
    rows = [row(n, 1, level=level) for n, (level, _) in enumerate(documents, start=1)]
    manifest = listed(*rows)
    pile = [
        sheet
        for one, (_, paper) in zip(rows, documents, strict=True)
        for sheet in (separator(manifest, one.ordinal), paper)
    ]
    result, _ = work(room, manifest, pile, **desk)
    return result


# ------------------------------------------------------------------------------------------------------- index, drill


def test_every_delivery_has_its_sealed_index(room: Room) -> None:
    deliver(room, (Level.MAT, SHEET), (Level.MAT, SHEET))
    files = job(room.folder / "stick")
    index = read_index(opened(room, "MAU.01.index.p7m"))
    assert {one.name for one in index.entries} == {"MAU.01.0000001", "MAU.01.0000002"}
    assert all(len(files[f"{one.name}.p7m"]) == one.size for one in index.entries)
    (entry,) = events(room, BundleSealed)
    assert isinstance(entry, BundleSealed)
    assert (entry.form.value, entry.documents, entry.level) == ("index", 2, Level.MAT)


def rehearse(room: Room, holder: str = "khoi-phuc") -> subprocess.CompletedProcess[str]:
    keys = room.folder / "keys"
    words = ["open", room.folder / "stick", "--rehearse", "--recip", keys / f"{holder}.crt.pem", "--key"]
    command = [
        sys.executable,
        "-c",
        "from scanflow.cli import main; main()",
        *map(str, words),
        keys / f"{holder}.key.pem",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_recovery_drill_opens_all_and_notices_a_missing_container(room: Room) -> None:
    deliver(room, (Level.MAT, SHEET), (Level.MAT, SHEET))
    before = sorted(path for path in room.folder.rglob("*"))
    done = rehearse(room)
    assert (done.returncode, "Diễn tập đạt: 3 gói" in done.stderr) == (ExitCode.OK, True), done.stderr
    assert sorted(path for path in room.folder.rglob("*")) == before  # nothing is written
    next((room.folder / "stick").rglob("MAU.01.0000002.p7m")).unlink()
    done = rehearse(room)
    assert done.returncode == ExitCode.SEALING
    assert "SEA-SET" in done.stdout and "KHÔNG ĐẠT" in done.stderr


def test_the_drill_of_an_empty_stick_or_with_a_foreign_key_is_not_passed(room: Room) -> None:
    assert rehearse(room).returncode == ExitCode.SEALING
    deliver(room, (Level.MAT, SHEET))
    done = rehearse(room, "tram")
    assert (done.returncode, "SEA-NOT-YOURS" in done.stdout) == (ExitCode.SEALING, True)


# ---------------------------------------------------------------------------------------------- the agency's signature


def test_a_batch_that_asks_for_it_is_signed_by_the_agency(make_room: Callable[..., Room], tmp_path: Path) -> None:
    room = make_room(signature=True)
    deliver(room, (Level.MAT, SHEET))
    (tmp_path / "x.pdf").write_bytes(opened(room, "MAU.01.0000001.p7m"))
    said = subprocess.run(["pdfsig", "-nocert", tmp_path / "x.pdf"], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said and "Total document signed" in said
    text = subprocess.run(["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "CƠ QUAN MẪU A" in text
    (sealed,) = events(room, DocumentSealed)
    assert isinstance(sealed, DocumentSealed) and sealed.signed
    assert rehearse(room).returncode == ExitCode.OK


def test_without_it_nothing_is_signed(room: Room) -> None:
    deliver(room, (Level.MAT, SHEET))
    with pikepdf.open(io.BytesIO(opened(room, "MAU.01.0000001.p7m"))) as pdf:
        assert "/AcroForm" not in pdf.Root
    (sealed,) = events(room, DocumentSealed)
    assert isinstance(sealed, DocumentSealed) and not sealed.signed


def test_a_key_under_a_passphrase_is_asked_for_once(room: Room, tmp_path: Path) -> None:
    keys, asked = room.folder / "keys", []
    locked = tmp_path / "locked.pem"
    line = [
        "openssl",
        "pkcs8",
        "-topk8",
        "-in",
        keys / "tram.key.pem",
        "-passout",
        "pass:mot mat khau dai",
        "-out",
        locked,
    ]
    subprocess.run(line, check=True, capture_output=True)
    config = SignatureConfig(certificate=keys / "tram.crt.pem", key=locked)

    def ask(thing: str) -> str:
        asked.append(thing)
        return "mot mat khau dai"

    deliver(room, (Level.MAT, SHEET))
    with agency_signer(config, "CƠ QUAN", ask) as sign:
        for _ in range(2):
            assert b"ETSI.CAdES.detached" in sign(opened(room, "MAU.01.0000001.p7m"), room.station.now())
    assert len(asked) == 1


@pytest.mark.parametrize(
    "section",
    [
        {},
        {"key": "k.pem", "module": "m.so", "token": "T", "label": "L"},
        {"module": "m.so", "token": "T"},
        {"module": "m.so", "label": "L"},
    ],
)
def test_a_signature_needs_exactly_one_key(section: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"key|module"):
        SignatureConfig(certificate=Path("c.pem"), **section)  # type: ignore[arg-type]


def test_a_station_that_cannot_sign_refuses_a_batch_that_asks(room: Room) -> None:
    without: StationConfig = room.station.config.model_copy(update={"signature": None})
    assert without.for_batch(signature=None).batch == without.batch
    with pytest.raises(ConfigurationRejected, match="signature"):
        without.for_batch(signature=True)
    assert BatchConfig() == BatchConfig(signature=False, access_copy=False, non_secret=NonSecret.SEALED)


# --------------------------------------------------------------------------------------------------------- access copy


def test_an_access_copy_lies_beside_the_document(make_room: Callable[..., Room]) -> None:
    room = make_room(access_copy=True)
    deliver(room, (Level.TOI_MAT, Paper(SHEET.recto, PLAIN)))
    copy, master = opened(room, "MAU.01.0000001.xem.p7m"), opened(room, "MAU.01.0000001.p7m")
    assert read_manifest(copy)["name"] == read_manifest(master)["name"] == "MAU.01.0000001"
    assert {one.name for one in read_index(opened(room, "MAU.01.index.p7m")).entries} == {
        "MAU.01.0000001", "MAU.01.0000001.xem"
    }  # fmt: skip
    assert [event.form.value for event in events(room, BundleSealed)] == ["access", "index"]  # type: ignore[attr-defined]
    assert rehearse(room).returncode == ExitCode.OK


class RunsOut(Sealer):
    """Seals once; then a certificate has run out."""

    cipher = "trial"

    def __init__(self, inner: Sealer) -> None:
        self._inner, self._sealed = inner, 0

    def recipients(self) -> tuple[Addressee, ...]:
        return self._inner.recipients()

    def _encrypt(self, plaintext: bytes) -> bytes:
        self._sealed += 1
        if self._sealed > 1:
            raise CertificateRefused(holder="A", why="expired", why_vi="đã hết hạn")
        return self._inner._encrypt(plaintext)


def test_a_document_whose_access_copy_cannot_be_sealed_is_not_said_to_be_sealed(
    make_room: Callable[..., Room],
) -> None:
    room = make_room(access_copy=True)
    room.station = replace(room.station, sealer=RunsOut(room.station.sealer))
    result = deliver(room, (Level.MAT, SHEET))
    assert [one.outcome for one in result.documents] == [Outcome.NOT_SEALED]
    assert events(room, DocumentSealed) == []
    assert [entry.code for entry in events(room, SealFailed)] == [CertificateRefused.code]  # type: ignore[attr-defined]
    assert not list((room.folder / "stick").glob("SF-*"))


# ---------------------------------------------------------------------------------------------------- archival package

DOSSIERS = """
["MAU.01"]
paper_code = "H49.K1/G2/H3.160"
title = "Tiêu đề mẫu"
maintenance = "03"
start = 2001-01-01
"""


@pytest.fixture
def dossiers(tmp_path: Path) -> Path:
    path = tmp_path / "ho-so.toml"
    path.write_text(DOSSIERS, encoding="utf-8")
    return path


def test_a_whole_dossier_is_packed_for_the_archive(make_room: Callable[..., Room], dossiers: Path) -> None:
    room = make_room(dossiers=dossiers)
    deliver(room, (Level.MAT, SHEET), (Level.MAT, SHEET))
    with zipfile.ZipFile(io.BytesIO(opened(room, "MAU.01.aip.p7m"))) as archive:
        names = archive.namelist()
        (ead,) = [one for one in names if one.endswith("/EAD.xml")]
        text = archive.read(ead).decode()
        pdf = archive.read(next(one for one in names if one.endswith("MAU.01.0000002.pdf")))
    assert sum(name.endswith(".pdf") for name in names) == 2
    for said in ("Tiêu đề mẫu", "H49.K1/G2/H3.160", "01/01/2001"):
        assert said in text
    assert pdf == opened(room, "MAU.01.0000002.p7m")
    assert "MAU.01.aip" in {one.name for one in read_index(opened(room, "MAU.01.index.p7m")).entries}
    assert rehearse(room).returncode == ExitCode.OK
    for path in room.folder.rglob("*"):  # titles are content: they leave sealed only
        assert not path.is_file() or "Tiêu đề mẫu".encode() not in path.read_bytes()


def test_a_dossier_with_a_document_missing_is_not_packed(make_room: Callable[..., Room], dossiers: Path) -> None:
    room = make_room(dossiers=dossiers)
    manifest = listed(row(1, 1), row(2, 2))
    pile = [separator(manifest, 1), SHEET, separator(manifest, 2), SHEET]
    _, desk = work(room, manifest, pile)
    assert "MAU.01.aip.p7m" not in job(room.folder / "stick")
    assert any("còn 1 tài liệu chưa niêm phong" in notice.vi for notice in desk.told)


def test_a_dossier_is_packed_later_from_its_containers(room: Room, dossiers: Path) -> None:
    manifest = listed(row(1, 1), row(2, 1))
    work(room, manifest, [separator(manifest, 1), SHEET, separator(manifest, 2), SHEET])
    keys, station = room.folder / "keys", room.station
    holder = (
        load_certificate((keys / "khoi-phuc.crt.pem").read_bytes()),
        load_private_key((keys / "khoi-phuc.key.pem").read_bytes(), None),
    )
    record = load_dossiers(dossiers)["MAU.01"]
    place = room.folder / "stick", holder, station.sealer, station.ledger

    def full(_: Container) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        pack_dossier(record, manifest, *place, full)
    kept: list[Container] = []
    made = pack_dossier(record, manifest, *place, kept.append)
    assert kept == [made]
    with zipfile.ZipFile(io.BytesIO(open_container(made.data, *holder))) as archive:
        assert sum(name.endswith(".pdf") for name in archive.namelist()) == 2
    assert made.name == "MAU.01.aip"
    assert [event.form.value for event in events(room, BundleSealed)] == ["index", "package"]  # type: ignore[attr-defined]
    next((room.folder / "stick").rglob("MAU.01.0000002.p7m")).unlink()
    with pytest.raises(DossierIncomplete, match="1 documents"):
        pack_dossier(record, manifest, *place, kept.append)
    with pytest.raises(DossierIncomplete):
        other = replace(record, code="OTHER")
        pack_dossier(other, manifest, *place, kept.append)
    assert kept == [made], "what is refused is not kept"


@pytest.mark.parametrize(
    "text",
    [
        "x",
        '["A"]\ntitle = "Tiêu đề bí mật"',
        '["A"]\npaper_code = "H49"\nmaintenance = "08"',
        '["A"]\npaper_code = "H49"\nmore = 1',
    ],
)
def test_a_list_of_dossiers_that_is_none_is_refused_without_its_words(text: str, tmp_path: Path) -> None:
    (tmp_path / "ho-so.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DossierListRejected) as refused:
        load_dossiers(tmp_path / "ho-so.toml")
    assert "Tiêu đề" not in refused.value.say_vi
    with pytest.raises(DossierListRejected):
        load_dossiers(tmp_path / "missing.toml")


@pytest.mark.parametrize(
    ("number", "kind", "condition", "found"),
    [
        ("15/QĐ-BNV", "Công văn", "Tốt", ("15", "QĐ-BNV", "22", "01")),
        ("127-QĐ/VPTW", "nghị quyết", "", ("", "127-QĐ/VPTW", "01", "02")),
        ("", "Báo cáo", "rách", ("", "", "32", "02")),
    ],
)
def test_a_row_in_the_words_of_the_archive(number: str, kind: str, condition: str, found: tuple[str, ...]) -> None:
    from tests.sealing.conftest import make_facts

    base = row(1, 1, kind=kind, condition=condition)
    one = document_record(replace(base, number=number), make_facts(), b"%PDF")
    assert (one.number, one.notation, one.type_code, one.condition) == found


# --------------------------------------------------------------------------------------------------- plain PDF of open


def test_what_is_no_secret_leaves_plain_on_a_stick_of_its_own(make_room: Callable[..., Room]) -> None:
    room = make_room(non_secret=NonSecret.PLAIN)
    ordinary = room.other_stick("ordinary", Level.THUONG)
    result = deliver(room, (Level.THUONG, OPEN), (Level.MAT, SHEET), sticks=[room.stick, room.stick, ordinary])
    assert [one.outcome for one in result.documents] == [Outcome.DELIVERED, Outcome.DELIVERED]
    assert [one.container for one in result.documents] == ["MAU.01.0000001.pdf", "MAU.01.0000002.p7m"]
    assert "MAU.01.0000001.pdf" not in job(room.folder / "stick")
    plain = job(room.folder / "ordinary")
    assert {name for name in plain if name.endswith((".pdf", ".p7m"))} == {"MAU.01.0000001.pdf"}
    assert read_manifest(plain["MAU.01.0000001.pdf"])["level"] == "THUONG"
    refused = events(room, MediumRefused)
    assert [event.code for event in refused] == ["STA-PLAIN-STICK"]  # type: ignore[attr-defined]
    (released,) = events(room, DocumentPlain)
    assert isinstance(released, DocumentPlain)
    assert [event.end for event in events(room, BatchClosed)] == [BatchEnd.COMPLETE]  # type: ignore[attr-defined]


def test_without_an_ordinary_stick_the_plain_ones_wait_and_the_batch_says_so(make_room: Callable[..., Room]) -> None:
    room = make_room(non_secret=NonSecret.PLAIN)
    result = deliver(room, (Level.THUONG, OPEN), (Level.MAT, SHEET), sticks=[room.stick, room.stick])
    assert [one.outcome for one in result.documents] == [Outcome.NOT_DELIVERED, Outcome.DELIVERED]
    assert result.exit_code is ExitCode.MEDIUM
    assert [event.end for event in events(room, BatchClosed)] == [BatchEnd.PARTLY]  # type: ignore[attr-defined]


def test_by_default_what_is_no_secret_is_sealed_like_the_rest(room: Room) -> None:
    deliver(room, (Level.THUONG, OPEN))
    assert opened(room, "MAU.01.0000001.p7m").startswith(b"%PDF")
    assert not [name for name in job(room.folder / "stick") if name.endswith(".pdf")]


def test_a_mark_on_the_paper_keeps_a_document_in_its_container(make_room: Callable[..., Room]) -> None:
    """The list says THUONG, the paper says MẬT: held, never plain."""
    room = make_room(non_secret=NonSecret.PLAIN)
    result = deliver(room, (Level.THUONG, SHEET), sticks=[room.other_stick("ordinary", Level.THUONG)])
    assert [one.outcome for one in result.documents] == [Outcome.HELD]
    assert not list((room.folder / "ordinary").rglob("*.pdf"))
