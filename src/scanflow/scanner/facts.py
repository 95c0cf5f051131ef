"""What a scanner can and cannot tell, from its profile and its own words (khả năng của máy quét)."""

from __future__ import annotations

from scanflow.scanner.escl.status import Capabilities
from scanflow.scanner.feeder import ScannerFacts, Sensor
from scanflow.scanner.profile import Profile
from scanflow.scanner.proof import ProofKind

_CANNOT = {
    Sensor.PAPER: "Máy không cho biết khay còn giấy hay không: nhìn khay trước và sau mỗi lượt.",
    Sensor.DOUBLE_FEED: "Máy không báo nạp chồng: số tờ đối chiếu danh mục là chốt chặn duy nhất.",
    Sensor.SIDE: ("Máy không cho biết mặt nào đang đọc: mất một mặt chỉ lộ ra khi hết lượt hoặc khi đối chiếu số tờ."),
    Sensor.BUTTON: "Máy không có nút bấm đọc được: bắt đầu từ màn hình hoặc khi có giấy.",
    Sensor.COUNT: "Máy không cho biết số ảnh đã quét: khi dừng phải đếm khay ra.",
}
_SIMULATED_BACKENDS = frozenset({"test", "pnm", "vdev"})


def facts_of(device: str, profile: Profile, capabilities: Capabilities | None) -> ScannerFacts:
    """The facts of one device.

    Args:
        device: SANE device name.
        profile: its driver's profile.
        capabilities: the eSCL document, where the device has one.
    """
    backend = device.partition(":")[0]
    sensors = frozenset(s.sensor for s in profile.sensors)
    name = capabilities.model if capabilities is not None and capabilities.model else device
    serial = capabilities.serial if capabilities is not None else ""
    said = capabilities.simulated if capabilities is not None else False
    cannot = [text for sensor, text in _CANNOT.items() if sensor not in sensors]
    if profile.end.proof is ProofKind.COUNT:
        cannot.append("Máy không chứng minh được đã hết giấy: sau mỗi lượt phải đếm số tờ ở khay ra.")
    return ScannerFacts(
        name=name,
        identity=f"{name}#{serial}" if serial else stable_identity(device),
        driver=profile.backend,
        simulated=said or backend in _SIMULATED_BACKENDS or "virtual" in device.lower(),
        sensors=sensors,
        cannot_tell=tuple(cannot),
    )


def facts_of_escl(capabilities: Capabilities) -> ScannerFacts:
    """The facts of a scanner that is spoken to in eSCL directly."""
    sensors = frozenset({Sensor.PAPER, Sensor.COVER, Sensor.DOUBLE_FEED, Sensor.COUNT})
    return ScannerFacts(
        name=capabilities.model or "eSCL",
        identity=f"{capabilities.model}#{capabilities.serial}",
        driver="escl",
        simulated=capabilities.simulated,
        sensors=sensors,
        cannot_tell=tuple(text for sensor, text in _CANNOT.items() if sensor not in sensors),
    )


def stable_identity(device: str) -> str:
    """A device name without what changes with the socket it is plugged into (``libusb:001:004``)."""
    return f"{device.partition(':')[0]}:?" if names_a_port(device) else device


def names_a_port(device: str) -> bool:
    """Whether a device name is of the socket that it is plugged into, and changes with it."""
    return device.partition(":")[2].startswith(("libusb:", "/dev/"))
