"""A stick made by the kernel's own gadget drivers on dummy_hcd: a second maker of devices."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from scanflow.media import sysfs
from tools.usblab import shapes
from tools.usblab.rig import WORK, make_image, sh, wait_for

_ROOT = Path("/sys/kernel/config/usb_gadget")
_REPORT = bytes.fromhex(
    "05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508150025650507190029658100c0"
)


class Gadget:
    """One mass-storage gadget; a keyboard can be put beside it."""

    def __init__(self, kind: str) -> None:
        """Make it over a fresh image; not plugged yet."""
        sh("modprobe", "-a", "dummy_hcd", "libcomposite", "usb_f_mass_storage", "usb_f_hid")
        if not _ROOT.is_dir():
            sh("mount", "-t", "configfs", "none", "/sys/kernel/config")
        self._image = WORK / "gadget.img"
        self._image.write_bytes(make_image(kind))
        self._path = _ROOT / "g1"
        self._configuration = self._path / "configs" / "c.1"
        self._storage = self._path / "functions" / "mass_storage.0"
        self._hid = self._path / "functions" / "hid.0"
        wait_for(lambda: not sysfs.open_ports(), "the rule to shut the gadget's hub")

    def __enter__(self) -> Gadget:
        for each in (self._path, self._configuration, self._storage):
            each.mkdir()
        (self._path / "idVendor").write_text("0x0951")
        (self._path / "idProduct").write_text("0x1666")
        strings = self._path / "strings" / "0x409"
        strings.mkdir()
        for name, text in (
            ("manufacturer", "LabMaker"),
            ("product", "Gadget"),
            ("serialnumber", shapes.SERIAL),
        ):
            (strings / name).write_text(text)
        (self._storage / "lun.0" / "file").write_text(str(self._image))
        (self._configuration / "mass_storage.0").symlink_to(self._storage)
        return self

    def add_keyboard(self) -> None:
        """Put a boot keyboard beside the drive."""
        self._hid.mkdir()
        (self._hid / "protocol").write_text("1")
        (self._hid / "subclass").write_text("1")
        (self._hid / "report_length").write_text("8")
        (self._hid / "report_desc").write_bytes(_REPORT)
        (self._configuration / "hid.0").symlink_to(self._hid)

    def remove_keyboard(self) -> None:
        """Take it out again."""
        (self._configuration / "hid.0").unlink()
        self._hid.rmdir()

    @contextlib.contextmanager
    def plugged(self) -> Iterator[None]:
        """Plug it in, pull it at the end."""
        before = len(sysfs.usb_devices())
        controller = next(iter(Path("/sys/class/udc").iterdir())).name
        (self._path / "UDC").write_text(controller)
        try:
            wait_for(lambda: len(sysfs.usb_devices()) > before, "gadget")
            yield
        finally:
            (self._path / "UDC").write_text("\n")
            wait_for(lambda: len(sysfs.usb_devices()) == before, "gadget to go")

    def content(self) -> bytes:
        """What its medium holds."""
        return self._image.read_bytes()

    def __exit__(self, *_: object) -> None:
        (self._storage / "lun.0" / "file").write_text("\n")
        for link in self._configuration.iterdir():
            if link.is_symlink():
                link.unlink()
        for each in (self._storage, self._configuration, self._path / "strings" / "0x409"):
            each.rmdir()
        self._path.rmdir()
