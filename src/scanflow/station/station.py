"""The station: every room's piece, put together once (trạm số hóa)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import RLock

from scanflow.examination import Examination
from scanflow.ledger import Ledger
from scanflow.ledger.people import Office
from scanflow.media.desk import MediaDesk
from scanflow.media.registry import Sign, Verify
from scanflow.pages import RawPage
from scanflow.rules import RuleTables
from scanflow.sealing import Sealer
from scanflow.sealing.aip import DossierRecord
from scanflow.sealing.ocr import OcrPool
from scanflow.station.agency import SignDocument
from scanflow.station.config import StationConfig

Examine = Callable[[RawPage, RawPage | None], Examination]
"""Examine a side; the second argument is the recto of the same sheet when the side is a verso."""


@dataclass(frozen=True, slots=True)
class Station:
    """What a batch is worked with.

    Attributes:
        config: what the station was told.
        ledger: the record of every act; its station key also signs receipts.
        office: the people.
        media: where sticks are judged and admitted.
        sealer: the cipher product.
        examine: imaging, stamps and judgement of one side; never raises for a bad picture.
        rules: dated rule tables.
        ocr: worker processes for text layers; None leaves documents without one (the batch says so).
        sign: the station's signature for receipts.
        verify: checks it.
        now: the wall clock.
        one_delivery: held while a batch brings its containers out; two batches never wait for one stick.
        agency: the agency's signature, where the batch asks for it.
        dossiers: what the archive wants to know of dossiers, by code; those are packed for it.
    """

    config: StationConfig
    ledger: Ledger
    office: Office
    media: MediaDesk
    sealer: Sealer
    examine: Examine
    rules: RuleTables
    ocr: OcrPool | None
    sign: Sign
    verify: Verify
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    one_delivery: RLock = field(default_factory=RLock)
    agency: SignDocument | None = None
    dossiers: Mapping[str, DossierRecord] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The local date, for rules and validity."""
        return self.now().astimezone().date()
