"""Every crash of a delivery in the model, and every call of it made to fail: nothing passes for whole, nothing is lost."""

from __future__ import annotations

import copy
import errno
import shutil
from pathlib import Path

import pytest
from mediakit import TODAY, Key, deliverable, enrol_at
from modelmedium import Disk, ModelFilesystem, ModelMedium, State

from scanflow.levels import Level
from scanflow.media import deliver as deliver_module
from scanflow.media import errors
from scanflow.media.deliver import deliver
from scanflow.media.desk import MediaDesk
from scanflow.media.enrolment import newest_slot
from scanflow.media.medium import Medium
from scanflow.media.receipt import DeliveryReceipt, survey
from scanflow.media.registry import Registry, Tokens

JOB, EARLIER = "SF-2026-000002", "SF-2026-000001"


class OneBus:
    simulated = True

    def __init__(self, medium: ModelMedium) -> None:
        self._medium = medium

    def media(self) -> list[Medium]:
        return [self._medium]


class Model:
    """An enrolled model stick on which one delivery was acknowledged before."""

    def __init__(self, folder: Path, key: Key, like: Model | None = None) -> None:
        """Enrol and deliver once, or go on from where ``like`` stands."""
        self.key = key
        self.folder = folder
        if like is not None:
            shutil.copy(like.folder / "registry.db", folder / "registry.db")
        self.disk = Disk() if like is None else copy.deepcopy(like.disk)
        self.registry = Registry(folder / "registry.db", key.verify)
        self.desk = MediaDesk(OneBus(ModelMedium(self.disk)), self.registry, key.sign, key.verify, lambda: TODAY)
        self.contents: dict[str, bytes] = {}
        if like is None:
            enrol_at(self.desk)
            self.earlier = self.hand_over(EARLIER, 1)
        else:
            self.contents |= like.contents
            self.earlier = like.earlier
        [self.device_id] = self.registry.entries()
        self.disk.calls = 0
        self.disk.names.clear()

    def hand_over(self, job: str = JOB, count: int = 2) -> DeliveryReceipt:
        permit = self.desk.admit(Level.MAT)
        load = [deliverable(f"{job}-{number}.p7m", 2200 + 300 * number) for number in range(count)]
        self.contents |= {each.name: each.content for each in load}
        return deliver(permit, load, job=job, sign=self.key.sign, verify=self.key.verify, ledger_head="h", now=_noon)

    def oracle(self, state: State, acknowledged: list[DeliveryReceipt], tokens: Tokens | None = None) -> bool:
        """Judge a state that a crash left; True when the new job reads as whole in it."""
        found = survey(ModelFilesystem(Disk(certain=state)), self.key.verify)
        for receipt in found.whole:
            for each in receipt.files:
                content = state.content(receipt.job, each.name)
                assert content == self.contents.get(each.name, content), "passes for whole and is not"
                assert len(content) == each.size
        for receipt in acknowledged:
            assert receipt in found.whole, "acknowledged and missing"
        tokens = tokens or self.registry.tokens(self.device_id)
        slot = newest_slot(ModelFilesystem(Disk(certain=state)))
        assert slot is not None and slot.token in (tokens.current, tokens.pending), "honest stick locked out"
        return any(receipt.job == JOB for receipt in found.whole)


def _noon():
    from datetime import UTC, datetime

    return datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_every_crash_of_a_delivery(tmp_path: Path, key: Key) -> None:
    """Each prefix of the calls × each subset of what was not synced."""
    model = Model(tmp_path, key)
    states = whole_early = 0
    most = 0

    def crash_here(disk: Disk) -> None:
        nonlocal states, whole_early, most
        most = max(most, len(disk.pending))
        tokens = model.registry.tokens(model.device_id)
        for state in disk.crashes():
            states += 1
            whole_early += model.oracle(state, [model.earlier], tokens)

    model.disk.instant = crash_here
    receipt = model.hand_over(count=4)
    model.disk.instant = None
    for state in model.disk.crashes():
        states += 1
        assert model.oracle(state, [model.earlier, receipt])
    assert model.disk.pending == [], "nothing may be on its way when delivery is said"
    assert states > 1500 and most >= 7
    assert whole_early > 0, "the receipt is there a moment before it is read back"
    print(f"model: {len(model.disk.names)} instants, {states} crash states, at most {most} things on their way")


@pytest.mark.parametrize("left_out", ["second fsync of the file", "fsync before the rename", "fsync of the directory"])
def test_the_model_notices_a_weaker_protocol(tmp_path: Path, key: Key, monkeypatch, left_out: str) -> None:
    """The oracle can fail: each step of the order is needed, or the step after it covers for it (then a sync is)."""
    model = Model(tmp_path, key)
    monkeypatch.setattr(ModelFilesystem, "sync_all", lambda self: None)

    def put(self, filesystem, name, content) -> None:
        handle = filesystem.create(self.job, name + ".part")
        self._pour(filesystem, handle, content, counted=False)
        if left_out != "fsync before the rename":
            filesystem.sync(handle)
        filesystem.rename(self.job, name + ".part", name)
        if left_out == "second fsync of the file" or left_out == "fsync before the rename":
            pass
        else:
            filesystem.sync(handle)
        filesystem.close(handle)
        if left_out != "fsync of the directory":
            filesystem.sync_directory(self.job)

    monkeypatch.setattr(deliver_module._Writer, "put", put)
    receipt = model.hand_over()
    with pytest.raises(AssertionError, match="acknowledged and missing"):
        for state in model.disk.crashes():
            model.oracle(state, [model.earlier, receipt])


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.ENODEV, errno.EROFS])
def test_every_call_fails_in_turn(tmp_path: Path, key: Key, number: int) -> None:
    """Call n = 1, 2, … of admission and delivery fails: a typed fault, nothing acknowledged, and the stick works again."""
    (tmp_path / "base").mkdir()
    base = Model(tmp_path / "base", key)
    for n in range(1, 1000):
        folder = tmp_path / str(n)
        folder.mkdir()
        model = Model(folder, key, base)
        model.disk.fail_at, model.disk.fail_with = n, number
        try:
            receipt = model.hand_over()
        except errors.MediaError as fault:
            assert isinstance(fault, errors.MediumFault | errors.RecordInvalid), fault
            if number == errno.ENODEV:
                assert isinstance(fault, errors.MediumVanished), (n, model.disk.names[-1], fault)
        else:
            assert model.disk.calls < n, f"call {n} ({model.disk.names[n - 1]}) failed unnoticed"
            break
        model.disk.fail_at = 0
        model.disk.gone = False
        for state in model.disk.crashes():
            model.oracle(state, [model.earlier])
        if not model.oracle(model.disk.now(), [model.earlier]):
            again = model.hand_over("SF-2026-000003")
            model.oracle(model.disk.now(), [model.earlier, again])
    else:
        raise AssertionError("the delivery never came through")
    assert n > 40 and receipt.job == JOB


def test_every_write_is_short_in_turn(tmp_path: Path, key: Key) -> None:
    """A short write is no error: the rest follows."""
    model = Model(tmp_path, key)
    model.hand_over("SF-0")
    writes = [at for at, name in enumerate(model.disk.names, 1) if name == "write"]
    assert len(writes) >= 4
    for at in range(len(writes)):
        model.disk.calls = 0
        model.disk.names.clear()
        model.disk.short_at = writes[at]
        receipt = model.hand_over(f"SF-S{at}")
        assert receipt in survey(ModelFilesystem(model.disk), key.verify).whole


def test_a_write_that_takes_nothing_is_an_error(tmp_path: Path, key: Key, monkeypatch) -> None:
    model = Model(tmp_path, key)
    monkeypatch.setattr(ModelFilesystem, "write", lambda self, handle, piece: 0)
    with pytest.raises(errors.WriteFailed):
        model.hand_over()


@pytest.mark.parametrize("name", [f"{JOB}-0.p7m", f"{JOB}-1.p7m", f"{JOB}.receipt", "READ-ME.txt"])
def test_one_flipped_bit_at_reading_back(tmp_path: Path, key: Key, name: str) -> None:
    model = Model(tmp_path, key)
    model.disk.flip = (name, 40)
    with pytest.raises((errors.ReadBackDiffers, errors.ReceiptInvalid)):
        model.hand_over()


@pytest.mark.parametrize("name", [f"{JOB}-0.p7m", f"{JOB}.receipt"])
@pytest.mark.parametrize("number", [errno.ENOENT, errno.EFBIG])
def test_a_file_that_is_gone_or_longer_at_reading_back(
    tmp_path: Path, key: Key, monkeypatch, name: str, number: int
) -> None:
    model = Model(tmp_path, key)
    read = ModelFilesystem.read

    def bent(self, directory, wanted, most):
        if wanted == name:
            raise OSError(number, "injected")
        return read(self, directory, wanted, most)

    monkeypatch.setattr(ModelFilesystem, "read", bent)
    with pytest.raises((errors.ReadBackDiffers, errors.ReceiptInvalid, errors.WriteFailed)):
        model.hand_over()


def test_a_slow_stick_is_given_up(tmp_path: Path, key: Key) -> None:
    model = Model(tmp_path, key)
    permit = model.desk.admit(Level.MAT)
    ticks = iter(range(0, 100_000, 200))
    with pytest.raises(errors.TooSlow):
        deliver(
            permit,
            [deliverable()],
            job=JOB,
            sign=key.sign,
            verify=key.verify,
            ledger_head="",
            clock=lambda: next(ticks),
        )


def test_progress_is_honest(tmp_path: Path, key: Key) -> None:
    """It rises, ends at the whole, and half of it is the reading back."""
    model = Model(tmp_path, key)
    seen: list[tuple[int, int]] = []
    load = [deliverable("A.p7m", 5_000_000), deliverable("B.p7m", 10)]
    deliver(
        model.desk.admit(Level.MAT),
        load,
        job=JOB,
        sign=key.sign,
        verify=key.verify,
        ledger_head="",
        progress=lambda done, whole: seen.append((done, whole)),
    )
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (2 * 5_000_010, 2 * 5_000_010)
