"""The five requests of an eSCL feed, behind a protocol so that the feeder can be tested without HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from scanflow.scanner.escl.http import EsclAddress, EsclConnection
from scanflow.scanner.escl.status import Capabilities, ScannerStatus, parse_capabilities, parse_status

IMAGE_LIMIT = 256 << 20
"""Bytes of one encoded side; A3 at 600 dpi as JPEG stays below 60 MB."""

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"
 xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"><pwg:Version>2.63</pwg:Version>
<scan:Intent>Document</scan:Intent><pwg:ScanRegions pwg:MustHonor="true"><pwg:ScanRegion>
<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>
<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>
<pwg:Width>{width}</pwg:Width><pwg:Height>{height}</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>
<pwg:InputSource>Feeder</pwg:InputSource><scan:Duplex>{duplex}</scan:Duplex>
<scan:ColorMode>RGB24</scan:ColorMode><scan:XResolution>{dpi}</scan:XResolution>
<scan:YResolution>{dpi}</scan:YResolution><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>
<scan:BlankPageDetection>false</scan:BlankPageDetection>
<scan:BlankPageDetectionAndRemoval>false</scan:BlankPageDetectionAndRemoval></scan:ScanSettings>"""


class LinkBusy(Exception):
    """The scanner says: ask again (503)."""


class LinkRefused(Exception):
    """The scanner refuses the job (409 and other codes)."""


@dataclass(frozen=True, slots=True)
class Document:
    """One encoded side as it came; ``whole`` is false when fewer bytes came than were announced."""

    data: bytes = field(repr=False)
    whole: bool = True


class EsclLink(Protocol):
    """What the feeder asks of a scanner. Every call may raise OSError (TimeoutError when it hangs)."""

    def status(self) -> ScannerStatus | None:
        """The status document, None when the scanner answers with something else."""
        ...

    def capabilities(self) -> Capabilities | None:
        """What the scanner is, None when it answers with something else."""
        ...

    def create(self, *, duplex: bool, dpi: int) -> str:
        """Create a job: its path. Raises LinkBusy, LinkRefused."""
        ...

    def next(self, job: str) -> Document | None:
        """The next side, None when the job has no more. Raises LinkBusy."""
        ...

    def delete(self, job: str) -> None:
        """Cancel the job."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


class HttpEsclLink:
    """The requests over HTTP."""

    def __init__(self, address: EsclAddress, *, patience: float) -> None:
        self._connection = EsclConnection(address, timeout=patience)

    def status(self) -> ScannerStatus | None:
        """See :class:`EsclLink`."""
        answer = self._connection.get("ScannerStatus")
        try:
            return parse_status(answer.body) if answer.status == 200 and answer.whole else None
        except ValueError:
            return None

    def capabilities(self) -> Capabilities | None:
        """See :class:`EsclLink`."""
        answer = self._connection.get("ScannerCapabilities")
        try:
            return parse_capabilities(answer.body) if answer.status == 200 and answer.whole else None
        except ValueError:
            return None

    def create(self, *, duplex: bool, dpi: int) -> str:
        """See :class:`EsclLink`. The region is A4: 2480 x 3508 of 1/300 inch."""
        body = _SETTINGS.format(width=2480, height=3508, duplex=str(duplex).lower(), dpi=dpi).encode()
        answer = self._connection.post("ScanJobs", body)
        if answer.status == 503:
            raise LinkBusy
        path = urlsplit(answer.location).path  # some devices name another host than they listen on
        if answer.status != 201 or not path:
            raise LinkRefused(answer.status)
        return path

    def next(self, job: str) -> Document | None:
        """See :class:`EsclLink`."""
        answer = self._connection.get_once(job.rstrip("/") + "/NextDocument", limit=IMAGE_LIMIT)
        if answer.status == 503:
            raise LinkBusy
        if answer.status in (404, 410):
            return None
        if answer.status != 200:
            raise ConnectionError(f"HTTP {answer.status}")
        return Document(answer.body, answer.whole)

    def delete(self, job: str) -> None:
        """See :class:`EsclLink`."""
        self._connection.delete(job)

    def close(self) -> None:
        """See :class:`EsclLink`."""
        self._connection.close()
