"""What this host can keep of each promise: pure readers of /proc, /sys and of what is installed (khả năng của máy)."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scanflow.hardening import memory_is_locked


class Health(StrEnum):
    """Green, amber, red; only red refuses work."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of the doctor.

    Attributes:
        promise: the promise of docs/promises.md that it bears on.
        name: short stable name.
        health: whether the host can keep it.
        vi: what was found and what to do, in Vietnamese.
        en: the same for the log.
    """

    promise: str
    name: str
    health: Health
    vi: str
    en: str


_M_MMAP_THRESHOLD = -3
_SYS_MEMFD_SECRET = {"x86_64": 447, "aarch64": 447}


def give_pages_back() -> bool:
    """Have what is freed given back to the kernel at once instead of kept by the allocator; whether it agreed.

    A side at 300 dpi is 26 MB; left to itself glibc raises its threshold with every such block that is freed, and keeps
    them. A fixed threshold of 64 KiB (``mallopt(3)``, the same as ``MALLOC_MMAP_THRESHOLD_=65536``) stops that. What is
    smaller, the words of a page, `scanflow.hardening.freed_is_overwritten` sees to.
    """
    return bool(ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 64 * 1024) == 1)


def swap(proc: Path = Path("/proc")) -> Finding:
    """Pages must not reach a swap device (P4)."""
    active = (proc / "swaps").read_text(encoding="utf-8").splitlines()[1:]
    if not active:
        return Finding("P4", "swap", Health.OK, "Không có vùng swap.", "no swap is on")
    if memory_is_locked():
        return Finding(
            "P4", "swap", Health.WARN,
            "Có swap. Bộ nhớ của chương trình đã khóa, trừ trang đang chuyển từ máy quét sang. Nên chạy: swapoff -a.",
            "swap is on; memory is locked, but not a side on its way from the scanner's process; run swapoff -a",
        )  # fmt: skip
    return Finding(
        "P4", "swap", Health.BAD,
        "Máy đang bật swap và không khóa được bộ nhớ. Chạy: swapoff -a (hoặc cấp CAP_IPC_LOCK).",
        "swap is on and memory cannot be locked; run swapoff -a",
    )  # fmt: skip


def freed_memory(proc: Path = Path("/proc")) -> Finding:
    """Whether the kernel wipes memory as it is freed; else a page's pixels lie there until it is used again (P1, P4).

    Source: ``Documentation/admin-guide/kernel-parameters.txt``, ``init_on_free``. Measured in a virtual machine
    (docs/sealing.md).
    """
    if "init_on_free=1" in (proc / "cmdline").read_text(encoding="utf-8").split():
        return Finding("P4", "freed_memory", Health.OK, "Nhân xóa bộ nhớ vừa trả lại.", "freed memory is wiped")
    return Finding(
        "P4", "freed_memory", Health.WARN,
        "Nhân chưa xóa bộ nhớ vừa trả lại. Thêm init_on_free=1 vào dòng lệnh khởi động (GRUB_CMDLINE_LINUX).",
        "freed memory is not wiped; add init_on_free=1 to the kernel's command line",
    )  # fmt: skip


def core_dumps() -> Finding:
    """A crash must leave no memory image (P4)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if soft == 0 and hard == 0:
        return Finding("P4", "core", Health.OK, "Không ghi tệp core.", "core files are off for this process")
    return Finding("P4", "core", Health.BAD, "Tệp core còn bật. Đặt LimitCORE=0.", "core files are on; set LimitCORE=0")


def secret_memory() -> Finding:
    """Where the documents' keys live (P1, P4)."""
    number = _SYS_MEMFD_SECRET.get(platform.machine())
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.syscall(number, 0) if number is not None else -1
    if descriptor < 0:
        return Finding(
            "P4", "memfd_secret", Health.WARN,
            "Nhân không có memfd_secret; khóa nằm trong bộ nhớ khóa trang (mlock).",
            "no memfd_secret; keys live in locked memory",
        )  # fmt: skip
    libc.close(descriptor)
    return Finding("P4", "memfd_secret", Health.OK, "Khóa nằm trong memfd_secret.", "keys live in memfd_secret")


def network(sys_net: Path = Path("/sys/class/net")) -> Finding:
    """The room has no network (P12); scanflow opens none, but the law forbids the link itself."""
    up = []
    for link in sorted(sys_net.iterdir()) if sys_net.is_dir() else []:
        state = link / "operstate"
        if link.name != "lo" and state.is_file() and state.read_text(encoding="ascii").strip() == "up":
            up.append(link.name)
    if not up:
        return Finding("P12", "network", Health.OK, "Không có mạng nào đang nối.", "no network link is up")
    links = ", ".join(up)
    return Finding(
        "P12", "network", Health.WARN,
        f"Máy đang nối mạng ({links}). Phòng số hóa phải cách ly: rút cáp, tắt sóng.",
        f"network links are up ({links}); the room must be isolated",
    )  # fmt: skip


def usb_ports(sys_usb: Path = Path("/sys/bus/usb/devices")) -> Finding:
    """USB ports are shut until a device is judged (P2)."""
    hubs = sorted(sys_usb.glob("usb*")) if sys_usb.is_dir() else []
    if not hubs:
        return Finding("P2", "usb", Health.WARN, "Máy không có cổng USB.", "this host has no USB bus")
    open_hubs = [hub.name for hub in hubs if _default_of(hub) != "0"]
    if not open_hubs:
        return Finding("P2", "usb", Health.OK, "Cổng USB đóng cho đến khi thiết bị được xét.", "ports default to shut")
    names = ", ".join(open_hubs)
    return Finding(
        "P2", "usb", Health.BAD,
        f"Cổng USB {names} tự nhận thiết bị. Cài config/udev/ vào /etc/udev/rules.d rồi khởi động lại.",
        f"{names} authorise devices by default; install the udev rule",
    )  # fmt: skip


def _default_of(hub: Path) -> str:
    setting = hub / "authorized_default"
    return setting.read_text(encoding="ascii").strip() if setting.is_file() else "?"


def lies_in_ram(path: Path, proc: Path = Path("/proc")) -> bool:
    """Whether a folder is on a file system in memory, and the host has no swap that it could go to."""
    if len((proc / "swaps").read_text(encoding="utf-8").splitlines()) > 1:
        return False
    device = path.stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in (proc / "self/mountinfo").read_text(encoding="utf-8").splitlines():
        mount, _, kind = line.partition(" - ")
        if mount.split()[2] == wanted:
            return kind.split()[0] in {"tmpfs", "ramfs"}
    return False


HOST_CHECKS: tuple[Callable[[], Finding], ...] = (swap, freed_memory, core_dumps, secret_memory, network)
