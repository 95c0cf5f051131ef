"""What a reading room meets in an ordinary week: office paper of seventy years, stamped by ordinary clerks.

A test set: nothing is trained on it.
"""

from __future__ import annotations

from tools.pagegen.guests.east.week import draw

__all__ = ["draw"]
