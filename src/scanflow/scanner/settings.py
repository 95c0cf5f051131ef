"""Setting a scanner strictly: in order, exact, read back; a difference refuses the feed (thiết lập).

SANE clamps values silently, python-sane takes a misspelt option for an attribute of its own, and options
appear and vanish as others are set. So every setting goes through :func:`apply` and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol, TypeAlias

from scanflow.errors import Words
from scanflow.scanner.errors import SettingMissing, SettingRefused

Scalar: TypeAlias = bool | int | float | str


@dataclass(frozen=True, slots=True)
class OptionInfo:
    """One option as the driver describes it now."""

    active: bool
    settable: bool
    constraint: Any = None


class OptionPort(Protocol):
    """The options of an open scanner."""

    def describe(self, name: str) -> OptionInfo | None:
        """The option of this exact name, None when the driver has none."""
        ...

    def get(self, name: str) -> Scalar:
        """Its present value."""
        ...

    def set(self, name: str, value: Scalar) -> None:
        """Set it; the driver may round or clamp."""
        ...


@dataclass(frozen=True, slots=True)
class Want:
    """One setting of a profile, ready to apply.

    Attributes:
        names: the option's exact name, then names that other models of the driver use for the same thing.
        values: acceptable values, best first; the first that the driver's constraint permits is set.
        must: the feed is refused when no such option is there; otherwise an absent or inactive option is no
            matter.
        unless: (option, value) that makes an absent option no matter even when ``must``.
        tolerance: largest accepted difference of the value read back, in the option's unit.
    """

    names: tuple[str, ...]
    values: tuple[Scalar, ...]
    must: bool = True
    tolerance: float = 0.0
    unless: tuple[str, str] | None = None

    def packed(self) -> dict[str, Any]:
        """As plain data, for the process that owns the driver."""
        return asdict(self)

    @classmethod
    def unpacked(cls, data: Mapping[str, Any]) -> Want:
        """The setting that :meth:`packed` made plain."""
        unless = data["unless"]
        return cls(
            names=tuple(data["names"]),
            values=tuple(data["values"]),
            must=bool(data["must"]),
            tolerance=float(data["tolerance"]),
            unless=(unless[0], unless[1]) if unless is not None else None,
        )


SAFE_VALUES: Mapping[str, tuple[Scalar, ...]] = {
    "swskip": (0, 0.0, False),
    "swcrop": (0, False),
    "swdeskew": (0, False),
    "swdespeck": (0,),
    "hwdeskewcrop": (0, False),
    "hwcrop": (0, False),
    "ald": (0, False),
    "rif": (0, False),
    "lowmemory": (0, False),
    "buffermode": ("Off", "Default", 0, False),
    "prepick": ("Off", "Default", 0, False),
    "compression": ("None",),
    "dropoutcolor": ("Default", "None"),
    "dropout-front": ("None",),
    "dropout-back": ("None",),
    "dropout": ("None",),
    "adf-crp": (0, False),
    "adf-skew": (0, False),
    "adf-padding": (0, False),
    "blank-page-skip": (0, False),
    "dfstop": (0, False),
    "crop": (0, False),
    "deskew": (0, False),
    "mirror": (0, False),
    "jpeg": (0, False),
    "negative": (0, False),
}
"""Options that change or drop content, by the names of sane-backends 1.2.1, and their harmless values.

Checked after every profile on whatever driver, so that an incomplete profile cannot let one through.
"""


def apply(port: OptionPort, wants: tuple[Want, ...]) -> dict[str, Scalar]:
    """Set everything in order, then read everything back, then look for options that change content.

    Returns:
        The values read back, by option name.

    Raises:
        SettingMissing: a required option is absent or inactive.
        SettingRefused: a value read back differs, or a content-changing option stands on an unsafe value.
    """
    chosen: list[tuple[str, Scalar, Want]] = []
    for want in wants:
        name = _present_name(port, want)
        if name is None:
            if want.must and not _excused(port, want):
                raise SettingMissing(option=" / ".join(want.names))
            continue
        value = _choose(port, name, want)
        info = port.describe(name)
        if info is not None and info.settable and not _agrees(port.get(name), value, want.tolerance):
            port.set(name, value)
        chosen.append((name, value, want))
    return _read_back(port, chosen)


def _present_name(port: OptionPort, want: Want) -> str | None:
    for name in want.names:
        info = port.describe(name)
        if info is not None and info.active:
            return name
    return None


def _excused(port: OptionPort, want: Want) -> bool:
    if want.unless is None:
        return False
    info = port.describe(want.unless[0])
    return info is not None and info.active and port.get(want.unless[0]) == want.unless[1]


def _choose(port: OptionPort, name: str, want: Want) -> Scalar:
    info = port.describe(name)
    allowed = info.constraint if info is not None else None
    if isinstance(allowed, list) and allowed:
        for value in want.values:
            if any(_agrees(a, value, want.tolerance) for a in allowed):
                return value
        raise SettingRefused(
            option=name, asked=want.values[0], got=Words(f"{len(allowed)} giá trị khác", f"{len(allowed)} other values")
        )
    return want.values[0]


def _read_back(port: OptionPort, chosen: list[tuple[str, Scalar, Want]]) -> dict[str, Scalar]:
    values: dict[str, Scalar] = {}
    for name, value, want in chosen:
        info = port.describe(name)
        if info is None or not info.active:
            if want.must:
                raise SettingMissing(option=name)
            continue
        values[name] = got = port.get(name)
        if not _agrees(got, value, want.tolerance):
            raise SettingRefused(option=name, asked=value, got=got)
    for name, safe in SAFE_VALUES.items():
        info = port.describe(name)
        if info is None or not info.active or name in values:
            continue
        got = port.get(name)
        if not any(_agrees(got, s, 0.0) for s in safe):
            raise SettingRefused(option=name, asked=safe[0], got=got)
        values[name] = got
    return values


def _agrees(got: Scalar, asked: Scalar, tolerance: float) -> bool:
    if isinstance(got, str) or isinstance(asked, str):
        return got == asked
    return abs(float(got) - float(asked)) <= tolerance
