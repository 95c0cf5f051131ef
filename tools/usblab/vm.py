"""Boot the lab: QEMU without KVM, the host's files read-only over 9p, one writable folder at /vm."""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tools.usblab.kernel import CACHE, LabUnfit, modules_for, prepare, tool

REPOSITORY = Path(__file__).resolve().parents[2]

_INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /host /extra /vm /rw /new
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
for each in $(/bin/busybox cat /order); do /bin/busybox insmod /modules/$each || echo "module $each"; done
O=trans=virtio,version=9p2000.L,msize=262144
/bin/busybox mount -t 9p -o $O,ro,cache=loose host /host || echo no host
/bin/busybox mount -t 9p -o $O,ro,cache=loose extra /extra || echo no extra
if [ -b /dev/vda ]; then /bin/busybox mount -t ext4 /dev/vda /rw || echo no disk
else /bin/busybox mount -t tmpfs -o size=80% rw /rw; fi
/bin/busybox mkdir -p /rw/up /rw/work
L=lowerdir=/extra:/host,upperdir=/rw/up,workdir=/rw/work
/bin/busybox mount -t overlay -o $L new /new || echo no overlay
for each in proc sys dev; do /bin/busybox mount --move /$each /new/$each; done
/bin/busybox mkdir -p /new/vm /new/run /new/tmp
/bin/busybox mount -t tmpfs -o size=80%,mode=755 run /new/run
/bin/busybox mount -t 9p -o $O,cache=none vm /new/vm
exec /bin/busybox switch_root /new /bin/bash /vm/start.sh
"""

_START = """
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
export PYTHONDONTWRITEBYTECODE=1 SCANFLOW_LAB=1
mkdir -p /etc/udev/rules.d /run/udev
cp {repository}/config/udev/*.rules /etc/udev/rules.d/ 2>/dev/null
cd {repository}
( {command} ) >/run/output.txt 2>&1
echo $? >/run/exit
dmesg >/run/dmesg.txt
# Creating a file over 9p was seen to fail once on a busy host; it is tried again rather than lost.
for each in 1 2 3 4 5; do cp /run/output.txt /run/exit /run/dmesg.txt /vm/ && break; sleep 1; done
sync
echo o >/proc/sysrq-trigger
sleep 30
"""

_LEAN = " init_on_alloc=0 audit=0 lsm=capability tsc=reliable clocksource=tsc"
"""Kernel words that save a fifth of the work where only the medium is looked at."""
_BOOT_MODULES = ["virtio_pci", "9pnet_virtio", "9p", "overlay"]
_DISK_MODULES = ["crc32c_generic", "virtio_blk", "ext4"]


def _initramfs(tree: Path, wanted: Sequence[str]) -> Path:
    target = CACHE / f"initramfs-{(tree / 'ready').read_text()}-{len(wanted)}.cpio"
    work = CACHE / f"initramfs-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    (work / "bin").mkdir(parents=True)
    (work / "modules").mkdir()
    shutil.copy(tool("busybox"), work / "bin" / "busybox")
    order = []
    for module in modules_for(tree, wanted):
        shutil.copy(module, work / "modules" / module.name)
        order.append(module.name)
    (work / "order").write_text("\n".join(order) + "\n")
    (work / "init").write_text(_INIT)
    (work / "init").chmod(0o755)
    names = "\n".join(str(path.relative_to(work)) for path in sorted(work.rglob("*")))
    packed = subprocess.run(
        [tool("cpio"), "-o", "-H", "newc", "--quiet"],
        input=names.encode(),
        cwd=work,
        capture_output=True,
        check=False,
    )
    if packed.returncode != 0:
        raise LabUnfit("cpio failed")
    fresh = target.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(packed.stdout)
    fresh.rename(target)
    shutil.rmtree(work)
    return target


@contextmanager
def _dumping(monitor: Path, folder: Path, memory: int) -> Iterator[None]:
    """Dump the guest's memory whenever it asks, until the block ends."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            for wish in folder.glob("dump-please-*"):
                name = wish.name.removeprefix("dump-please-")
                if not (folder / f"dump-done-{name}").exists():
                    _dump(monitor, folder / f"{name}.mem", memory)
                    (folder / f"dump-done-{name}").touch()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _dump(monitor: Path, target: Path, memory: int) -> None:
    """The guest's physical memory as a file (QMP); the guest stands still meanwhile.

    Raises:
        LabUnfit: QEMU would not.
    """
    save = {"val": 0, "size": memory << 20, "filename": str(target)}
    with socket.socket(socket.AF_UNIX) as line, line.makefile("rw") as said:
        line.connect(str(monitor))
        json.loads(said.readline())  # its greeting
        for order in ({"execute": "qmp_capabilities"}, {"execute": "pmemsave", "arguments": save}):
            said.write(json.dumps(order) + "\n")
            said.flush()
            while "return" not in (answer := json.loads(said.readline())):
                if "error" in answer:
                    raise LabUnfit(f"no memory dump: {answer['error']}")


def run(
    command: Sequence[str],
    folder: Path,
    *,
    seconds: float,
    memory: int = 1536,
    environment: Mapping[str, str] | None = None,
    disks: Sequence[Path] = (),
    kernel: str = "",
    dumps: bool = False,
    warp: bool = False,
) -> int:
    """Boot, run ``command`` (with this Python and the repository's sources), power off.

    Args:
        command: arguments after ``python``.
        folder: becomes /vm; holds ``output.txt``, ``dmesg.txt``, ``console.txt``, ``cpu.txt`` (seconds)
            afterwards.
        seconds: after which the machine is killed.
        memory: MiB of the guest.
        environment: further variables.
        disks: raw images; the guest sees them as /dev/vda, /dev/vdb …. The first holds an ext4 file system, and what
            the guest writes outside /run and /vm lies there instead of in its memory.
        kernel: further words of the kernel's command line.
        dumps: have the guest's memory dumped to ``NAME.mem`` whenever it makes ``dump-please-NAME`` in its folder.
        warp: the guest's clock counts its instructions and leaps over waits: nothing costs time but work, however
            busy the host is. ``time.monotonic`` in the guest then says nothing about the host's.

    Returns:
        Exit status of the command.

    Raises:
        LabUnfit: the machine did not boot or did not finish.
    """
    image, tree = prepare()
    folder.mkdir(parents=True, exist_ok=True)
    for stale in ("exit", "output.txt", "dmesg.txt"):
        (folder / stale).unlink(missing_ok=True)
    paths = f"{REPOSITORY}/src:{REPOSITORY}"
    words = ["PYTHONPATH=" + paths, *(f"{key}={value}" for key, value in (environment or {}).items())]
    line = " ".join(["env", *words, sys.executable, *command])
    (folder / "start.sh").write_text(_START.format(repository=REPOSITORY, command=line))
    console = folder / "console.txt"
    # no_timer_check: on a starved host the emulated timer ticks too late for the kernel's boot check, which
    # then panics.
    # TCG even where /dev/kvm opens: a shared host may offer it without the processor behind it.
    machine = [tool("qemu-system-x86_64"), "-M", "q35,usb=off,sata=off,smbus=off,hpet=off", "-accel", "tcg"]
    machine += ["-cpu", "max,-smap,-smep,-la57" if warp else "max", "-smp", "1", "-m", str(memory)]
    machine += ["-nodefaults", "-no-user-config", "-nographic"]
    machine += [
        "-no-reboot",
        "-serial",
        f"file:{console}",
        "-kernel",
        str(image),
        "-initrd",
        str(_initramfs(tree, [*_BOOT_MODULES, *(_DISK_MODULES if disks else [])])),
    ]
    machine += [
        "-append",
        "console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off nokaslr random.trust_cpu=on "
        "usb-storage.delay_use=0 no_timer_check rcupdate.rcu_cpu_stall_suppress=1",
    ]
    machine[machine.index("-append") + 1] += f" {kernel}"
    for disk in disks:
        machine += ["-drive", f"file={disk},format=raw,if=virtio,cache=writeback"]
    if warp:
        machine += ["-icount", "shift=3,sleep=off"]
        machine[machine.index("-append") + 1] += _LEAN
    for tag, path, extra in (
        ("host", "/", ",readonly=on"),
        ("extra", str(tree), ",readonly=on"),
        ("vm", str(folder), ""),
    ):
        machine += ["-fsdev", f"local,id={tag},path={path},security_model=none,multidevs=remap{extra}"]
        machine += ["-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    before = begun.ru_utime + begun.ru_stime
    with ExitStack() as stack:
        if dumps:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory()), "m")  # a socket's path must be short
            machine += ["-qmp", f"unix:{place},server=on,wait=off"]
            stack.enter_context(_dumping(place, folder, memory))
        vm = stack.enter_context(
            subprocess.Popen(machine, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        )
        try:
            _, complaints = vm.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            vm.kill()
            vm.communicate()
            raise LabUnfit(f"the guest did not finish in {seconds:.0f} s; see {console}") from None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    (folder / "cpu.txt").write_text(f"{used.ru_utime + used.ru_stime - before:.0f}\n")
    status = folder / "exit"
    if not status.exists():
        last = console.read_text(errors="replace")[-600:] if console.exists() else ""
        raise LabUnfit(f"the guest did not come up: {complaints.decode(errors='replace')[-300:]} {last}")
    return int(status.read_text())
