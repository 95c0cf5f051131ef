"""The guest's kernel: Debian's package, fetched once through apt and kept in the repository's cache."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "usblab"
PACKAGE = "linux-image-amd64"

# Subtrees of lib/modules/VERSION/kernel that the lab needs; the whole would be 400 MB.
_WANTED = (
    "block",
    "drivers/usb",
    "drivers/scsi",
    "drivers/cdrom",
    "drivers/hid",
    "drivers/input",
    "drivers/virtio",
    "drivers/block",
    "drivers/char/virtio_console.ko",
    "drivers/net/mii.ko",
    "drivers/net/usb",
    "drivers/i2c",
    "fs",
    "net/9p",
    "lib",
    "crypto",
    "arch/x86/crypto",
)

_UDEVD = Path("/usr/lib/systemd/systemd-udevd")
_UDEV = ("udev", "libudev1", "libsystemd-shared", "libkmod2")

HOW = "apt-get update && apt-get install -y qemu-system-x86 busybox-static cpio kmod mtools dosfstools exfatprogs"


class LabUnfit(RuntimeError):
    """The lab cannot run here; the message says what is missing. It is never a reason to pass."""


def tool(name: str) -> str:
    """Path of a program, searched in the system directories too."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        raise LabUnfit(f"{name} is missing; install with: {HOW}")
    return found


def _run(*words: str, cwd: Path | None = None) -> str:
    done = subprocess.run(
        words, cwd=cwd, check=False, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}
    )
    if done.returncode != 0:
        raise LabUnfit(f"{' '.join(words[:3])}: {done.stderr.strip()[-400:]}")
    return done.stdout


def _package_name() -> str:
    shown = _run("apt-cache", "depends", PACKAGE)
    found = re.search(r"Depends: (linux-image-[0-9][^\s]*)", shown)
    if found is None:
        raise LabUnfit(f"apt knows no {PACKAGE}; try: apt-get update")
    return found.group(1)


def prepare() -> tuple[Path, Path]:
    """Fetch and unpack when it is not there yet.

    Returns:
        The kernel image, and the root of a tree that holds usr/lib/modules/VERSION.

    Raises:
        LabUnfit: no apt, no network, or a tool is missing.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    kept = sorted(CACHE.glob("tree-*/ready"))
    if kept:
        return _parts(kept[-1].parent)
    name = _package_name()
    archives = sorted(CACHE.glob(f"{name}_*.deb"))
    if not archives:
        _run("apt-get", "download", name, cwd=CACHE)
        archives = sorted(CACHE.glob(f"{name}_*.deb"))
    version = name.removeprefix("linux-image-")
    fresh = CACHE / f"fresh-{version}-{os.getpid()}"
    fresh.mkdir()
    patterns = ["./boot/vmlinuz-*", f"./lib/modules/{version}/modules.*"]
    patterns += [f"./lib/modules/{version}/kernel/{part}*" for part in _WANTED]
    words = ["tar", "-x", "-C", str(fresh), "--wildcards", "--wildcards-match-slash", *patterns]
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(archives[-1])], stdout=subprocess.PIPE) as source:
        unpacked = subprocess.run(words, stdin=source.stdout, check=False, capture_output=True, text=True)
    if not list(fresh.glob("boot/vmlinuz-*")):
        raise LabUnfit(f"the kernel package did not unpack: {unpacked.stderr[-300:]}")
    _run(tool("depmod"), "-b", str(fresh), version)
    # The tree is laid over a merged-/usr root, where /lib is a link: a directory there would hide all
    # libraries.
    (fresh / "usr").mkdir()
    (fresh / "lib").rename(fresh / "usr" / "lib")
    if not _UDEVD.exists():
        _add_udev(fresh)
    (fresh / "ready").write_text(version)
    final = CACHE / f"tree-{version}"
    if not final.exists():
        fresh.rename(final)
    else:
        shutil.rmtree(fresh)
    return _parts(final)


def _add_udev(tree: Path) -> None:
    """Lay udev over the guest's root; installing it on a small host would pull in an upgrade of systemd."""
    folder = CACHE / f"udev-{os.getpid()}"
    folder.mkdir()
    _run("apt-get", "download", *_UDEV, cwd=folder)
    for archive in sorted(folder.glob("*.deb")):
        _run("dpkg-deb", "-x", str(archive), str(folder / "root"))
    for name in ("lib", "bin", "sbin"):  # merged /usr, see above
        if (folder / "root" / name).is_dir():
            shutil.copytree(folder / "root" / name, tree / "usr" / name, symlinks=True, dirs_exist_ok=True)
    shutil.copytree(folder / "root" / "usr", tree / "usr", symlinks=True, dirs_exist_ok=True)
    shutil.rmtree(folder)


def _parts(tree: Path) -> tuple[Path, Path]:
    return next(tree.glob("boot/vmlinuz-*")), tree


def modules_for(tree: Path, names: Sequence[str]) -> list[Path]:
    """Module files for ``names`` with what they depend on, in loading order."""
    version = (tree / "ready").read_text()
    base = tree / "usr" / "lib" / "modules" / version
    needs: dict[str, tuple[str, list[str]]] = {}
    for line in (base / "modules.dep").read_text().splitlines():
        path, _, rest = line.partition(":")
        needs[Path(path).name.split(".")[0].replace("-", "_")] = (path, rest.split())
    order: list[str] = []

    def visit(path: str) -> None:
        for other in needs[Path(path).name.split(".")[0].replace("-", "_")][1]:
            visit(other)
        if path not in order:
            order.append(path)

    for name in names:
        if name in needs:  # else built in
            visit(needs[name][0])
    return [base / path for path in order]
