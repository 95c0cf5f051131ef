"""A whole batch of canary pages with a route-out in the virtual machine; its disk, swap, stick and memory are searched.

    python -m tools.usblab.notrace full [FOLDER]

boots, works and prints what was found where; ``tests/usblab/test_no_trace_vm.py`` does so with the small stack.

Whatever a program in the guest writes anywhere lies on the disk image. During the batch the kernel is made to push out
to swap what it may; so what a process has not locked lands there. The memory is dumped three times: after the batch,
after the station was closed, after its process ended. In each place the run leaves a control, which must be found.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scanflow.hardening import FORGETFUL
from tools.usblab import canary, rig, vm

VM = Path("/vm")
STATE = Path("/srv/station")
GROUP = Path("/sys/fs/cgroup/lab")
MOMENTS = ("erased", "closed", "ended")
MEMORY = 1024
SECONDS = 3600
_PUSH, _EVERY_S = "1M", 0.5


# ------------------------------------------------------------------------------------------------------ in the guest


def reached(step: str) -> None:
    """Note when a step was reached, for whoever wonders where the time goes."""
    with (VM / "steps.txt").open("a") as steps:
        steps.write(f"{Path('/proc/uptime').read_text().split()[0]} s {step}\n")


def ask_dump(seed: int, moment: str) -> None:
    """Have the host dump this machine's memory now, and wait for it."""
    reached(moment)
    held = canary.control(seed, moment)
    (VM / f"dump-please-{moment}").touch()
    rig.wait_for((VM / f"dump-done-{moment}").exists, f"dump {moment}", 600)
    del held


def leave_controls(seed: int) -> mmap.mmap:
    """Two files on the disk, one of them deleted, and memory that nobody locked."""
    files = Path("/tmp/control-kept"), Path("/tmp/control-deleted")
    for file in files:
        with file.open("wb") as out:
            out.write((canary.control(seed, "disk.img") + bytes(4032)) * 256)
            out.flush()
            os.fsync(out.fileno())
    files[1].unlink()  # its blocks may all be used again, therefore the other
    unlocked = mmap.mmap(-1, 1 << 20)
    unlocked[4096:4160] = canary.control(seed, "swap.img")
    return unlocked


def swap_on() -> None:
    """A swap, and a group of processes that can be pushed out to it."""
    rig.sh("mkswap", "/dev/vdb")
    rig.sh("swapon", "/dev/vdb")
    Path("/proc/sys/vm/swappiness").write_text("200")
    rig.sh("mount", "-t", "cgroup2", "none", str(GROUP.parent))
    (GROUP.parent / "cgroup.subtree_control").write_text("+memory")
    GROUP.mkdir()
    (GROUP / "cgroup.procs").write_text(str(os.getpid()))


def push_out(over: threading.Event) -> None:
    """Make the kernel take memory from the group again and again."""
    while not over.wait(_EVERY_S):
        with suppress(OSError):  # it could not take as much
            (GROUP / "memory.reclaim").write_text(_PUSH)


def work(seed: int, name: str) -> None:
    """The station's day over the real bus."""
    from scanflow.hardening import harden_process
    from scanflow.media.usbmedium import UsbBus
    from tools.usblab.canary_batch import Sides, day
    from tools.usblab.stick import Disk

    reached("loaded")
    harden_process()
    over = threading.Event()
    pushing = threading.Thread(target=push_out, args=(over,))
    pushing.start()
    disk = Disk(rig.make_image("vfat"), log=False)
    stick = rig.stick(disk)

    def plug() -> None:
        reached("sealed")
        stick.plug()
        rig.wait_for(lambda: len(UsbBus().media()) > 0, "the stick")

    enrolling = rig.plugged(rig.stick(disk))
    seen: Sides = {}
    found = day(seed, name, STATE, UsbBus(), plug, enrolling, lambda moment: ask_dump(seed, moment), seen, reached)
    over.set()
    pushing.join()
    (VM / "result.json").write_text(json.dumps(found | {"seen": seen}, ensure_ascii=False))
    (VM / "stick.img").write_bytes(disk.content)


def guest(seed: int, name: str) -> int:
    """Prepare the machine, do the work in a process of its own, and have the memory dumped once more after it."""
    reached("up")
    rig.start()
    swap_on()
    reached("ready")
    unlocked = leave_controls(seed)
    words = [sys.executable, "-m", "tools.usblab.notrace", "work", str(seed), name]
    done = subprocess.run(words, check=False, env=os.environ | FORGETFUL)
    ask_dump(seed, "ended")
    unlocked.close()
    (VM / "vmstat.txt").write_text(Path("/proc/vmstat").read_text())
    return done.returncode


# ------------------------------------------------------------------------------------------------------- on the host


@dataclass(frozen=True)
class Run:
    """What a run left.

    Attributes:
        result: of the batch, as the guest tells it.
        wanted: what was searched for.
        found: in each image, by shape and page.
        controlled: the images in which the control was found.
        swapped: pages that went to swap.
        cpu: seconds of the machine.
    """

    result: dict[str, object]
    wanted: list[canary.Needle]
    found: dict[str, Counter[tuple[str, str]]]
    controlled: set[str]
    swapped: int
    cpu: int


def host(name: str, folder: Path, seed: int) -> Run:
    """Boot once, work the batch, search everything; the images are deleted as soon as they are searched.

    Raises:
        LabUnfit: the machine did not boot or did not finish.
        RuntimeError: the batch failed; the message has the end of what it said.
    """
    from tools.usblab.canary_batch import as_seen, found_station

    stack, disks = canary.STACKS[name], [folder / "disk.img", folder / "swap.img"]
    found_station(folder / "image/up/srv/station")
    for disk, size in zip(disks, (384 << 20, 256 << 20), strict=True):
        with disk.open("wb") as out:
            out.truncate(size)
    rig.sh("mkfs.ext4", "-q", "-F", "-d", str(folder / "image"), str(disks[0]))
    shutil.rmtree(folder / "image")
    status = vm.run(
        ["-m", "tools.usblab.notrace", "guest", str(seed), name], folder, seconds=SECONDS, memory=MEMORY, disks=disks,
        kernel="init_on_free=1", dumps=True,
    )  # fmt: skip
    if status != 0:
        raise RuntimeError((folder / "output.txt").read_text()[-3000:])
    result = json.loads((folder / "result.json").read_text())
    if result["digests"] != [hashlib.sha256(jpeg).hexdigest() for _, jpeg in canary.pages(seed, stack)]:
        raise RuntimeError("guest and host drew different pages")
    vmstat = dict(line.split() for line in (folder / "vmstat.txt").read_text().splitlines())
    wanted = canary.needles(seed, stack, as_seen(result["seen"]))
    found, controlled = {}, set()
    for image in ("disk.img", "swap.img", "stick.img", *(f"{moment}.mem" for moment in MOMENTS)):
        mark = canary.control(seed, image.removesuffix(".mem"))
        with (folder / image).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            found[image] = canary.search(whole, wanted)
            if whole.find(b"CANARY" if image == "stick.img" else mark) >= 0:
                controlled.add(image)
        (folder / image).unlink()
    return Run(result, wanted, found, controlled, int(vmstat["pswpout"]), int((folder / "cpu.txt").read_text()))


def report(name: str, folder: Path) -> int:
    """Run and print; 1 when anything was found, or a control was not."""
    run = host(name, folder, secrets.randbits(60))
    print(f"outcomes {run.result['outcomes']}, {len(run.wanted)} needles, {run.swapped} pages swapped, CPU {run.cpu} s")
    for image, found in run.found.items():
        control = "found" if image in run.controlled else "NOT FOUND"
        print(f"  {image:12} control {control}; pages: {dict(found) or 'none'}")
    return int(any(run.found.values()) or run.controlled != set(run.found))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["guest", seed, name]:
            sys.exit(guest(int(seed), name))
        case ["work", seed, name]:
            work(int(seed), name)
        case [name, *place]:
            with tempfile.TemporaryDirectory() as scratch:
                sys.exit(report(name, Path(place[0] if place else scratch)))
