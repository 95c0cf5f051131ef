"""The one module that touches python-sane. Runs in the child process only; one thread, no callbacks.

What is avoided, each measured: ``multi_scan`` (takes NO_DOCS in mid-page for an end), ``arr_scan``/``scan``
(cancel the feeder after each page), attributes (a misspelt option becomes a Python attribute; ``scan`` and
``start`` are shadowed by methods), progress callbacks (an exception in one is a segfault), any use after
``sane.exit``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import _sane

from scanflow.scanner.settings import OptionInfo, Scalar
from scanflow.scanner.status import SaneStatus, status_of

TYPE_NAMES = {
    _sane.TYPE_BOOL: "bool",
    _sane.TYPE_INT: "int",
    _sane.TYPE_FIXED: "fixed",
    _sane.TYPE_STRING: "string",
    _sane.TYPE_BUTTON: "button",
    _sane.TYPE_GROUP: "group",
}


class SaneFailure(Exception):
    """A call of SANE failed."""

    def __init__(self, status: SaneStatus, *, in_page: bool = False) -> None:
        super().__init__(status.value)
        self.status = status
        self.in_page = in_page


@dataclass(frozen=True, slots=True)
class Frame:
    """What the driver announces of the picture that was started.

    Attributes:
        format: ``color`` or ``grey`` in python-sane's words.
        width: pixels.
        lines: lines, -1 when the driver does not know.
        depth: bits a sample.
    """

    format: str
    width: int
    lines: int
    depth: int


@dataclass(frozen=True, slots=True)
class Snap:
    """The bytes of one picture as they came: ``height`` lines, rows without padding."""

    data: bytes | bytearray
    width: int
    height: int
    samples: int


def devices() -> list[tuple[str, str, str, str]]:
    """All devices that the configured drivers list: (name, vendor, model, type)."""
    try:
        return [(str(a), str(b), str(c), str(d)) for a, b, c, d in _sane.get_devices(False)]
    except _sane.error as error:
        raise SaneFailure(status_of(str(error))) from None


class SanePort:
    """One open scanner; options by their exact SANE names."""

    def __init__(self, device: str) -> None:
        try:
            self._dev = _sane._open(device)
        except _sane.error as error:
            raise SaneFailure(status_of(str(error))) from None
        self._options: dict[str, tuple[Any, ...]] = {}
        self.reload()

    def reload(self) -> None:
        """Ask the driver again which options there are."""
        self._options = {
            str(o[1]): o for o in self._dev.get_options() if o[4] != _sane.TYPE_GROUP and isinstance(o[1], str) and o[1]
        }

    def describe(self, name: str) -> OptionInfo | None:
        """See :class:`~scanflow.scanner.settings.OptionPort`."""
        option = self._options.get(name)
        if option is None:
            return None
        return OptionInfo(
            active=bool(_sane.OPTION_IS_ACTIVE(option[7])),
            settable=bool(_sane.OPTION_IS_SETTABLE(option[7])) and option[4] != _sane.TYPE_BUTTON,
            constraint=option[8],
        )

    def get(self, name: str) -> Scalar:
        """The option's present value."""
        try:
            value = self._dev.get_option(self._options[name][0])
        except _sane.error as error:
            raise SaneFailure(status_of(str(error))) from None
        if isinstance(value, bool | int | float | str):
            return value
        return str(value)

    def set(self, name: str, value: Scalar) -> None:
        """Set an option in the type that it has; the option list is read again when the driver says so."""
        option = self._options[name]
        typed: Scalar = value
        if option[4] == _sane.TYPE_FIXED:
            typed = float(value)
        elif option[4] in (_sane.TYPE_INT, _sane.TYPE_BOOL):
            typed = int(value)
        try:
            info = self._dev.set_option(option[0], typed)
        except _sane.error as error:
            raise SaneFailure(status_of(str(error))) from None
        if info & _sane.INFO_RELOAD_OPTIONS:
            self.reload()

    def listing(self) -> Iterable[dict[str, Any]]:
        """Every option as data: what ``scanimage -A`` shows, for the capability report."""
        for name, option in self._options.items():
            info = self.describe(name)
            assert info is not None
            readable = info.active and option[4] != _sane.TYPE_BUTTON
            yield {
                "name": name,
                "title": option[2],
                "type": TYPE_NAMES.get(option[4], "?"),
                "unit": option[5],
                "size": option[6],
                "active": info.active,
                "settable": info.settable,
                "constraint": list(info.constraint) if isinstance(info.constraint, list | tuple) else None,
                "range": isinstance(info.constraint, tuple),
                "value": self.get(name) if readable else None,
            }

    def start(self) -> Frame:
        """Feed the next side; what the driver announces of it, asked after the start as SANE demands."""
        try:
            self._dev.start()
            form, _last, (width, lines), depth, _row = self._dev.get_parameters()
        except _sane.error as error:
            raise SaneFailure(status_of(str(error))) from None
        return Frame(str(form), int(width), int(lines), int(depth))

    def snap(self) -> Snap:
        """Read the picture that was started, without cancelling the feeder."""
        try:
            data, width, height, samples, _size = self._dev.snap(True, False, None)
        except _sane.error as error:
            raise SaneFailure(status_of(str(error)), in_page=True) from None
        except RuntimeError:
            raise SaneFailure(SaneStatus.EOF, in_page=True) from None
        return Snap(data, int(width), int(height), int(samples))

    def cancel(self) -> None:
        """Stop the feeder; the handle is poisoned afterwards and must be closed."""
        self._dev.cancel()

    def close(self) -> None:
        """Close the handle."""
        self._dev.close()
