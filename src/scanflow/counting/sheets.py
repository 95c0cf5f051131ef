"""What is known of one sheet, and how many there are of each kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from scanflow.manifest import PageConvention
from scanflow.pages import Face, SideLabel


class Outcome(StrEnum):
    """The gate's or a person's decision on a side; the words of :class:`scanflow.gate.Decision`."""

    CLEAR = "clear"
    HOLD = "hold"
    ROUTE_OUT = "route_out"


class Fate(StrEnum):
    """Where a fed sheet stands; every sheet has exactly one (tình trạng của tờ)."""

    CLEARED = "cleared"
    HELD = "held"
    """Not yet decided, by the gate or by a person. A sheet is born held."""
    ROUTED_OUT = "routed_out"
    SPOILED = "spoiled"
    SEPARATOR = "separator"


class Spoil(StrEnum):
    """Why the scan of a sheet does not count; the paper is fed again (lý do hỏng lượt quét)."""

    JAM = "jam"
    DOUBLE_FEED = "double_feed"
    BROKEN_IMAGE = "broken_image"
    MISPLACED = "misplaced"
    """A separator or sheet at the wrong place of the stack."""
    RESCANNED = "rescanned"
    """Replaced by a later scan."""
    ERASED = "erased"
    """Its pages were destroyed with a neighbour's key before it was told apart."""


@dataclass(frozen=True, slots=True)
class Side:
    """One scanned side: what it carries, and what was decided."""

    label: SideLabel
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet that went through the feeder (một lượt tờ qua máy).

    Attributes:
        duplex: both faces were scanned; else the verso was not.
        recto: the front once examined.
        verso: the back once examined.
        document: index of its document in the tally, None while it belongs to none.
        spoiled: why its scan does not count, None when it does.
        separator: it is a separator sheet.
        routed: its document was routed out.
    """

    duplex: bool
    recto: Side | None = None
    verso: Side | None = None
    document: int | None = None
    spoiled: Spoil | None = None
    separator: bool = False
    routed: bool = False

    @property
    def fate(self) -> Fate:
        """Derived, so that no two facts about a sheet can contradict each other."""
        if self.routed or self.marked:
            return Fate.ROUTED_OUT
        if self.spoiled is not None:
            return Fate.SPOILED
        if self.separator:
            held = any(side is not None and side.outcome is Outcome.HOLD for side in self._scanned)
            return Fate.HELD if held else Fate.SEPARATOR
        if self.document is not None and all(
            side is not None and side.outcome is Outcome.CLEAR for side in self._scanned
        ):
            return Fate.CLEARED
        return Fate.HELD

    @property
    def _scanned(self) -> tuple[Side | None, ...]:
        """The sides that it has."""
        return (self.recto, self.verso) if self.duplex else (self.recto,)

    @property
    def marked(self) -> bool:
        """One of its own sides was routed out, not only its document."""
        return any(side is not None and side.outcome is Outcome.ROUTE_OUT for side in self._scanned)

    @property
    def stray(self) -> bool:
        """It belongs to no document, and is neither separator nor spoiled."""
        return self.document is None and self.fate in {Fate.HELD, Fate.ROUTED_OUT}

    def side(self, face: Face) -> Side | None:
        """The side as examined, None when not."""
        return self.recto if face is Face.RECTO else self.verso

    def with_side(self, face: Face, side: Side) -> Sheet:
        """The same sheet with one side known."""
        return replace(self, recto=side) if face is Face.RECTO else replace(self, verso=side)

    @property
    def labels(self) -> tuple[SideLabel, ...]:
        """Labels of the sides examined, recto first."""
        return tuple(side.label for side in (self.recto, self.verso) if side is not None)

    def pages(self, convention: PageConvention) -> int:
        """Trang of this sheet: an unsure side counts as written, and each sheet counts at least one."""
        if convention is PageConvention.BOTH_SIDES:
            return 2
        return max(1, sum(label is not SideLabel.BLANK for label in self.labels))


@dataclass(frozen=True, slots=True)
class Totals:
    """Sheets by fate; ``fed`` is counted on its own and must equal the sum."""

    fed: int = 0
    cleared: int = 0
    held: int = 0
    routed_out: int = 0
    spoiled: int = 0
    separators: int = 0

    @property
    def accounted(self) -> int:
        """What ``fed`` must equal."""
        return self.cleared + self.held + self.routed_out + self.spoiled + self.separators

    def moved(self, before: Fate | None, after: Fate) -> Totals:
        """One sheet went from one fate to another; ``before`` None: it was just fed."""
        if before is after:
            return self
        counts = {after: getattr(self, _FIELD[after]) + 1}
        if before is not None:
            counts[before] = getattr(self, _FIELD[before]) - 1
        changed = {_FIELD[fate]: count for fate, count in counts.items()}
        return replace(self, **changed)


_FIELD = {
    Fate.CLEARED: "cleared",
    Fate.HELD: "held",
    Fate.ROUTED_OUT: "routed_out",
    Fate.SPOILED: "spoiled",
    Fate.SEPARATOR: "separators",
}
