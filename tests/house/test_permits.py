"""A type that is a permit has one maker: nothing that Python offers for copying makes a second one."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scanflow import gate
from scanflow.counting import CountedDocument, permit
from scanflow.gate import ClearedPage
from scanflow.ledger.people import SignOff, signoff
from scanflow.levels import Level
from scanflow.pages import Face, Pose, RawPage, SideLabel
from scanflow.sealing import plain, sealer
from scanflow.sealing.plain import PlainDocument
from scanflow.sealing.sealer import Container

_PAGE = RawPage(1, Face.RECTO, np.zeros((2, 2, 3), np.uint8), 300)

PERMITS: dict[type, tuple[Any, ...]] = {
    ClearedPage: (_PAGE, Pose(0, 0.0), SideLabel.CONTENT, Level.MAT, gate._GATE),
    SignOff: (None, ("P-021", "P-031"), 1, signoff._COUNTED),
    Container: ("H1", Level.MAT, b"x", "0" * 64, (), "x", sealer._SEALER),
    PlainDocument: ("H1", b"x", "0" * 64, plain._RELEASED),
    CountedDocument: ("B-1", "B-1-D001", None, None, (), frozenset(), permit._COUNTED),
}

COPIES: dict[str, Callable[[Any], object]] = {
    "replace": dataclasses.replace,
    "replace a field": lambda one: dataclasses.replace(one, **{dataclasses.fields(one)[0].name: None}),
    "replace the mark": lambda one: dataclasses.replace(one, permit=object()),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda one: pickle.loads(pickle.dumps(one)),
}


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("kind", PERMITS, ids=lambda kind: kind.__name__)
def test_no_copy_mints_a_permit(kind: type, how: str) -> None:
    real = kind(*PERMITS[kind])
    with pytest.raises((TypeError, ValueError)):
        COPIES[how](real)


@pytest.mark.parametrize("kind", PERMITS, ids=lambda kind: kind.__name__)
def test_the_mark_is_not_kept_in_the_permit(kind: type) -> None:
    real = kind(*PERMITS[kind])
    held = [getattr(real, name) for name in kind.__slots__]  # type: ignore[attr-defined]
    assert not any(one is PERMITS[kind][-1] for one in held)
    with pytest.raises(TypeError):
        kind(*PERMITS[kind][:-1], object())
