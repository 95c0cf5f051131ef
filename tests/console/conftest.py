"""The station's rooms, seen from the console."""

from __future__ import annotations

from tests.station.conftest import founded, make_room, room

__all__ = ["founded", "make_room", "room"]
