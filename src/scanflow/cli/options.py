"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from scanflow.levels import Level
from scanflow.station.config import NonSecret, StationConfig, load_config

DEFAULT_CONFIG = Path("/etc/scanflow/station.toml")

ConfigPath: TypeAlias = Annotated[
    Path | None, typer.Option("--config", "-c", help="Tệp cấu hình trạm · the station's configuration")
]
ScannerName: TypeAlias = Annotated[
    str, typer.Option("--scanner", help="Tên máy quét trong cấu hình, mục [scanners.TÊN]; bỏ trống: [scanner]")
]
OperatorOption: TypeAlias = Annotated[
    str, typer.Option("--operator", help="Mã người vận hành · person id of the operator")
]
SourceOption: TypeAlias = Annotated[
    Path | None, typer.Option("--from", help="Thư mục ảnh thay cho máy quét · page images instead of the scanner")
]
DuplexOption: TypeAlias = Annotated[
    bool, typer.Option("--duplex", help="Ảnh của thư mục: mặt trước, mặt sau lần lượt · two images a sheet")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Một dòng JSON mỗi mục · one JSON line each")]
FormsFolder: TypeAlias = Annotated[
    Path, typer.Option("--forms", help="Thư mục ghi biên bản (PDF/A và bảng tính) · where forms are written")
]


def level_named(word: str) -> Level:
    """A level by its name on the command line.

    Raises:
        typer.BadParameter: no such level.
    """
    try:
        return Level[word.upper().replace("-", "_")]
    except KeyError:
        raise typer.BadParameter(f"{word}: phải là {', '.join(level.name for level in Level)}") from None


def day_named(word: str) -> date:
    """A date in ISO form.

    Raises:
        typer.BadParameter: not a date.
    """
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise typer.BadParameter(f"{word}: phải là ngày dạng YYYY-MM-DD") from None


SignOption: TypeAlias = Annotated[
    bool | None, typer.Option("--sign/--no-sign", help="Chữ ký số của cơ quan cho đợt này · PAdES signature")
]
NonSecretOption: TypeAlias = Annotated[
    NonSecret | None, typer.Option(help="Tài liệu không mật: niêm phong hay PDF thường · how non-secrets leave")
]
AccessCopyOption: TypeAlias = Annotated[
    bool | None, typer.Option("--access-copy/--no-access-copy", help="Kèm bản xem nhỏ · a small copy beside each")
]
DossiersOption: TypeAlias = Annotated[
    Path | None, typer.Option(help="Tệp thông tin hồ sơ (TOML), đóng gói lưu trữ AIP · archival packages")
]


def read_config(path: Path | None) -> StationConfig:
    """The configuration that was named, or the one of this machine, or the project's example.

    Raises:
        ConfigurationRejected: as said.
    """
    return load_config(path or DEFAULT_CONFIG)
