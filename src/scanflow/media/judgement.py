"""What is said of a device, and the row that a new stick would get (kết quả xét duyệt)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from scanflow.errors import ScanflowError
from scanflow.levels import Level
from scanflow.media import errors
from scanflow.media.descriptors import parse
from scanflow.media.errors import DeviceRefused
from scanflow.media.identity import DeviceFacts, fingerprint, raw_hash
from scanflow.media.names import shown
from scanflow.media.policy import Admission
from scanflow.media.registry import ApprovedDevice, Model


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one device (kết quả xét duyệt).

    Attributes:
        decision: ``admit`` or ``refuse``. code: reason code (``MED-…``), "" when admitted.
    """

    port: str
    device: str
    product: str
    simulated: bool
    decision: str
    code: str
    clearance: str
    say_vi: str
    say_en: str

    def as_dict(self) -> dict[str, Any]:
        """For one JSON line; untrusted names are escaped already."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def judgement_of(facts: DeviceFacts, verdict: Admission | DeviceRefused) -> Judgement:
    """The verdict of the policy on one device, in words."""
    refused: ScanflowError | None = verdict if isinstance(verdict, DeviceRefused) else None
    clearance = "" if isinstance(verdict, DeviceRefused) else getattr(verdict.device.clearance, "name", "")
    return Judgement(
        port=shown(facts.port),
        device=shown(identity_of(facts), 140),
        product=shown(facts.product),
        simulated=facts.simulated,
        decision="admit" if refused is None else "refuse",
        code="" if refused is None else refused.code,
        clearance=clearance,
        say_vi="Được phép." if refused is None else refused.say_vi,
        say_en="Admitted." if refused is None else refused.say_en,
    )


def identity_of(facts: DeviceFacts) -> str:
    """``vid:pid:serial`` as the register writes it; untrusted."""
    vid, pid, serial = facts.triple
    return f"{vid:04x}:{pid:04x}:{serial}"


def provisional(
    facts: DeviceFacts,
    name: str,
    clearance: Level | None,
    custodian: str,
    since: date,
    until: date,
    model: Model,
) -> ApprovedDevice:
    """The row that a stick would get, without its volume, which is not known before it is attached.

    Raises:
        DescriptorsMalformed: it cannot even be described.
    """
    try:
        shape = parse(facts.raw)
    except ValueError as fault:
        raise errors.DescriptorsMalformed(device=facts.describe(), fault=fault) from fault
    return ApprovedDevice(
        name=name,
        vid=shape.vid,
        pid=shape.pid,
        serial=facts.serial,
        fingerprint=fingerprint(shape, facts),
        raw_hashes=((facts.speed, raw_hash(facts.raw)),),
        clearance=clearance,
        custodian=custodian,
        since=since,
        until=until,
        size=0,
        filesystem="",
        uuid="",
        model=model,
    )
