"""The whole way on a simulated stick: enrol, admit, deliver, survey, second copy, debris."""

from __future__ import annotations

import copy
import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from mediakit import TODAY, Key, SignOff, deliverable

from scanflow.levels import Level
from scanflow.media import errors
from scanflow.media.deliver import READ_ME, deliver
from scanflow.media.desk import MediaDesk
from scanflow.media.filesystem import DirectoryFilesystem
from scanflow.media.receipt import read_receipt, receipt_name
from scanflow.media.registry import ApprovedDevice, Registry
from scanflow.media.simulated import SimulatedBus, SimulatedStick, stick_descriptors

Enrol = Callable[..., ApprovedDevice]


def hand_over(desk: MediaDesk, key: Key, job: str = "SF-2026-000001", level: Level = Level.MAT):
    permit = desk.admit(level)
    return deliver(
        permit,
        [deliverable(level=level)],
        job=job,
        sign=key.sign,
        verify=key.verify,
        ledger_head="head 7 abc",
    )


def test_delivery_is_whole_and_named_simulated(desk: MediaDesk, key: Key, enrol: Enrol, tmp_path: Path) -> None:
    enrol()
    receipt = hand_over(desk, key)
    folder = tmp_path / "stick" / "SF-2026-000001"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["SF-2026-000001-001.p7m", READ_ME, receipt_name("SF-2026-000001")]
    )
    assert (folder / "SF-2026-000001-001.p7m").read_bytes() == deliverable().content
    again = read_receipt((folder / receipt_name("SF-2026-000001")).read_bytes(), key.verify)
    assert again == receipt
    assert receipt.simulated and "MÔ PHỎNG" in receipt.say_vi() and receipt.ledger_head == "head 7 abc"
    assert desk.survey().whole == (receipt,) and desk.debris() == ()


def test_not_enrolled_stick_stays_empty(desk: MediaDesk, tmp_path: Path) -> None:
    with pytest.raises(errors.NotEnrolled):
        desk.admit(Level.THUONG)
    assert list((tmp_path / "stick").iterdir()) == []
    [judgement] = desk.judge_all()
    assert (judgement.decision, judgement.code) == ("refuse", "MED-NOT-ENROLLED")
    assert json.loads(json.dumps(judgement.as_dict()))["simulated"] is True


def test_permit_is_spent_by_one_delivery_and_cannot_be_copied(desk: MediaDesk, key: Key, enrol: Enrol) -> None:
    enrol()
    permit = desk.admit(Level.MAT)
    for taken in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            taken(permit)
    with pytest.raises(TypeError):
        type(permit)(object(), None, None, 1, Level.MAT)  # type: ignore[arg-type]
    arguments = {"job": "SF-1", "sign": key.sign, "verify": key.verify, "ledger_head": ""}
    deliver(permit, [deliverable()], **arguments)
    with pytest.raises(errors.PermitSpent):
        deliver(permit, [deliverable()], **{**arguments, "job": "SF-2"})


def test_level_is_checked_at_the_permit_and_again_at_the_write(desk: MediaDesk, key: Key, enrol: Enrol) -> None:
    enrol(clearance=Level.TOI_MAT)
    with pytest.raises(errors.NeverOnMedium):
        desk.admit(Level.TUYET_MAT)
    permit = desk.admit(Level.MAT)
    with pytest.raises(errors.ClearanceTooLow):
        deliver(
            permit,
            [deliverable(level=Level.TOI_MAT)],
            job="SF-1",
            sign=key.sign,
            verify=key.verify,
            ledger_head="",
        )


def test_clearance_too_low_and_unclassified(desk: MediaDesk, enrol: Enrol, tmp_path: Path, registry: Registry) -> None:
    entry = enrol(clearance=Level.MAT)
    with pytest.raises(errors.ClearanceTooLow):
        desk.admit(Level.TOI_MAT)
    desk.revoke(entry.device_id, SignOff(_digest(entry), "revoke_medium"))
    with pytest.raises(errors.Revoked):
        desk.admit(Level.MAT)
    enrol(clearance=None)
    with pytest.raises(errors.Unclassified):
        desk.admit(Level.THUONG)
    with pytest.raises(errors.NeverOnMedium):
        enrol(clearance=Level.TUYET_MAT)


def _digest(device) -> str:
    from scanflow.media.enrolment import statement_digest

    return statement_digest(device)


@pytest.mark.parametrize(
    "sign_off",
    [
        SignOff("0" * 64),
        SignOff("", persons=("supervisor-1", "officer-1")),
        SignOff("right", persons=("officer-1",)),
        SignOff("right", persons=("officer-1", "officer-1")),
        SignOff("right", purpose="revoke_medium"),
    ],
)
def test_enrolment_needs_two_persons_over_this_statement(
    desk: MediaDesk, registry: Registry, sign_off: SignOff
) -> None:
    draft = desk.draft(name="USB-01", clearance=Level.MAT, custodian="x", since=TODAY, until=TODAY)
    if sign_off.digest == "right":
        sign_off = SignOff(_digest(draft), sign_off.purpose, sign_off.persons)
    with pytest.raises(errors.SignOffMissing):
        desk.enrol(draft, sign_off)
    assert registry.entries() == {}


def test_second_copy_goes_onto_a_second_stick(
    desk: MediaDesk, bus: SimulatedBus, stick: SimulatedStick, key: Key, enrol: Enrol, tmp_path: Path
) -> None:
    first = enrol()
    hand_over(desk, key)
    with pytest.raises(errors.SameStickTwice):
        desk.admit(Level.MAT, not_these=[first.device_id])
    (tmp_path / "second").mkdir()
    second = SimulatedStick(tmp_path / "second", "SIM0000A0002", port="sim-2")
    bus.plug(second)
    with pytest.raises(errors.TwoSticks):
        desk.admit(Level.MAT)
    bus.pull(stick)
    enrol(name="USB-02")
    permit = desk.admit(Level.MAT, not_these=[first.device_id])
    assert permit.name == "USB-02"
    permit.give_up()
    bus.pull(second)
    with pytest.raises(errors.NoStick):
        desk.admit(Level.MAT)


def test_hidden_keyboard_is_refused_even_with_the_enrolled_identity(
    desk: MediaDesk, bus: SimulatedBus, stick: SimulatedStick, enrol: Enrol, tmp_path: Path
) -> None:
    enrol()
    bus.pull(stick)
    bus.plug(SimulatedStick(tmp_path / "stick", "SIM0000A0001", descriptors=stick_descriptors(keyboard=True)))
    with pytest.raises(errors.ExtraInterface, match="03:01:01"):
        desk.admit(Level.THUONG)


def test_copy_of_the_stick_is_refused_once_the_original_went_on(
    desk: MediaDesk, bus: SimulatedBus, stick: SimulatedStick, key: Key, enrol: Enrol, tmp_path: Path
) -> None:
    import shutil

    enrol()
    shutil.copytree(tmp_path / "stick", tmp_path / "clone")
    hand_over(desk, key)
    bus.pull(stick)
    bus.plug(SimulatedStick(tmp_path / "clone", "SIM0000A0001"))
    with pytest.raises(errors.CloneSuspected):
        desk.admit(Level.MAT)
    bus.plug(stick)
    with pytest.raises(errors.CloneSuspected):  # both at once
        desk.admit(Level.MAT)


def test_second_run_is_told_and_changes_nothing(desk: MediaDesk, key: Key, enrol: Enrol, tmp_path: Path) -> None:
    enrol()
    first = hand_over(desk, key)
    with pytest.raises(errors.AlreadyDelivered):
        hand_over(desk, key)
    assert desk.survey().whole == (first,)


def test_debris_is_listed_and_removed_only_on_record(desk: MediaDesk, key: Key, enrol: Enrol, tmp_path: Path) -> None:
    enrol()
    whole = hand_over(desk, key)
    broken = tmp_path / "stick" / "SF-BROKEN"
    broken.mkdir()
    (broken / "A.p7m").write_bytes(b"under its final name, without a receipt")
    (tmp_path / "stick" / "SF-2026-000001" / "STRAY.part").write_bytes(b"x")
    (tmp_path / "stick" / "holiday.jpg").write_bytes(b"x")
    found = desk.survey()
    assert found.debris == ("SF-2026-000001/STRAY.part", "SF-BROKEN/A.p7m")
    assert found.foreign == ("holiday.jpg",)
    acts: list[tuple[str, str]] = []
    with pytest.raises(errors.NameUnfit):
        desk.remove_debris(["SF-2026-000001/SF-2026-000001-001.p7m"], lambda *act: acts.append(act))
    assert acts == []
    desk.remove_debris(found.debris, lambda *act: acts.append(act))
    assert len(acts) == 2 and not broken.exists()
    assert desk.survey().whole == (whole,) and desk.debris() == ()


def test_simulated_entry_never_admits_real_hardware(desk: MediaDesk, enrol: Enrol, registry: Registry, stick) -> None:
    from dataclasses import replace

    from scanflow.media.policy import judge_device

    enrol()
    assert not isinstance(judge_device(stick.facts, registry.entries(), TODAY), errors.DeviceRefused)
    real = replace(stick.facts, simulated=False)
    assert isinstance(judge_device(real, registry.entries(), TODAY), errors.ShapeDiffers)


def test_full_stick_is_told_before_the_first_byte(
    desk: MediaDesk, key: Key, enrol: Enrol, tmp_path: Path, monkeypatch
) -> None:
    from scanflow.media.filesystem import DirectoryFilesystem

    enrol()
    permit = desk.admit(Level.MAT)
    monkeypatch.setattr(DirectoryFilesystem, "free", lambda self: 1000)
    with pytest.raises(errors.MediumFull):
        deliver(permit, [deliverable()], job="SF-1", sign=key.sign, verify=key.verify, ledger_head="")
    assert not (tmp_path / "stick" / "SF-1").exists()


def test_container_that_is_not_the_sealed_one_is_refused(
    desk: MediaDesk, key: Key, enrol: Enrol, tmp_path: Path
) -> None:
    from dataclasses import replace

    enrol()
    bent = replace(deliverable(), sha256="0" * 64)
    with pytest.raises(errors.ContainerDiffers):
        deliver(desk.admit(Level.MAT), [bent], job="SF-1", sign=key.sign, verify=key.verify, ledger_head="")
    assert not (tmp_path / "stick" / "SF-1").exists()


def test_file_beyond_what_fat_holds(desk: MediaDesk, key: Key, enrol: Enrol, tmp_path: Path, monkeypatch) -> None:
    from scanflow.media.filesystem import DirectoryFilesystem

    enrol()
    permit = desk.admit(Level.MAT)
    monkeypatch.setattr(DirectoryFilesystem, "file_limit", property(lambda self: 2999))
    with pytest.raises(errors.FileTooLarge):
        deliver(permit, [deliverable()], job="SF-1", sign=key.sign, verify=key.verify, ledger_head="")
    assert not (tmp_path / "stick" / "SF-1").exists()


@pytest.mark.parametrize("jobs", ["ABC", "SF-a/b", "SF-" + "x" * 80])
def test_job_names(desk: MediaDesk, key: Key, enrol: Enrol, jobs: str) -> None:
    enrol()
    with pytest.raises(errors.NameUnfit):
        deliver(desk.admit(Level.MAT), [deliverable()], job=jobs, sign=key.sign, verify=key.verify, ledger_head="")


@pytest.mark.parametrize("hurt", ["gone", "flipped", "of another stick", "no token"])
def test_record_on_the_stick(desk: MediaDesk, key: Key, enrol: Enrol, tmp_path: Path, hurt: str) -> None:
    from dataclasses import replace

    from scanflow.media.signed import wrap_statement

    device = enrol()
    record = tmp_path / "stick" / ".scanflow" / "enrolment.txt"
    if hurt == "gone":
        record.unlink()
    elif hurt == "flipped":
        record.write_bytes(record.read_bytes().replace(b"TOI_MAT", b"MAT"))
    elif hurt == "of another stick":
        record.write_bytes(wrap_statement(replace(device, name="USB-02").statement(), key.sign))
    else:
        for name in ("token-0.txt", "token-1.txt"):
            (record.parent / name).write_bytes(bytes(512))
    with pytest.raises(errors.RecordInvalid):
        desk.admit(Level.MAT)


def test_torn_token_slot_does_not_lock_the_stick_out(desk: MediaDesk, key: Key, enrol: Enrol, tmp_path: Path) -> None:
    """The slot that was being overwritten is lost; the other one still holds the settled token."""
    enrol()
    for _ in range(4):
        desk.admit(Level.MAT).give_up()
        newest = max(
            (tmp_path / "stick" / ".scanflow").glob("token-*"),
            key=lambda path: int(path.read_bytes().split()[0]),
        )
        older = next(path for path in newest.parent.glob("token-*") if path != newest)
        older.write_bytes(b"\xff" * 512)
    desk.admit(Level.MAT).give_up()


def test_refused_sticks_are_shut(desk: MediaDesk, enrol: Enrol) -> None:
    [judgement] = desk.shut_refused()
    assert judgement.code == "MED-NOT-ENROLLED"
    enrol()
    assert desk.shut_refused() == []


def test_a_directory_that_cannot_be_read_is_debris_and_hides_nothing_else(
    desk: MediaDesk, key: Key, enrol: Enrol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen in a real kernel: a yank on FAT leaves a directory whose clusters were never written."""
    enrol()
    receipt = hand_over(desk, key)
    (tmp_path / "stick" / "SF-2026-000009").mkdir()
    names = DirectoryFilesystem.names

    def torn(self: DirectoryFilesystem, directory: str) -> list[str]:
        if directory == "SF-2026-000009":
            raise OSError(errno.EIO, "torn")
        return names(self, directory)

    monkeypatch.setattr(DirectoryFilesystem, "names", torn)
    found = desk.survey()
    assert (found.whole, found.debris) == ((receipt,), ("SF-2026-000009/",))
    desk.remove_debris(found.debris, lambda act, subject: None)
    assert not (tmp_path / "stick" / "SF-2026-000009").exists()
