"""The inspector sees what happened, computes who signed, and checks a bundle on a machine without scanflow."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scanflow.gate import Decision
from scanflow.ledger import Ledger, verify
from scanflow.ledger import catalogue as cat
from scanflow.ledger.catalogue import words
from scanflow.ledger.errors import BundleRefused, LedgerDamaged, LedgerRolledBack
from scanflow.ledger.inspect import export_bundle, history, overview_of, verify_bundle
from scanflow.ledger.inspect.standalone import ed25519_holds
from scanflow.ledger.note import raw_public
from scanflow.ledger.people import Figures, Purpose, Reason
from scanflow.levels import Level
from scanflow.pages import Face

from .conftest import BATCH, ORIGIN, Room, fed

D1, D2, D3 = (f"B-2026-0001-D00{n}" for n in (1, 2, 3))


@pytest.fixture
def worked(room: Room) -> Room:
    """A batch with a route-out, a difference that two persons released, one that nobody did, and a refused stick."""
    ledger = room.ledger
    ledger.record_many(
        [
            cat.ManifestAccepted(batch=BATCH, documents=3, sheets=9, pages=14, refused=0, commitment="0" * 64),
            cat.HandoverRecorded(
                batch=BATCH, moment=words.Moment.OUT_OF_STORE, giver="P-31", taker="P-41", documents=3, sheets=9,
                pages=14, paper=words.PaperState.SOUND, agrees=True,
            ),
        ]
    )  # fmt: skip
    with ledger.act(cat.FeedStarted(batch=BATCH, scanner="SC-1", first=1)) as feed:
        ledger.record_many([fed(n) for n in range(1, 9)])
        ledger.record(cat.SheetRoutedOut(batch=BATCH, sheet=8, reason=words.RouteOutReason.MARK_READ))
        feed.done(cat.FeedStopped(batch=BATCH, end=words.FeedEnd.ROUTE_OUT, sheets=8, last_good=7))
    ledger.record(cat.DocumentCounted(batch=BATCH, document=D1, level=Level.MAT, sheets=2, pages=4, blank=0))
    for one in (D2, D3):
        ledger.record(
            cat.DocumentDiffers(
                batch=BATCH, document=one, level=Level.TOI_MAT, declared_sheets=4, declared_pages=6, sheets=-1, pages=-2
            )
        )
    statement = room.office.draw_up(
        Purpose.RELEASE_DIFFERENCE, D2, Reason.LIST_MISCOUNTED, batch=BATCH,
        figures=Figures(declared_sheets=4, declared_pages=6, sheets=3, pages=4),
    )  # fmt: skip
    signoff = room.signed(statement, "P-21", "P-31")
    ledger.record(cat.DifferenceReleased(batch=BATCH, document=D2, signoff=signoff.entry))
    ledger.record(cat.MediumRefused(device="0" * 16, code="MED-UNKNOWN", simulated=True))
    delivery = cat.DeliveryBegun(
        batch=BATCH, job="SF-2026-000001", medium="M-0001", clearance=Level.TOI_MAT, level=Level.TOI_MAT, documents=2
    )
    with ledger.act(delivery) as act:
        act.done(cat.DeliveryDone(job="SF-2026-000001", medium="M-0001", documents=2, size=5000, receipt="0" * 64))
    for document in (D2, D3):
        gone = {"batch": BATCH, "document": document, "reason": words.EraseReason.DELIVERED}
        with ledger.act(cat.EraseBegun(**gone)) as act:
            act.done(cat.DocumentErased(**gone, sheets=1, pages=2))
    return room


def test_the_overview_tells_the_batch(worked: Room) -> None:
    seen = overview_of(worked.ledger.path)
    batch = seen.batches[BATCH]
    assert (batch.operators, batch.declared, batch.fed, batch.routed_out) == (["P-41"], (3, 9, 14), 8, 1)
    assert (batch.counted, batch.differing, batch.delivered, batch.closed_at) == (1, 2, 2, "")
    assert [one.moment for one in batch.handovers] == [words.Moment.OUT_OF_STORE]
    assert [(one.sheet, one.reason) for one in seen.route_outs] == [(8, words.RouteOutReason.MARK_READ)]
    assert [(one.document, one.signed_by) for one in seen.differences] == [(D2, ("P-21", "P-31")), (D3, ())]
    assert [one.event.id for one in seen.refusals] == ["medium.refused"]
    assert seen.statistics[2026, Level.MAT] == {"documents": 1, "sheets": 2, "pages": 4}
    assert seen.statistics[2026, Level.TOI_MAT] == {"documents": 1, "released_with_difference": 1}
    assert list(seen.people) == list(worked.office.people) and not seen.people.faults
    assert "sheet.routed_out" in [one.event.id for one in seen.loud]


def test_a_release_that_nobody_signed_is_seen_as_such(worked: Room) -> None:
    """A release that names no sign-off, or one for something else: the overview shows it as unbacked."""
    assert overview_of(worked.ledger.path).unbacked == []
    valid = next(worked.ledger.entries([cat.DifferenceReleased])).event.signoff  # type: ignore[attr-defined]
    forged = [
        cat.DifferenceReleased(batch=BATCH, document=D3, signoff=3),
        cat.DifferenceReleased(batch=BATCH, document=D3, signoff=valid),
        cat.DifferenceReleased(batch="B-2026-0002", document=D2, signoff=valid),
        cat.MediumRevoked(medium="M-0001", signoff=valid),
        cat.PolicyChanged(before=None, after="0" * 64, signoff=valid),
        cat.HeldSideDecided(
            batch=BATCH, sheet=1, face=Face.RECTO, decision=Decision.CLEAR, level=Level.MAT, person="P-21"
        ),
        cat.BatchClosed(
            batch=BATCH, end=words.BatchEnd.SIGNED_OFF, documents=3, fed=8, cleared=7, held=0, routed_out=1, spoiled=0,
            separators=0,
        ),
    ]  # fmt: skip
    entries = worked.ledger.record_many(forged)
    worked.ledger.record(
        cat.HeldSideDecided(
            batch=BATCH, sheet=1, face=Face.RECTO, decision=Decision.ROUTE_OUT, level=Level.TUYET_MAT, person="P-41"
        )
    )
    seen = overview_of(worked.ledger.path)
    assert [one.n for one in seen.unbacked] == [one.n for one in entries]
    assert seen.differences[1].signed_by == ()
    assert [(one.code) for one in seen.people.faults] == []


def test_a_cleared_side_is_backed_by_its_own_sign_off(worked: Room) -> None:
    statement = worked.office.draw_up(
        Purpose.CLEAR_HELD, D1, Reason.NOT_A_LEVEL_MARK, batch=BATCH, sheet=2, face=Face.VERSO
    )
    signoff = worked.signed(statement, "P-21").entry
    for sheet in (2, 3):
        worked.ledger.record(
            cat.HeldSideDecided(
                batch=BATCH, sheet=sheet, face=Face.VERSO, decision=Decision.CLEAR, level=Level.MAT, person="P-21",
                signoff=signoff,
            )
        )  # fmt: skip
    assert [one.event.sheet for one in overview_of(worked.ledger.path).unbacked] == [3]  # type: ignore[attr-defined]


def test_the_history_of_a_batch_goes_down_to_the_sheets(worked: Room) -> None:
    worked.ledger.record(fed(1, "B-2026-0002"))
    ids = [one.event.id for one in history(worked.ledger.path, BATCH)]
    assert ids.count("sheet.fed") == 8 and ids[0] == "batch.opened"


def standalone(bundle: Path, *more: str, vkey: str) -> subprocess.CompletedProcess[str]:
    """Run the bundle's own verifier as on a machine without scanflow: isolated mode, no packages."""
    folder = bundle.parent / "unpacked"
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    command = [sys.executable, "-I", "-S", "verify.py", "ledger.jsonl", vkey, "head.note", *more]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_bundle_verifies_elsewhere(worked: Room, tmp_path: Path) -> None:
    ledger = worked.ledger
    early = ledger.head()
    ledger.record(fed(9))
    receipt = ledger.prove(5)
    bundle = tmp_path / "evidence.zip"
    digest = export_bundle(ledger, bundle, "P-51")
    exported, issued = (one.event for one in ledger.entries(first=ledger.size - 2))
    assert isinstance(exported, cat.EvidenceExported) and exported.digest == digest
    assert isinstance(issued, cat.HeadIssued) and issued.size == exported.size == ledger.size - 2
    report = verify_bundle(bundle, ledger.verifier, [early, receipt])
    assert report.ok and report.size == exported.size

    (tmp_path / "early.note").write_bytes(early.note)
    (tmp_path / "receipt.tlog-proof").write_bytes(receipt.text)
    told = standalone(bundle, "../early.note", "../receipt.tlog-proof", vkey=str(ledger.verifier))
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("OK ") == 3 and f"the first {early.size} of {exported.size}" in told.stdout


def test_a_forged_bundle_does_not(worked: Room, tmp_path: Path) -> None:
    ledger = worked.ledger
    bundle = tmp_path / "evidence.zip"
    export_bundle(ledger, bundle, "P-51")
    later = ledger.head()
    ledger.record(fed(10))
    (tmp_path / "later.note").write_bytes(later.note)
    vkey = str(ledger.verifier)
    assert [type(one) for one in verify_bundle(bundle, ledger.verifier, [later]).faults] == [LedgerRolledBack]
    told = standalone(bundle, "../later.note", vkey=vkey)
    assert told.returncode and "rolled back" in told.stderr

    folder = tmp_path / "unpacked"
    lines = (folder / "ledger.jsonl").read_bytes()
    for forged, said in (
        (lines.replace(b'"sheet":8', b'"sheet":7', 1), "rewritten"),
        (lines.replace(b',"n":3}', b',"n":4}', 1), "not the entry"),
        (lines[: len(lines) // 2], "cut or rolled back"),
    ):
        assert forged != lines
        (folder / "ledger.jsonl").write_bytes(forged)
        command = [sys.executable, "-I", "-S", "verify.py", "ledger.jsonl", vkey, "head.note"]
        told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert told.returncode and said in told.stderr, told.stderr
    (folder / "ledger.jsonl").write_bytes(lines)
    note = (folder / "head.note").read_text()
    (folder / "head.note").write_text(note[:-6] + ("AAAA=\n" if note[-6:] != "AAAA=\n" else "BBBB=\n"))
    told = standalone_again(folder, vkey)
    assert told.returncode and "not signed" in told.stderr
    told = standalone_again(folder, vkey.replace("+", "+0", 1))
    assert told.returncode


def standalone_again(folder: Path, vkey: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", "verify.py", "ledger.jsonl", vkey, "head.note"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_what_is_no_bundle(tmp_path: Path, worked: Room) -> None:
    some = tmp_path / "some.zip"
    for content in (b"", b"PK\x03\x04" + bytes(60), b"scribble"):
        some.write_bytes(content)
        with pytest.raises(BundleRefused):
            verify_bundle(some, worked.ledger.verifier)
    with pytest.raises(BundleRefused):
        verify_bundle(tmp_path / "missing.zip", worked.ledger.verifier)
    with zipfile.ZipFile(some, "w") as archive:
        archive.writestr("ledger.jsonl", b"")
    with pytest.raises(BundleRefused):
        verify_bundle(some, worked.ledger.verifier)


def test_the_plain_python_signature_check_agrees_with_the_library(ledger: Ledger) -> None:
    head = ledger.head()
    public, signature = raw_public(ledger.verifier.key), head.signatures[0].blob
    assert ed25519_holds(public, head.text, signature)
    for at in (0, 31, 32, 63):
        broken = bytearray(signature)
        broken[at] ^= 1
        assert not ed25519_holds(public, head.text, bytes(broken))
    assert not ed25519_holds(public, head.text + b" ", signature)
    assert not ed25519_holds(bytes(32), head.text, signature)
    # RFC 8032 7.1, test 3
    pub = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    sig = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a"
    )
    assert ed25519_holds(pub, bytes.fromhex("af82"), sig) and not ed25519_holds(pub, b"", sig)
    # a signature whose s is not reduced must not pass (malleability)
    s = int.from_bytes(sig[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not ed25519_holds(pub, bytes.fromhex("af82"), sig[:32] + s.to_bytes(32, "little"))


def test_an_overview_of_a_damaged_file_is_refused(worked: Room, tmp_path: Path) -> None:
    lines = worked.ledger.path.read_bytes().splitlines(keepends=True)
    path = tmp_path / "damaged"
    path.write_bytes(b"".join(lines[:-3]) + lines[-1])
    with pytest.raises(LedgerDamaged):
        overview_of(path)
    assert not verify(path, worked.ledger.verifier, [worked.ledger.head()]).ok


def test_the_origin_is_the_key_name(ledger: Ledger) -> None:
    assert ledger.verifier.name == ORIGIN and str(ledger.verifier).startswith(ORIGIN + "+")
