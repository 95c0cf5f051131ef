"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from scanflow.station.config import StationConfig, load_config

DEFAULT_CONFIG = Path("/etc/scanflow/station.toml")

ConfigPath: TypeAlias = Annotated[
    Path | None, typer.Option("--config", "-c", help="Tệp cấu hình trạm · the station's configuration")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Một dòng JSON mỗi mục · one JSON line each")]


def read_config(path: Path | None) -> StationConfig:
    """The configuration that was named, or the one of this machine, or the project's example.

    Raises:
        ConfigurationRejected: as said.
    """
    return load_config(path or DEFAULT_CONFIG)
