"""The child process that owns SANE: bounded, watched, alone, and gone when it should be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scanflow
from scanflow.scanner import wire
from scanflow.scanner.settings import Want

from .conftest import until
from .panel import panel_of
from .test_profiles_on_vdev import PROFILES, Device, library  # noqa: F401 (fixture)

RECVMSG = {"x86_64": 47, "aarch64": 212}[os.uname().machine]


@pytest.fixture
def device(tmp_path: Path, library: Path) -> Device:  # noqa: F811
    return Device(tmp_path / "d", panel_of(PROFILES["fujitsu"]), library)


def test_the_driver_feeds_no_further_ahead_than_its_credits(device: Device) -> None:
    device.load(*range(1, 13))
    with device.feeder(PROFILES["fujitsu"]) as feeder:
        sides = feeder.sides()
        next(sides)  # two sides are taken, four may wait: six are read, that is three sheets
        assert feeder._child is not None
        syscall = Path(f"/proc/{feeder._child.pid}/syscall")

        def waits_for_credit() -> bool:
            return syscall.read_text().split()[0] == str(RECVMSG) and len(device.output()) == 3

        assert until(waits_for_credit), device.output()
        report = feeder.stop()
        assert (report.last_delivered, report.passed, report.at_least) == (1, None, 2)
        assert len(device.output()) == 3


PARENT = """
import sys
from pathlib import Path
from scanflow.scanner.profile import load_profile
from scanflow.scanner.sane_child import SaneChild
folder, profile, library = sys.argv[1:]
wants = [w.packed() for w in load_profile(Path(profile)).wants(duplex=True, dpi=75)]
child = SaneChild(Path(folder), patience=60.0, env={"LD_LIBRARY_PATH": library, "VDEV_DIR": folder})
child.tell(kind="feed", device="vdev:0", wants=wants, credit=2)
assert [child.hear().kind for _ in range(3)] == ["set", "side", "side"]
child.patience = 0.1  # only now: a loaded machine may take its time with the first sheet
child.tell(kind="credit", sides=1)
print(child.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("fault", ["", " hang"], ids=["waiting", "hung in the driver"])
def test_the_child_does_not_outlive_its_parent(device: Device, fault: str) -> None:
    """Killed without a word, the parent leaves a child that reads the end of its socket, or that its alarm ends."""
    device.load(1, f"2{fault}", *range(3, 30))
    profile = Path(__file__).resolve().parents[2] / "drivers" / "fujitsu.toml"
    arguments = [str(device.folder), str(profile), device.env["LD_LIBRARY_PATH"]]
    environment = {**os.environ, "PYTHONPATH": str(Path(scanflow.__file__).parents[1])}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert until(lambda: device.output() == [1, 2])
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()
    assert until(lambda: not alive(child)), "the child still holds the scanner"


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_nothing_of_a_page_has_a_name_in_a_file_system(device: Device) -> None:
    device.load(1, 2)
    with device.feeder(PROFILES["fujitsu"]) as feeder:
        sides = feeder.sides()
        next(sides)
        assert feeder._child is not None
        files = [str(f.readlink()) for f in Path(f"/proc/{feeder._child.pid}/fd").iterdir()]
        names = [f for f in files if f.startswith("/") and not f.startswith(("/dev/null", "/memfd:"))]
        assert names == []


# ---- the wire --------------------------------------------------------------------------------------------------------


def test_a_picture_crosses_the_wire() -> None:
    ours, theirs = wire.pair()
    with ours, theirs:
        picture = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)
        bulk = wire.picture_bulk(5, 7, lambda blank: np.copyto(blank, picture))
        with pytest.raises(PermissionError):
            os.pwrite(bulk, b"x", 0)  # sealed
        wire.send(ours, {"kind": "side"}, bulk)
        os.close(bulk)
        assert np.array_equal(wire.read_pixels(wire.receive(theirs, 1.0), 5, 7), picture)


@pytest.mark.parametrize("size", [(5, 8), (0, 0), (-5, -7), (10**6, 10**6)])
def test_a_picture_of_another_size_than_announced_is_refused(size: tuple[int, int]) -> None:
    ours, theirs = wire.pair()
    with ours, theirs:
        bulk = wire.bulk_of(bytes(5 * 7 * 3))
        wire.send(ours, {"kind": "side"}, bulk)
        os.close(bulk)
        message = wire.receive(theirs, 1.0)
        with pytest.raises(wire.BadMessage):
            wire.read_pixels(message, *size)
        assert message.bulk is None  # closed


@given(st.binary(min_size=1, max_size=400))
def test_any_packet_is_a_message_or_refused(packet: bytes) -> None:
    ours, theirs = wire.pair()
    with ours, theirs:
        ours.send(packet)
        try:
            message = wire.receive(theirs, 1.0)
        except wire.BadMessage:
            return
        assert isinstance(message.head, dict) and isinstance(message.kind, str)


def test_silence_and_a_closed_end() -> None:
    ours, theirs = wire.pair()
    with ours:
        with pytest.raises(TimeoutError):
            wire.receive(ours, 0)
        with pytest.raises(TimeoutError):
            wire.receive(ours, 0.01)
        theirs.close()
        with pytest.raises(wire.PeerGone):
            wire.receive(ours, 1.0)
        with pytest.raises(wire.PeerGone):
            wire.send(ours, {"kind": "x"})
        with pytest.raises(ValueError, match="too large"):
            wire.send(ours, {"kind": "x" * 70_000})


@given(
    st.lists(st.text(min_size=1), min_size=1).map(tuple),
    st.lists(st.one_of(st.booleans(), st.integers(), st.text()), min_size=1).map(tuple),
    st.booleans(),
    st.floats(0, 10),
    st.one_of(st.none(), st.tuples(st.text(), st.text())),
)
def test_a_setting_survives_the_wire(names, values, must, tolerance, unless) -> None:
    want = Want(names, values, must, tolerance, unless)
    assert Want.unpacked(wire.json.loads(wire.json.dumps(want.packed()))) == want
