"""Permits for tests: the one place here that knows how the gate marks what it made."""

from __future__ import annotations

from scanflow import gate
from scanflow.gate import ClearedPage
from scanflow.levels import Level
from scanflow.pages import Pose, RawPage, SideLabel


def permit(
    page: RawPage,
    pose: Pose | None = None,
    label: SideLabel = SideLabel.CONTENT,
    level: Level = Level.MAT,
) -> ClearedPage:
    """A side as the gate clears it."""
    return ClearedPage(page, pose or Pose(0, 0.0), label, level, gate._GATE)
