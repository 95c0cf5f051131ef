"""``ScannerStatus`` and ``ScannerCapabilities`` of an eSCL scanner, read into plain values.

Names and values: Mopria eSCL specification 2.97, chapters 8 and 9. Real devices leave parts out; what is
missing is None or UNKNOWN here and never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

_Word = TypeVar("_Word", bound=StrEnum)
_PWG = "{http://www.pwg.org/schemas/2010/12/sm}"
_SCAN = "{http://schemas.hp.com/imaging/escl/2011/05/03}"


class AdfState(StrEnum):
    """State of the feeder as a client needs it."""

    LOADED = "ScannerAdfLoaded"
    EMPTY = "ScannerAdfEmpty"
    PROCESSING = "ScannerAdfProcessing"
    JAM = "ScannerAdfJam"
    MISPICK = "ScannerAdfMispick"
    HATCH_OPEN = "ScannerAdfHatchOpen"
    MULTIPICK = "ScannerAdfMultipickDetected"
    UNKNOWN = ""


class JobState(StrEnum):
    """State of one job."""

    PENDING = "Pending"
    PROCESSING = "Processing"
    COMPLETED = "Completed"
    CANCELED = "Canceled"
    ABORTED = "Aborted"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class JobInfo:
    """What the device says of one job; numbers are None when it does not say."""

    uri: str
    state: JobState
    reasons: tuple[str, ...]
    images_completed: int | None
    images_to_transfer: int | None


@dataclass(frozen=True, slots=True)
class ScannerStatus:
    """One status document."""

    state: str
    adf: AdfState
    jobs: tuple[JobInfo, ...]

    @property
    def job_uris(self) -> frozenset[str]:
        """URIs of all jobs that the device lists."""
        return frozenset(j.uri for j in self.jobs)

    @property
    def paper(self) -> bool | None:
        """Whether paper lies in the feeder; None when the state does not tell."""
        return {AdfState.LOADED: True, AdfState.EMPTY: False}.get(self.adf)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the device is, as far as a source needs it."""

    model: str
    serial: str
    duplex_feeder: bool
    simplex_feeder: bool
    resolutions: frozenset[int]
    formats: frozenset[str]
    max_width: int
    max_height: int

    @property
    def simulated(self) -> bool:
        """The device names itself virtual or simulated."""
        return any(word in self.model.lower() for word in ("virtual", "simulated"))


def parse_status(document: bytes) -> ScannerStatus:
    """Read a ``ScannerStatus`` document.

    Raises:
        ValueError: it is not one.
    """
    root = _root(document, f"{_SCAN}ScannerStatus")
    jobs = tuple(_job(e) for e in root.iter(f"{_SCAN}JobInfo"))
    return ScannerStatus(_text(root, f"{_PWG}State"), _member(AdfState, _text(root, f"{_SCAN}AdfState")), jobs)


def parse_capabilities(document: bytes) -> Capabilities:
    """Read a ``ScannerCapabilities`` document.

    Raises:
        ValueError: it is not one.
    """
    root = _root(document, f"{_SCAN}ScannerCapabilities")
    duplex, simplex = root.find(f".//{_SCAN}AdfDuplexInputCaps"), root.find(f".//{_SCAN}AdfSimplexInputCaps")
    feeder = duplex if duplex is not None else simplex
    inside = feeder if feeder is not None else root
    formats = [e.text or "" for tag in ("DocumentFormat", "DocumentFormatExt") for e in _both(inside, tag)]
    return Capabilities(
        model=_text(root, f"{_PWG}MakeAndModel"),
        serial=_text(root, f"{_PWG}SerialNumber"),
        duplex_feeder=duplex is not None,
        simplex_feeder=simplex is not None,
        resolutions=frozenset(
            number for e in inside.iter(f"{_SCAN}XResolution") if (number := _number(e.text)) is not None
        ),
        formats=frozenset(f.strip().lower() for f in formats),
        max_width=_number(_text(inside, f".//{_SCAN}MaxWidth")) or 0,
        max_height=_number(_text(inside, f".//{_SCAN}MaxHeight")) or 0,
    )


def _both(root: Element, tag: str) -> list[Element]:
    return [*root.iter(_PWG + tag), *root.iter(_SCAN + tag)]


def _root(document: bytes, tag: str) -> Element:
    try:
        root: Element = ElementTree.fromstring(document)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise ValueError(f"not well formed: {type(error).__name__}") from error
    if root.tag != tag:
        raise ValueError("another document than expected")
    return root


def _job(element: Element) -> JobInfo:
    reasons = tuple(e.text.strip() for e in element.iter(f"{_PWG}JobStateReason") if e.text)
    return JobInfo(
        uri=_text(element, f"{_PWG}JobUri"),
        state=_member(JobState, _text(element, f"{_PWG}JobState")),
        reasons=reasons,
        images_completed=_number(_text(element, f"{_PWG}ImagesCompleted")),
        images_to_transfer=_number(_text(element, f"{_PWG}ImagesToTransfer")),
    )


def _text(element: Element, tag: str) -> str:
    found = element.find(tag)
    return "" if found is None or found.text is None else found.text.strip()


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _member(kind: type[_Word], text: str) -> _Word:
    try:
        return kind(text)
    except ValueError:
        return kind("")
