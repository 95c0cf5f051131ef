"""What a batch has in hand while it is worked: counts, documents in RAM, treatments (đợt đang làm)."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanflow.counting import Event, Hint, SidePrint, Tally
from scanflow.errors import Words
from scanflow.imaging.likeness import Fingerprint
from scanflow.levels import Level
from scanflow.manifest import Manifest, Row
from scanflow.pages import Face, Pose, SideLabel
from scanflow.rules import Confirmation, Proposal, Treatment, settle
from scanflow.sealing import DocumentVault
from scanflow.sealing.ocr import Reading
from scanflow.stamps.marks import MarkKind
from scanflow.station.desk import Desk
from scanflow.station.station import Station


@dataclass(frozen=True, slots=True)
class HeldNote:
    """What is kept of a held side beside its ciphertext: no picture, no text."""

    sheet: int
    face: Face
    pose: Pose
    label: SideLabel
    level: Level
    codes: tuple[str, ...]
    reasons: tuple[Words, ...]


@dataclass(slots=True)
class DocumentFile:
    """One document in RAM under its own key.

    Attributes:
        row: its row of the list.
        id: its name in the ledger.
        vault: its pages.
        marks: kinds of marks read on the cleared sides of each sheet.
        held: notes of the sides that wait for a person.
        prints: fingerprints of its sides, in the order they were fed.
        read_through: its text was read to the end, and the sides without one were reported.
        sampled: its sides that a person looked at on paper after they were cleared.
    """

    row: Row
    id: str
    vault: DocumentVault
    marks: dict[int, set[MarkKind]] = field(default_factory=dict)
    held: dict[tuple[int, Face], HeldNote] = field(default_factory=dict)
    prints: dict[tuple[int, Face], SidePrint[Fingerprint]] = field(default_factory=dict)
    read_through: bool = False
    sampled: set[tuple[int, Face]] = field(default_factory=set)

    def drop(self, sheet: int) -> None:
        """Let go of a sheet whose scan does not count; its paper is fed again."""
        self.vault.drop(sheet)
        self.read_through = False
        self.marks.pop(sheet, None)
        for face in Face:
            self.held.pop((sheet, face), None)
            self.prints.pop((sheet, face), None)
            self.sampled.discard((sheet, face))

    def forget(self) -> None:
        """Destroy its key and all that was read of it (hủy khóa)."""
        self.vault.erase()
        self.held.clear()
        self.prints.clear()

    def bears(self, kind: MarkKind) -> bool:
        """Whether a cleared side of it has such a mark."""
        return any(kind in kinds for kinds in self.marks.values())


@dataclass(slots=True)
class Work:
    """One batch in the making; everything else about it is derived from these.

    Attributes:
        station: the rooms.
        desk: the people in front of it.
        manifest: the handover list.
        operator: person id of the operator; signs nothing of this batch.
        tally: the count so far.
        files: documents in RAM, by STT.
        proposals: what the rules propose, by STT.
        confirmations: downgrades that a named person confirmed, by STT.
        readings: documents whose text layers are being read behind the feed, by STT.
        hints: what pointed at its sheets beside the count, by STT, as told and recorded.
        only: the documents of a list that is taken up again; empty for all of it.
        gone: the documents that were routed out in an earlier run over this list.
    """

    station: Station
    desk: Desk
    manifest: Manifest
    operator: str
    tally: Tally
    files: dict[int, DocumentFile] = field(default_factory=dict)
    proposals: dict[int, Proposal] = field(default_factory=dict)
    confirmations: dict[int, Confirmation] = field(default_factory=dict)
    readings: dict[int, Reading] = field(default_factory=dict)
    hints: dict[int, tuple[Hint, ...]] = field(default_factory=dict)
    only: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()

    @property
    def batch_id(self) -> str:
        """Derived from the list: the same list is the same batch."""
        return self.manifest.batch_id

    @property
    def to_feed(self) -> tuple[Row, ...]:
        """The rows whose paper is fed in this run."""
        return tuple(
            row
            for row in self.manifest.to_feed
            if row.ordinal not in self.gone and (not self.only or row.ordinal in self.only)
        )

    def count(self, event: Event) -> None:
        """Take an event into account; the invariant is checked at each."""
        self.tally = self.tally.after(event)

    def file(self, ordinal: int) -> DocumentFile:
        """The document's file; its key is made when its first sheet comes."""
        if ordinal not in self.files:
            row = self.manifest.by_ordinal[ordinal]
            name = self.manifest.document_id(ordinal)
            self.files[ordinal] = DocumentFile(row, name, DocumentVault(name))
        return self.files[ordinal]

    def treatment(self, ordinal: int) -> Treatment:
        """What is done with a document, by the list, by what people confirmed and by what was read on it."""
        return settle(
            self.proposals[ordinal],
            self.confirmations.get(ordinal),
            giai_mat_seen=ordinal in self.files and self.files[ordinal].bears(MarkKind.GIAI_MAT),
        )
