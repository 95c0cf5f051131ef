"""The desk where media are judged, admitted and enrolled: the order of acts, for real and simulated alike.

Port shut → descriptors judged → register → authorised → compared again → one drive of that parent → record
and token verified read-only → token changed → permit. Whatever goes wrong on the way, the port is shut again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from scanflow.levels import Level
from scanflow.media import errors
from scanflow.media.descriptors import parse
from scanflow.media.enrolment import (
    PURPOSE_ENROL,
    PURPOSE_REVOKE,
    SignOffLike,
    check_record,
    put_record,
    require_two,
    roll_token,
    statement_digest,
)
from scanflow.media.errors import DeviceRefused
from scanflow.media.faults import Step, told
from scanflow.media.identity import DeviceFacts, fingerprint
from scanflow.media.judgement import Judgement, identity_of, judgement_of, provisional
from scanflow.media.medium import Bus, Medium, VolumeFacts, WritePermit, issue_permit
from scanflow.media.names import shown
from scanflow.media.policy import Admission, judge_device, looks_like_storage
from scanflow.media.receipt import Survey, survey
from scanflow.media.registry import ApprovedDevice, Entry, Model, Registry, Sign, Verify

RecordAct = Callable[[str, str], None]
"""``record(act, subject)``: puts an act on record (the ledger) before it is done."""


class MediaDesk:
    """Everything the station asks of media (bàn xét duyệt và bàn giao thiết bị nhớ)."""

    def __init__(
        self, bus: Bus, registry: Registry, sign: Sign, verify: Verify, today: Callable[[], date] = date.today
    ) -> None:
        """Put the desk up.

        Args:
            bus: the USB bus or the simulated one.
            registry: approved devices.
            sign: makes the station's signature.
            verify: checks it.
            today: for validity dates.
        """
        self._bus = bus
        self._registry = registry
        self._sign = sign
        self._verify = verify
        self._today = today

    @property
    def simulated(self) -> bool:
        """True when the media are simulated."""
        return self._bus.simulated

    def list_devices(self) -> list[DeviceFacts]:
        """All devices on the bus, root hubs left out."""
        return [medium.facts for medium in self._bus.media()]

    def sticks(self) -> list[DeviceFacts]:
        """What is plugged and offers mass storage, hostile or not."""
        return [medium.facts for medium in self._candidates()]

    def entries(self) -> dict[str, Entry]:
        """The register by device id."""
        return self._registry.entries()

    def judge_all(self, level: Level | None = None) -> list[Judgement]:
        """Judge every device on the bus by what it shows and by the register; opens no port."""
        facts = self.list_devices()
        entries = self._registry.entries()
        return [
            judgement_of(each, judge_device(each, entries, self._today(), level=level, neighbours=facts))
            for each in facts
        ]

    def shut_refused(self) -> list[Judgement]:
        """Shut the port of every stick that is refused, on a host that let it in.

        Only what offers mass storage is touched: the station's own keyboard and scanner are not this room's
            matter.
        """
        refused = {each.port: each for each in self.judge_all() if each.decision == "refuse"}
        shut = [medium for medium in self._candidates() if shown(medium.facts.port) in refused]
        for medium in shut:
            medium.release()
        return [refused[shown(medium.facts.port)] for medium in shut]

    def admit(self, level: Level, *, not_these: Collection[str] = ()) -> WritePermit:
        """Admit the one stick that is plugged, for documents up to ``level``.

        Args:
            level: highest level that will be written.
            not_these: device ids that hold a copy already (a second copy goes onto a second stick).

        Returns:
            A permit; its medium stays open until :func:`~scanflow.media.deliver.deliver` or ``give_up``.

        Raises:
            DeviceRefused: with the reason as its kind.
            MediaError: host or medium at fault.
        """
        medium, admission = self._the_one_stick(level)
        if admission.device.device_id in not_these:
            raise errors.SameStickTwice(device=medium.facts.describe())
        try:
            volume = self._open_checked(medium, admission)
            with told(medium, Step.TOKEN):
                roll_token(medium.mount(writable=True), self._registry, admission.device.device_id)
                medium.unmount()
            medium.still_there()
            return issue_permit(medium, admission, volume, level)
        except BaseException:
            medium.release()
            raise

    def survey(self) -> Survey:
        """What lies on the plugged stick, by receipts; nothing is written to it.

        Raises:
            MediaError: as :meth:`admit`.
        """
        medium, admission = self._the_one_stick(None)
        try:
            self._open_checked(medium, admission)
            with told(medium, Step.LIST):
                found = survey(medium.mount(writable=False), self._verify)
                medium.unmount()
        finally:
            medium.release()
        return found

    def repair(self) -> Survey:
        """Mend the file system of the plugged stick, which must be enrolled, and say what lies on it afterwards.

        Its record and token are checked when it is whole again, before anything of it is believed.

        Raises:
            RepairFailed, CheckerMissing: it is not whole.
            MediaError: as :meth:`admit`.
        """
        medium, admission = self._the_one_stick(None)
        try:
            medium.authorise()
            medium.repair(admission.device.model)
        finally:
            medium.release()
        return self.survey()

    def debris(self) -> tuple[str, ...]:
        """Leftovers of deliveries that broke off, as paths; they are only listed."""
        return self.survey().debris

    def remove_debris(self, paths: Sequence[str], record: RecordAct) -> None:
        """Remove leftovers that :meth:`debris` lists, each put on record first.

        Raises:
            NameUnfit: a path is not debris (any more); nothing was removed.
            MediaError: as :meth:`admit`.
        """
        medium, admission = self._the_one_stick(None)
        try:
            self._open_checked(medium, admission)
            with told(medium, Step.REMOVE):
                filesystem = medium.mount(writable=True)
                if not set(paths) <= set(survey(filesystem, self._verify).debris):
                    raise errors.NameUnfit
                for path in paths:
                    record("media.debris-removed", f"{admission.device.device_id} {shown(path)}")
                    directory, _, name = path.partition("/")
                    if not name:
                        filesystem.remove("", f"{directory}/")
                        continue
                    filesystem.remove(directory, name)
                    with suppress(OSError):  # the job's directory goes with its last file
                        filesystem.remove("", f"{directory}/")
                filesystem.sync_all()
                medium.unmount()
        finally:
            medium.release()

    # --- enrolment
    # --------------------------------------------------------------------------------------------

    def draft(
        self,
        *,
        name: str,
        clearance: Level | None,
        custodian: str,
        since: date,
        until: date,
        model: Model | None = None,
    ) -> ApprovedDevice:
        """Look at the one plugged stick and draw up what two persons will sign; nothing is written.

        Raises:
            DeviceRefused: its shape or serial would never be admitted; TwoSticks, NoStick.
            NeverOnMedium: clearance TUYỆT MẬT is given to no stick.
        """
        if clearance is Level.TUYET_MAT:
            raise errors.NeverOnMedium
        medium = self._one_candidate()
        device = provisional(medium.facts, name, clearance, custodian, since, until, model or Model())
        # Unclassified is a matter of use, not of shape: such a stick may be drafted, and will be refused
        # when used.
        entry = Entry(replace(device, clearance=clearance or Level.THUONG), genuine=True, revoked=False)
        facts = self.list_devices()
        verdict = judge_device(medium.facts, {device.device_id: entry}, max(since, self._today()), neighbours=facts)
        if isinstance(verdict, DeviceRefused):
            raise verdict
        try:
            medium.authorise()
            volume = medium.attach(device.model)
        finally:
            medium.release()
        return replace(device, size=volume.size, filesystem=volume.filesystem, uuid=volume.uuid)

    def enrol(self, device: ApprovedDevice, sign_off: SignOffLike) -> ApprovedDevice:
        """Enter a drafted stick into the register and put record and token on it.

        Raises:
            SignOffMissing: not two persons over exactly this draft.
            AlreadyEnrolled: it is in the register.
            DeviceRefused, MediumFault: the stick is not the drafted one, or broke off; it is then not
                enrolled.
        """
        require_two(sign_off, PURPOSE_ENROL, statement_digest(device))
        medium = self._one_candidate()
        if identity_of(medium.facts) != device.device_id:
            raise errors.ShapeDiffers(device=medium.facts.describe())
        signature = self._sign(device.statement())
        token = self._registry.add(device, signature)
        try:
            admission = Admission(medium.facts, device)
            _require_same_shape(medium.facts, device)
            medium.authorise()
            volume = medium.attach(device.model)
            if (volume.size, volume.uuid) != (device.size, device.uuid):
                raise errors.WrongFilesystem(device=medium.facts.describe(), found=volume.filesystem)
            medium.probe_capacity()
            with told(medium, Step.ENROL):
                put_record(medium.mount(writable=True), device, token, self._sign)
                medium.unmount()
                self._check(medium, admission, volume)
        except BaseException:
            self._registry.revoke(device.device_id)
            raise
        finally:
            medium.release()
        return device

    def revoke(self, key: str, sign_off: SignOffLike) -> None:
        """Take a device off the list.

        Raises:
            SignOffMissing, NotEnrolled: as said.
        """
        entry = self._registry.entries().get(key)
        if entry is None:
            raise errors.NotEnrolled(device=shown(key))
        require_two(sign_off, PURPOSE_REVOKE, statement_digest(entry.device))
        self._registry.revoke(key)

    # --- shared steps
    # -----------------------------------------------------------------------------------------

    def _candidates(self) -> list[Medium]:
        return [medium for medium in self._bus.media() if looks_like_storage(medium.facts)]

    def _one_candidate(self) -> Medium:
        candidates = self._candidates()
        if not candidates:
            raise errors.NoStick
        if len(candidates) > 1:
            raise errors.TwoSticks(count=len(candidates))
        return candidates[0]

    def _the_one_stick(self, level: Level | None) -> tuple[Medium, Admission]:
        candidates = self._candidates()
        entries = self._registry.entries()
        facts = self.list_devices()
        verdicts = [
            judge_device(each.facts, entries, self._today(), level=level, neighbours=facts) for each in candidates
        ]
        for verdict in verdicts:  # a clone beside the original is told as such, not as "two sticks"
            if isinstance(verdict, errors.CloneSuspected):
                raise verdict
        medium = self._one_candidate()
        verdict = verdicts[0]
        if isinstance(verdict, DeviceRefused):
            raise verdict
        return medium, verdict

    def _open_checked(self, medium: Medium, admission: Admission) -> VolumeFacts:
        medium.authorise()
        volume = medium.attach(admission.device.model)
        with told(medium, Step.MOUNT):
            self._check(medium, admission, volume)
        return volume

    def _check(self, medium: Medium, admission: Admission, volume: VolumeFacts) -> None:
        device = admission.device
        tokens = self._registry.tokens(device.device_id)
        entry = Entry(device, genuine=True, revoked=False)
        name = medium.facts.describe()
        check_record(medium.mount(writable=False), name, entry, volume, tokens, self._verify)
        medium.unmount()
        medium.still_there()


def _require_same_shape(facts: DeviceFacts, device: ApprovedDevice) -> None:
    if fingerprint(parse(facts.raw), facts) != device.fingerprint:
        raise errors.ShapeDiffers(device=facts.describe())
