"""Private SANE configuration directories: only the drivers that are meant, none that asks a network.

Debian's own ``dll.conf`` enables 77 drivers, and merely listing devices with it broadcasts on the LAN (UDP
3289, 1124, 161) and asks mDNS and WS-Discovery. A secure room ships its own directory: one or two drivers,
``discovery = disable``.
The ``escl`` driver of sane-backends is never enabled (it crashes on a plain loopback URL); ``airscan`` is.
"""

from __future__ import annotations

import configparser
from dataclasses import dataclass
from pathlib import Path

from scanflow.scanner.errors import SaneConfigUnsafe

NETWORK_BACKENDS = frozenset(
    [
        "net",
        "escl",
        "epson",
        "dell1600n_net",
        "kodakaio",
        "magicolor",
        "xerox_mfp",
        "dmc",
        "bh",
        "v4l",
        "pieusb",
        "hp5400",
        "gphoto2",
    ]
)
"""Drivers that look for devices on a network by themselves, or are known to crash when merely listing."""


@dataclass(frozen=True, slots=True)
class AirscanDevice:
    """One line of ``airscan.conf``: a title and the base URL of its eSCL resources."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class SaneConfig:
    """What a SANE configuration directory says.

    Attributes:
        backends: drivers named in ``dll.conf``, in order.
        discovery: False only when ``airscan.conf`` says ``discovery = disable``.
        airscan: devices that ``airscan.conf`` names, in order.
        socket_dir: where ``unix://`` URLs look for their sockets.
    """

    backends: tuple[str, ...]
    discovery: bool
    airscan: tuple[AirscanDevice, ...]
    socket_dir: Path | None


def write_airscan_config(folder: Path, devices: list[AirscanDevice], *, socket_dir: Path | None = None) -> Path:
    """Write a directory that knows the airscan driver and these devices, and nothing else.

    Returns:
        ``folder``, to be given as ``SANE_CONFIG_DIR``.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = ["[devices]", *(f'"{d.title}" = {d.url}' for d in devices), "[options]", "discovery = disable"]
    if socket_dir is not None:
        lines.append(f"socket_dir = {socket_dir}")
    (folder / "dll.conf").write_text("airscan\n", encoding="utf-8")
    (folder / "airscan.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def read_config(folder: Path) -> SaneConfig:
    """Read a SANE configuration directory.

    Raises:
        SaneConfigUnsafe: there is no readable ``dll.conf`` (SANE would then silently load nothing or Debian's
            own).
    """
    try:
        dll = (folder / "dll.conf").read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SaneConfigUnsafe(folder=folder, why="dll.conf: " + type(error).__name__) from error
    backends = tuple(line.split("#")[0].strip() for line in dll.splitlines() if line.split("#")[0].strip())
    discovery, devices, socket_dir = _read_airscan(folder / "airscan.conf")
    return SaneConfig(backends, discovery, devices, socket_dir)


def require_safe(folder: Path) -> SaneConfig:
    """Read a directory and refuse one that would look around on a network.

    Raises:
        SaneConfigUnsafe: with the first reason found.
    """
    config = read_config(folder)
    if why := why_unsafe(config):
        raise SaneConfigUnsafe(folder=folder, why=why)
    return config


def why_unsafe(config: SaneConfig) -> str | None:
    """The first reason not to use this configuration in a secure room, or None."""
    if not config.backends:
        return "dll.conf enables no driver"
    if len(config.backends) > 4:
        return f"dll.conf enables {len(config.backends)} drivers"
    if bad := NETWORK_BACKENDS.intersection(config.backends):
        return f"dll.conf enables {', '.join(sorted(bad))}"
    if "airscan" in config.backends and config.discovery:
        return "airscan.conf does not say discovery = disable"
    return None


def escl_address(config: SaneConfig, device_name: str) -> tuple[str, Path | None] | None:
    """Base URL (and socket directory) of an airscan device by its SANE name; None for every other device.

    ``airscan:e0:Title`` is looked up in the configuration, ``airscan:escl:Title:URL`` carries its URL.
    """
    kind, _, rest = device_name.partition(":")
    if kind != "airscan":
        return None
    protocol, _, rest = rest.partition(":")
    if protocol == "escl":
        return rest.partition(":")[2], config.socket_dir
    if protocol[:1] != "e":
        return None
    return next(((d.url, config.socket_dir) for d in config.airscan if d.title == rest), None)


def _read_airscan(path: Path) -> tuple[bool, tuple[AirscanDevice, ...], Path | None]:
    parser = configparser.ConfigParser(
        delimiters=("=",),
        comment_prefixes=("#", ";"),
        inline_comment_prefixes=("#",),
        interpolation=None,
        strict=False,
    )
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # titles keep their case
    try:
        parser.read_string(path.read_text("utf-8"))
    except (OSError, configparser.Error, UnicodeDecodeError):
        return True, (), None  # no readable file: the driver's own default is to look around
    options = dict(parser["options"]) if parser.has_section("options") else {}
    devices = tuple(
        AirscanDevice(title.strip().strip('"'), url.split(",")[0].strip())
        for title, url in (parser["devices"].items() if parser.has_section("devices") else ())
    )
    socket_dir = options.get("socket_dir", "").strip().strip('"')
    discovery = options.get("discovery", "enable").strip().lower() not in {"disable", "false", "0", "no"}
    return discovery, devices, Path(socket_dir) if socket_dir else None
