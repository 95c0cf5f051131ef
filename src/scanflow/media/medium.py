"""What every medium can do, and the permit to write on one (thiết bị nhớ và giấy phép ghi)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, final

from scanflow.levels import Level
from scanflow.media.errors import PermitSpent
from scanflow.media.filesystem import Filesystem
from scanflow.media.identity import DeviceFacts
from scanflow.media.policy import Admission, judge_level
from scanflow.media.registry import Model


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """The data drive of a medium (ổ chứa dữ liệu).

    Attributes:
        diskseq: the kernel's number of this very plugging; it changes when the stick is swapped.
        size: bytes. filesystem: ``vfat``, ``exfat``, ``ext4`` (``directory`` when simulated).
        uuid: volume serial or UUID.
        flushes: the stick takes SYNCHRONIZE CACHE, so what was synced is out of its volatile memory too.
    """

    diskseq: int
    size: int
    filesystem: str
    uuid: str
    flushes: bool = True


class Medium(Protocol):
    """One device on the bus (một thiết bị trên cổng). The order of calls is the order below."""

    @property
    def facts(self) -> DeviceFacts:
        """What it says it is, as judged."""

    def authorise(self) -> None:
        """Open its port, read everything again and compare.

        Raises:
            DescriptorsChanged: an answer differs. NotRoot: no right. MediumVanished: gone.
        """

    def attach(self, model: Model) -> VolumeFacts:
        """Find its data drive by parentage, pin it, look at the volume without mounting.

        Raises:
            DeviceRefused: drives differ from the model, no capacity, read-only, wrong or dirty file system,
                label.
        """

    def repair(self, model: Model) -> None:
        """Have the file system's own checker mend what a yank left behind; to be attached afterwards.

        Raises:
            RepairFailed, CheckerMissing: it is not whole, and no bit of it is used.
        """

    def mount(self, *, writable: bool) -> Filesystem:
        """Mount privately (nosuid, nodev, noexec, no links followed).

        Raises:
            AlreadyMounted, MountFailed, MediumVanished, MediumSwapped: it could not be done.
        """

    def unmount(self) -> None:
        """Unmount, prove that nothing holds the drive any more, and drop the kernel's copy of it."""

    def probe_capacity(self) -> None:
        """Check at enrolment that it holds what it claims.

        Raises:
            FakeCapacity: it does not.
        """

    def still_there(self) -> None:
        """Check that the pinned drive is the one that is plugged.

        Raises:
            MediumVanished, MediumSwapped: it is not.
        """

    def release(self) -> None:
        """Unmount if mounted and shut the port again; never raises for a stick that is gone."""


class Bus(Protocol):
    """Where media come from (cổng): the USB bus, or the simulated one."""

    @property
    def simulated(self) -> bool:
        """True when no hardware stands behind it."""

    def media(self) -> Sequence[Medium]:
        """All devices but root hubs, as they are now, ports untouched."""


_ISSUED_HERE = object()


@final
class WritePermit:
    """The right to write once on one judged medium (giấy phép ghi). Only :func:`issue_permit` makes one.

    Attributes:
        device: who; ``vid:pid:serial``. name: in the register. diskseq: the plugging that was judged.
        clearance: of the medium. level: highest level of what may be written with this permit.
        simulated: no hardware stands behind it.
    """

    __slots__ = ("_medium", "clearance", "description", "device", "diskseq", "level", "name", "simulated")

    device: str
    name: str
    description: str
    diskseq: int
    clearance: Level
    level: Level
    simulated: bool

    def __init__(self, issuer: object, medium: Medium, admission: Admission, diskseq: int, level: Level) -> None:
        """Not for callers: see :func:`issue_permit`."""
        if issuer is not _ISSUED_HERE or admission.device.clearance is None:
            raise TypeError("a write permit is made by issue_permit only")
        self._medium: Medium | None = medium
        self.device = admission.device.device_id
        self.name = admission.device.name
        self.description = medium.facts.describe()
        self.diskseq = diskseq
        self.clearance = admission.device.clearance
        self.level = level
        self.simulated = medium.facts.simulated

    def spend(self) -> Medium:
        """The medium, once.

        Raises:
            PermitSpent: at every later call.
        """
        medium, self._medium = self._medium, None
        if medium is None:
            raise PermitSpent
        return medium

    def give_up(self) -> None:
        """Release the medium without writing."""
        medium, self._medium = self._medium, None
        if medium is not None:
            medium.release()

    def __copy__(self) -> WritePermit:
        raise TypeError("a write permit cannot be copied")

    def __deepcopy__(self, memo: object) -> WritePermit:
        raise TypeError("a write permit cannot be copied")

    def __reduce__(self) -> str:
        raise TypeError("a write permit cannot be stored")


def issue_permit(medium: Medium, admission: Admission, volume: VolumeFacts, level: Level) -> WritePermit:
    """The one place a permit is made: level against clearance again, and the volume against the register.

    Raises:
        DeviceRefused: the level is above the clearance, or TUYỆT MẬT, or there is no clearance.
        ValueError: medium, admission and volume do not belong together (a fault of the caller).
    """
    refusal = judge_level(medium.facts.describe(), admission.device.clearance, level)
    if refusal is not None:
        raise refusal
    device = admission.device
    if medium.facts != admission.facts or (volume.size, volume.uuid) != (device.size, device.uuid):
        raise ValueError("permit asked for another medium than the admitted one")
    return WritePermit(_ISSUED_HERE, medium, admission, volume.diskseq, level)
