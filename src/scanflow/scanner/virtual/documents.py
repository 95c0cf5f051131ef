"""The XML documents of the eSCL protocol that the virtual scanner answers with."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from defusedxml import ElementTree

from scanflow.scanner.virtual.deck import AdfState, Deck, Job

MAKE_AND_MODEL = "scanflow Virtual Duplex (simulated)"
SERIAL = "VIRTUAL-0001"
PWG = "http://www.pwg.org/schemas/2010/12/sm"
SCAN = "http://schemas.hp.com/imaging/escl/2011/05/03"
_NAMESPACES = f'xmlns:pwg="{PWG}" xmlns:scan="{SCAN}"'
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MAX_WIDTH, _MAX_HEIGHT = 2550, 4200  # 1/300 inch

_PROFILE = (
    "<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode>"
    "<scan:ColorMode>Grayscale8</scan:ColorMode></scan:ColorModes>"
    "<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>"
    "<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>"
    "<scan:SupportedResolutions><scan:DiscreteResolutions>{resolutions}</scan:DiscreteResolutions>"
    "</scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>"
)
_RESOLUTION = (
    "<scan:DiscreteResolution><scan:XResolution>{0}</scan:XResolution>"
    "<scan:YResolution>{0}</scan:YResolution></scan:DiscreteResolution>"
)


def capabilities(*, name: str = MAKE_AND_MODEL, serial: str = SERIAL) -> bytes:
    """``ScannerCapabilities``: a duplex feeder, grey or colour, 100 to 600 dpi, JPEG only; no flatbed."""
    caps = (
        f"<scan:MinWidth>300</scan:MinWidth><scan:MaxWidth>{_MAX_WIDTH}</scan:MaxWidth>"
        f"<scan:MinHeight>300</scan:MinHeight><scan:MaxHeight>{_MAX_HEIGHT}</scan:MaxHeight>"
        "<scan:MaxScanRegions>1</scan:MaxScanRegions>"
        + _PROFILE.format(resolutions="".join(_RESOLUTION.format(d) for d in (100, 200, 300, 600)))
    )
    return (
        f"{_DECLARATION}<scan:ScannerCapabilities {_NAMESPACES}><pwg:Version>2.63</pwg:Version>"
        f"<pwg:MakeAndModel>{escape(name)}</pwg:MakeAndModel><pwg:SerialNumber>{escape(serial)}</pwg:SerialNumber>"
        f"<scan:Adf><scan:AdfSimplexInputCaps>{caps}</scan:AdfSimplexInputCaps>"
        f"<scan:AdfDuplexInputCaps>{caps}</scan:AdfDuplexInputCaps><scan:FeederCapacity>100</scan:FeederCapacity>"
        "<scan:AdfOptions><scan:AdfOption>Duplex</scan:AdfOption><scan:AdfOption>DetectPaperLoaded</scan:AdfOption>"
        "</scan:AdfOptions></scan:Adf></scan:ScannerCapabilities>"
    ).encode()


def status(deck: Deck) -> bytes:
    """``ScannerStatus``: state of scanner and feeder, and the jobs with what became of their images."""
    idle = deck.running is None
    state = (
        "Idle" if idle and deck.adf in (AdfState.LOADED, AdfState.EMPTY) else "Processing" if not idle else "Stopped"
    )
    jobs = "".join(_job(j) for j in reversed(deck.jobs[-8:]))
    return (
        f"{_DECLARATION}<scan:ScannerStatus {_NAMESPACES}><pwg:Version>2.63</pwg:Version>"
        f"<pwg:State>{state}</pwg:State><scan:AdfState>{deck.adf.value}</scan:AdfState>"
        f"<scan:Jobs>{jobs}</scan:Jobs></scan:ScannerStatus>"
    ).encode()


def job_path(job: Job) -> str:
    """Path of a job's resource."""
    return f"/eSCL/ScanJobs/{job.number}"


def _job(job: Job) -> str:
    waiting = len(job.owed) + job.on_the_way  # read from paper and not (wholly) sent
    reasons = "".join(f"<pwg:JobStateReason>{escape(r)}</pwg:JobStateReason>" for r in job.reasons)
    return (
        f"<scan:JobInfo><pwg:JobUri>{job_path(job)}</pwg:JobUri><pwg:JobUuid>virtual-{job.number}</pwg:JobUuid>"
        f"<scan:Age>0</scan:Age><pwg:ImagesCompleted>{job.images_completed}</pwg:ImagesCompleted>"
        f"<pwg:ImagesToTransfer>{waiting}</pwg:ImagesToTransfer>"
        f"<pwg:JobState>{job.state.value}</pwg:JobState><pwg:JobStateReasons>{reasons}</pwg:JobStateReasons></scan:JobInfo>"
    )


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What a client asked for."""

    duplex: bool
    dpi: int
    colour: bool


def read_settings(body: bytes) -> ScanSettings:
    """Parse ``ScanSettings``.

    Raises:
        ValueError: the document is not well formed or asks for what the capabilities do not offer.
    """
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise ValueError("ScanSettings is not well formed") from error

    def text(tag: str, default: str) -> str:
        found = root.find(f".//{tag}")
        return default if found is None or found.text is None else found.text.strip()

    dpi = int(text(f"{{{SCAN}}}XResolution", "300"))
    if dpi not in (100, 200, 300, 600):
        raise ValueError("resolution not offered")
    duplex = text(f"{{{SCAN}}}Duplex", "false") == "true"
    return ScanSettings(duplex=duplex, dpi=dpi, colour=text(f"{{{SCAN}}}ColorMode", "RGB24") == "RGB24")
