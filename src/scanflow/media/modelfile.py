"""A model of stick described in a file, for sticks that show more than one plain drive (mô tả loại thiết bị nhớ)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from scanflow.media.errors import ModelUnfit
from scanflow.media.policy import NEVER, STORAGE
from scanflow.media.registry import Lun, Model

_Triple = Annotated[str, Field(pattern=r"^[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}$")]


class _Lun(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Annotated[int, Field(ge=0, le=15)]
    kind: Literal["disk", "cdrom"]
    data: bool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    interfaces: tuple[_Triple, ...] = ("08:06:50", "08:06:62")
    unlocks: bool = False
    lun: Annotated[tuple[_Lun, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> _File:
        classes = {int(triple[:2], 16) for triple in self.interfaces}
        if STORAGE not in classes or classes & NEVER:
            raise ValueError("interfaces: mass storage must be among them, and nothing that types, switches or talks")
        if len({lun.number for lun in self.lun}) != len(self.lun):
            raise ValueError("lun: a number is given twice")
        if [lun.kind for lun in self.lun if lun.data] != ["disk"]:
            raise ValueError("lun: exactly one disk takes the data")
        return self


def read_model(path: Path) -> Model:
    """The model that a file describes.

    Raises:
        ModelUnfit: it cannot be read, has an unknown key, or lists what no stick may carry.
    """
    try:
        told = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ModelUnfit(path=path.name, why=type(fault).__name__) from fault
    except ValidationError as fault:
        why = "; ".join(".".join(map(str, each["loc"])) + ": " + each["msg"] for each in fault.errors())
        raise ModelUnfit(path=path.name, why=why) from fault
    return Model(
        interfaces=frozenset(_triple(each) for each in told.interfaces),
        luns=tuple(Lun(lun.number, lun.kind, lun.data) for lun in told.lun),
        unlocks=told.unlocks,
    )


def _triple(text: str) -> tuple[int, int, int]:
    first, second, third = (int(part, 16) for part in text.split(":"))
    return first, second, third
