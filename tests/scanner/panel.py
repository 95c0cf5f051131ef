"""Option panels for the vdev backend, made from driver profiles: what the profile asks for, and traps around it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from scanflow.scanner.feeder import Sensor
from scanflow.scanner.profile import Profile
from scanflow.scanner.settings import Scalar

SOURCE = Path(__file__).parent / "vdev" / "vdev.c"
LIVE = {
    Sensor.PAPER: "paper",
    Sensor.COVER: "cover",
    Sensor.DOUBLE_FEED: "double",
    Sensor.BUTTON: "button",
    Sensor.SIDE: "side",
    Sensor.COUNTER: "odometer",
}


def build(folder: Path) -> Path:
    """Compile the backend; the folder to put into LD_LIBRARY_PATH."""
    library = folder / "libsane-vdev.so.1"
    command = ["gcc", "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"the vdev backend does not build (apt-get install gcc libsane-dev): {done.stderr}"
    return folder


@dataclass
class Panel:
    """Options of a vdev, as lines of its ``options`` file, by name."""

    rows: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, name: str, **keys: str) -> None:
        self.rows[name] = {"name": name, **keys}

    def text(self) -> str:
        return "".join("\t".join(f"{k}={v}" for k, v in row.items()) + "\n" for row in self.rows.values())


def panel_of(profile: Profile) -> Panel:
    """A device that fits the profile, standing on other values than the profile asks for."""
    panel = Panel()
    for setting in profile.settings:
        values = panel.rows.get(setting.option, {}).get("list", "")
        panel.add(setting.option, **_row(setting.values, values))
    for row in panel.rows.values():  # the ranges of br-* hang on the paper size, which stands on a small paper
        for edge, sizes in (("br-x", ("page-width", "pagewidth")), ("br-y", ("page-height", "pageheight"))):
            if row["name"] == edge and (size := next((s for s in sizes if s in panel.rows), None)):
                row["max"] = size
    if "df-action" in panel.rows:
        for name in ("df-thickness", "df-length"):
            panel.rows[name]["needs"] = "df-action=Stop"
    for sensor in profile.sensors:
        if sensor.option and sensor.sensor in LIVE:
            yes = next(v for v in sensor.yes if not isinstance(v, bool))
            stale = {"stale": "1"} if sensor.stale_first else {}
            panel.add(sensor.option, type="int", value="0", ro="1", live=LIVE[sensor.sensor], yes=str(yes), **stale)
    return panel


def _row(values: list[Scalar], known: str) -> dict[str, str]:
    first = values[0]
    if isinstance(first, str) and not first.startswith("$"):
        listed = [*known.split("|"), *(str(v) for v in values)] if known else ["Decoy", *(str(v) for v in values)]
        return {"type": "string", "value": "Decoy", "list": "|".join(dict.fromkeys(listed))}
    if isinstance(first, bool):
        return {"type": "bool", "value": str(int(not first))}
    if isinstance(first, str) and first == "$dpi":
        return {"type": "int", "value": "75"}
    if isinstance(first, str):
        return {"type": "fixed", "value": "100"}
    return {"type": "fixed" if isinstance(first, float) else "int", "value": "7"}
