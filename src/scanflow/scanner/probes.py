"""Whether this host can scan at all: pure looks for ``scanflow doctor`` (khám máy trạm)."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from scanflow.scanner.errors import ProfileInvalid, SaneConfigUnsafe
from scanflow.scanner.profile import load_profiles
from scanflow.scanner.saneconf import read_config, why_unsafe

_LIBRARY_DIRS = ("/usr/lib", "/usr/lib64", "/usr/local/lib")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes:
        code: stable name of the look.
        ok: whether the host can keep its part.
        vi: what was found and what to do.
        en: the same in English.
    """

    code: str
    ok: bool
    vi: str
    en: str


def probe_sane(config_dir: Path, profiles_dir: Path | None = None) -> list[Finding]:
    """Look at python-sane, the airscan driver, the configuration directory and the profiles. Starts nothing.

    Args:
        config_dir: the station's private SANE configuration directory.
        profiles_dir: the project's ``drivers``; not looked at when None.
    """
    findings = [_python_sane(), _config(config_dir)]
    try:
        backends = read_config(config_dir).backends
    except SaneConfigUnsafe:
        backends = ()
    findings += [_backend(name) for name in backends]
    findings.append(_environment(config_dir))
    if profiles_dir is not None:
        findings.append(_profiles(profiles_dir))
    return findings


def backend_library(name: str, roots: tuple[str, ...] = _LIBRARY_DIRS) -> Path | None:
    """The shared library of a SANE driver, None when it is not installed."""
    for root in roots:
        for pattern in (f"sane/libsane-{name}.so.1", f"*/sane/libsane-{name}.so.1"):
            found = next(iter(sorted(Path(root).glob(pattern))), None)
            if found is not None:
                return found
    return None


def _python_sane() -> Finding:
    ok = importlib.util.find_spec("_sane") is not None
    return Finding(
        "SCN-PROBE-PYTHON-SANE",
        ok,
        "python-sane có mặt." if ok else "Thiếu python-sane: cài libsane-dev, gcc, rồi pip install python-sane.",
        "python-sane is there." if ok else "python-sane is missing: install libsane-dev, gcc, pip install python-sane.",
    )


def _backend(name: str) -> Finding:
    found = backend_library(name)
    package = "sane-airscan" if name == "airscan" else "libsane1"
    return Finding(
        "SCN-PROBE-BACKEND",
        found is not None,
        f"Trình điều khiển {name} có mặt." if found else f"Thiếu trình điều khiển {name}: apt-get install {package}.",
        f"Driver {name} is there." if found else f"Driver {name} is missing: apt-get install {package}.",
    )


def _config(folder: Path) -> Finding:
    try:
        why = why_unsafe(read_config(folder))
    except SaneConfigUnsafe as unsafe:
        return Finding("SCN-PROBE-CONFIG", False, unsafe.say_vi, unsafe.say_en)
    return Finding(
        "SCN-PROBE-CONFIG",
        why is None,
        f"Cấu hình SANE riêng {folder} an toàn." if why is None else f"Cấu hình SANE {folder} không an toàn: {why}.",
        f"Private SANE configuration {folder} is safe." if why is None else f"SANE configuration {folder}: {why}.",
    )


def _environment(config_dir: Path) -> Finding:
    debug = sorted(name for name in os.environ if name.startswith("SANE_DEBUG"))
    ok = not debug
    return Finding(
        "SCN-PROBE-DEBUG",
        ok,
        "Không bật nhật ký gỡ lỗi của SANE."
        if ok
        else f"Bỏ biến môi trường {', '.join(debug)}: nhật ký có thể chứa ảnh.",
        "SANE debugging is off." if ok else f"Unset {', '.join(debug)}: such logs can carry images.",
    )


def _profiles(folder: Path) -> Finding:
    try:
        count = len(load_profiles(folder))
    except ProfileInvalid as bad:
        return Finding("SCN-PROBE-PROFILES", False, bad.say_vi, bad.say_en)
    return Finding(
        "SCN-PROBE-PROFILES",
        count > 0,
        f"{count} hồ sơ máy quét hợp lệ." if count else f"Không có hồ sơ máy quét nào trong {folder}.",
        f"{count} valid driver profiles." if count else f"No driver profile in {folder}.",
    )
