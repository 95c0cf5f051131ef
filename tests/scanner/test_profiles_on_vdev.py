"""Every driver profile against a device that behaves like its driver: the C test backend under the real SANE.

Options that stand wrong, clamp silently, appear and vanish; stale sensors; a button; the Stop button that says "out of
documents"; a jam in mid-page; blanks swallowed in the driver; a hang; a segfault.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanflow.scanner import CountsItself, errors
from scanflow.scanner.feeder import Sensor
from scanflow.scanner.finding import find_scanners
from scanflow.scanner.paper_start import Cue, PaperStart, wait_for_cue
from scanflow.scanner.profile import Profile, load_profiles
from scanflow.scanner.proof import ProofKind, counter_moved
from scanflow.scanner.sane_child import list_devices
from scanflow.scanner.sane_feeder import SaneFeeder

from .conftest import DRIVERS, read_number, until
from .panel import Panel, build, panel_of
from .test_sane_stack import collect, whole

PROFILES = {p.backend: p for p in load_profiles(DRIVERS)}
LOCAL = [p for p in PROFILES.values() if p.end.proof is not ProofKind.ESCL_STATUS]
DPI = 150  # small pictures; the numbers on the paper are drawn at 300 dpi and read where they are


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("vdev"))


class Device:
    """A vdev in a folder of its own, and the hands that put paper into it."""

    def __init__(self, folder: Path, panel: Panel, library: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "dll.conf").write_text("vdev\n")
        (folder / "options").write_text(panel.text())
        (folder / "output").write_text("")
        self.env = {"LD_LIBRARY_PATH": str(library), "VDEV_DIR": str(folder)}

    def load(self, *sheets: str | int) -> None:
        (self.folder / "deck").write_text("".join(f"{s}\n" for s in sheets))

    def output(self) -> list[int]:
        return [int(n) for n in (self.folder / "output").read_text().split()]

    def restack(self, keep: int) -> None:
        out = self.output()
        deck = (self.folder / "deck").read_text()
        (self.folder / "deck").write_text("".join(f"{n}\n" for n in out[keep:]) + deck)
        (self.folder / "output").write_text("".join(f"{n}\n" for n in out[:keep]))

    @contextlib.contextmanager
    def feeder(self, profile: Profile, *, patience: float = 60.0, dpi: int = 300) -> Iterator[SaneFeeder]:
        with SaneFeeder("vdev:0", profile, self.folder, patience=patience, env=self.env, dpi=dpi) as feeder:
            yield feeder


@pytest.fixture
def fujitsu(tmp_path: Path, library: Path) -> Device:
    return Device(tmp_path / "d", panel_of(PROFILES["fujitsu"]), library)


@pytest.mark.parametrize("profile", LOCAL, ids=lambda p: p.backend)
def test_each_profile_sets_its_device_and_feeds_it(tmp_path: Path, library: Path, profile: Profile) -> None:
    device = Device(tmp_path / "d", panel_of(profile), library)
    device.load(1, 2)
    with device.feeder(profile) as feeder:
        feeder.expected_sheets = 2
        got, fault = collect(feeder)
        assert fault is None and got == whole(1, 2)
        read = feeder.settings_read_back
        for want in profile.wants(duplex=True, dpi=300):
            name = next(n for n in want.names if n in read)
            assert read[name] in want.values
        assert feeder.facts.simulated


@pytest.mark.parametrize("profile", [p for p in LOCAL if p.end.proof is ProofKind.COUNT], ids=lambda p: p.backend)
def test_a_driver_without_sensors_ends_only_against_a_count(tmp_path: Path, library: Path, profile: Profile) -> None:
    device = Device(tmp_path / "d", panel_of(profile), library)
    device.load(1)
    with device.feeder(profile, dpi=75) as feeder:
        with pytest.raises(errors.EndNotProved):
            list(feeder.sides())
        device.restack(0)
        feeder.expected_sheets = 2
        with pytest.raises(errors.SheetsDiffer):
            list(feeder.sides())
        assert feeder.paper_present() is None
        assert any("đếm số tờ ở khay ra" in text for text in feeder.facts.cannot_tell)
        device.restack(0)
        feeder.expected_sheets = None
        asked: list[int] = []
        feeder.count_tray = lambda sheets: asked.append(sheets) is not None
        with pytest.raises(errors.EndNotProved) as caught:
            list(feeder.sides(first_sheet=4))
        assert (asked, caught.value.last_good) == ([1], 3), "a tray that does not agree voids the feed"
        device.restack(0)
        feeder.count_tray = lambda sheets: sheets == 1
        assert [page.sheet for page in feeder.sides(first_sheet=4)] == [4, 4]


def test_a_silently_clamped_value_refuses_the_feed(tmp_path: Path, library: Path) -> None:
    panel = panel_of(PROFILES["fujitsu"])
    panel.rows["page-height"]["clamp"] = "290"
    device = Device(tmp_path / "d", panel, library)
    device.load(1)
    with device.feeder(PROFILES["fujitsu"]) as feeder, pytest.raises(errors.SettingRefused, match="290"):
        next(feeder.sides())
    assert device.output() == []


@pytest.mark.parametrize("name", ["source", "mode", "resolution"])
def test_a_missing_duty_refuses_the_feed(tmp_path: Path, library: Path, name: str) -> None:
    panel = panel_of(PROFILES["canon_dr"])
    del panel.rows[name]
    device = Device(tmp_path / "d", panel, library)
    device.load(1)
    with device.feeder(PROFILES["canon_dr"]) as feeder, pytest.raises(errors.SettingMissing, match=name):
        next(feeder.sides())
    assert device.output() == []


def test_an_option_that_another_one_resets_is_noticed(tmp_path: Path, library: Path) -> None:
    panel = panel_of(PROFILES["canon_dr"])
    panel.rows["br-y"]["resets"] = "mode=Lineart"
    device = Device(tmp_path / "d", panel, library)
    device.load(1)
    with device.feeder(PROFILES["canon_dr"]) as feeder, pytest.raises(errors.SettingRefused, match="Lineart"):
        next(feeder.sides())
    assert device.output() == []


def test_a_blank_skipper_that_the_profile_does_not_know_is_refused(tmp_path: Path, library: Path) -> None:
    panel = panel_of(PROFILES["kodak"])
    panel.add("swskip", type="fixed", value="5")
    device = Device(tmp_path / "d", panel, library)
    device.load("1 blankback")
    with device.feeder(PROFILES["kodak"]) as feeder, pytest.raises(errors.SettingRefused, match="swskip"):
        next(feeder.sides())


def test_blank_skipping_is_switched_off(fujitsu: Device) -> None:
    fujitsu.load("1 blankback", 2)
    with fujitsu.feeder(PROFILES["fujitsu"]) as feeder:
        assert collect(feeder) == (whole(1, 2), None)
        assert feeder.settings_read_back["swskip"] == 0


def test_an_old_hp_says_duplex_by_an_option_and_a_new_one_by_its_source(tmp_path: Path, library: Path) -> None:
    profile = PROFILES["hpaio"]
    old, new, neither = panel_of(profile), panel_of(profile), panel_of(profile)
    old.rows["source"]["list"] = "Flatbed|ADF"
    del new.rows["duplex"]
    neither.rows["source"]["list"] = "Flatbed|ADF"
    del neither.rows["duplex"]
    for name, panel in (("old", old), ("new", new)):
        device = Device(tmp_path / name, panel, library)
        device.load(1)
        with device.feeder(profile) as feeder:
            feeder.expected_sheets = 1
            assert collect(feeder) == (whole(1), None)
    device = Device(tmp_path / "neither", neither, library)
    device.load(1)
    with device.feeder(profile) as feeder, pytest.raises(errors.SettingMissing, match="duplex"):
        next(feeder.sides())


FAULTS = [
    ("jam", errors.FeederJammed),
    ("jammid", errors.FeederJammed),
    ("double", errors.DoubleFeed),  # JAMMED for SANE; the flag tells
    ("cover", errors.CoverOpen),  # JAMMED for SANE; the flag tells
    ("stop", errors.EndNotProved),  # NO_DOCS with paper left
    ("nodocsmid", errors.TornImage),  # NO_DOCS in mid-page
    ("short", errors.ShortImage),  # fewer lines, no error from SANE
    ("io", errors.ScannerIOError),
    ("cancel", errors.FeedCancelled),
    ("grey", errors.WrongFormat),
    ("nolines", errors.WrongFormat),
    ("dropback", errors.ParityBroken),  # noticed at once, since the driver names the side
    ("unplug", errors.ScannerGone),
    ("crash", errors.DriverCrashed),
    ("hang", errors.ScannerHung),
]


@pytest.mark.parametrize(("fault", "cause"), FAULTS, ids=[f for f, _ in FAULTS])
def test_each_fault_keeps_the_good_sheets_and_the_rest_follows_once(
    fujitsu: Device, fault: str, cause: type[errors.FeedFault]
) -> None:
    fujitsu.load(1, f"2 {fault}", 3)
    with fujitsu.feeder(PROFILES["fujitsu"]) as feeder:
        sides = feeder.sides()
        assert [read_number(next(sides).pixels) for _ in range(2)] == [2, 3]
        if fault == "hang" and feeder._child is not None:
            assert until(lambda: fujitsu.output() == [1, 2])
            feeder._child.patience = 0.5  # only now, when the driver hangs
        with pytest.raises(cause) as caught:
            next(sides)
        error: errors.ScannerError | None = caught.value
        assert type(error) is cause and error.last_good == 1
        for name in ("cover", "double", "unplugged"):
            (fujitsu.folder / name).unlink(missing_ok=True)
        fujitsu.restack(error.last_good)
        again, error = collect(feeder, first_sheet=2)
        assert error is None and again == whole(2, 3)


def test_a_busy_device_is_asked_again_and_an_absent_one_is_named(fujitsu: Device) -> None:
    fujitsu.load("1 busy")
    with fujitsu.feeder(PROFILES["fujitsu"]) as feeder:
        assert collect(feeder) == (whole(1), None)
        assert type(collect(feeder)[1]) is errors.FeederEmpty
    (fujitsu.folder / "denied").touch()
    with fujitsu.feeder(PROFILES["fujitsu"]) as feeder, pytest.raises(errors.ScannerDenied):
        next(feeder.sides())
    (fujitsu.folder / "unplugged").touch()
    with fujitsu.feeder(PROFILES["fujitsu"]) as feeder, pytest.raises(errors.NoScanner):
        next(feeder.sides())
    assert list_devices(fujitsu.folder, env=fujitsu.env) == []
    (fujitsu.folder / "unplugged").unlink()
    assert [d[0] for d in list_devices(fujitsu.folder, env=fujitsu.env)] == ["vdev:0"]


def test_a_scanner_that_comes_back_on_another_port_is_found_again(fujitsu: Device) -> None:
    """Pulled out in the middle of a stack, plugged in elsewhere: the next feed finds it by what it is."""
    (fujitsu.folder / "name").write_text("libusb:001:004")
    fujitsu.load(1, "2 unplug", 3)
    [found] = find_scanners(fujitsu.folder, env=fujitsu.env)
    assert found.device == "vdev:libusb:001:004" and "libusb" not in found.identity
    profile = PROFILES["fujitsu"]
    with SaneFeeder("", profile, fujitsu.folder, env=fujitsu.env, identity=found.identity) as feeder:
        got, fault = collect(feeder)
        assert (got, type(fault)) == (whole(1), errors.ScannerGone)
        with pytest.raises(errors.NoScanner):
            feeder.paper_present()
        (fujitsu.folder / "name").write_text("libusb:003:011")
        (fujitsu.folder / "unplugged").unlink()
        fujitsu.restack(1)
        assert feeder.paper_present() is True
        assert collect(feeder, first_sheet=2) == (whole(2, 3), None)
        assert "libusb" not in feeder.facts.identity
    with (
        SaneFeeder(found.device, profile, fujitsu.folder, env=fujitsu.env) as feeder,
        pytest.raises(errors.DeviceIsPort, match="identity"),
    ):
        next(feeder.sides())


def test_a_fault_before_the_first_sheet_names_the_sheet_to_go_on_with(fujitsu: Device) -> None:
    fujitsu.load(7)
    (fujitsu.folder / "denied").touch()
    with fujitsu.feeder(PROFILES["fujitsu"]) as feeder, pytest.raises(errors.ScannerDenied) as caught:
        next(feeder.sides(first_sheet=7))
    assert (caught.value.last_good, caught.value.resume_at) == (6, 7)


def test_sensors_that_answer_stale_are_read_twice(fujitsu: Device) -> None:
    fujitsu.load()
    with fujitsu.feeder(PROFILES["fujitsu"]) as feeder:
        assert feeder.paper_present() is False
        fujitsu.load(1)
        assert feeder.paper_present() is True
        fujitsu.load()
        assert feeder.paper_present() is False
        assert feeder.sense(Sensor.BUTTON) is False
        (fujitsu.folder / "button").touch()
        assert feeder.sense(Sensor.BUTTON) is True
        assert feeder.sense(Sensor.COUNT) is None


@pytest.fixture
def canon(tmp_path: Path, library: Path) -> Device:
    device = Device(tmp_path / "d", panel_of(PROFILES["canon_dr"]), library)
    (device.folder / "odometer").write_text("183205\n")  # it was used before
    return device


def test_the_scanners_own_counter_is_read_around_each_feed(canon: Device) -> None:
    canon.load(1, 2, 3)
    with canon.feeder(PROFILES["canon_dr"], dpi=DPI) as feeder:
        assert isinstance(feeder, CountsItself) and feeder.own_count is None
        assert len(list(feeder.sides())) == 6
        assert feeder.own_count == 3
        canon.load(4)
        assert len(list(feeder.sides(first_sheet=4))) == 2
        assert feeder.own_count == 1, "of this feed alone"


def test_a_sheet_that_the_driver_swallows_is_in_the_scanners_counter(canon: Device) -> None:
    canon.load(1, "2 swallow", 3)
    with canon.feeder(PROFILES["canon_dr"]) as feeder:
        got, fault = collect(feeder)
        assert ([number for _, _, number in got], fault) == ([2, 3, 6, 7], None), "nothing else tells of it"
        assert (feeder.own_count, canon.output()) == (3, [1, 2, 3])


def test_a_counter_after_a_fault_says_nothing_of_the_feed_before(canon: Device) -> None:
    canon.load(1, "2 jam", 3)
    with canon.feeder(PROFILES["canon_dr"]) as feeder:
        assert type(collect(feeder)[1]) is errors.FeederJammed
        assert feeder.own_count is None
        canon.restack(1)
        assert collect(feeder, first_sheet=2) == (whole(2, 3), None)
        assert feeder.own_count == 2


def test_a_model_without_the_counter_counts_nothing(tmp_path: Path, library: Path) -> None:
    panel = panel_of(PROFILES["canon_dr"])
    del panel.rows["total-counter"]
    device = Device(tmp_path / "d", panel, library)
    device.load(1)
    with device.feeder(PROFILES["canon_dr"], dpi=DPI) as feeder:
        assert len(list(feeder.sides())) == 2
        assert feeder.own_count is None


@pytest.mark.parametrize(
    ("before", "after", "sheets"),
    [(7, 9, 2), (7, 7, 0), (9, 7, None), (None, 7, None), (7, None, None), (7, "8", None)],
)
def test_a_counter_that_cannot_be_believed_says_nothing(before: object, after: object, sheets: int | None) -> None:
    assert counter_moved(before, after) == sheets


def test_the_scanners_button_starts_an_armed_station_and_an_old_press_does_not(fujitsu: Device) -> None:
    fujitsu.load(1)
    start = PaperStart()
    looks = [0]

    def pause(seconds: float) -> None:
        looks[0] += 1
        if looks[0] == 3:
            (fujitsu.folder / "button").touch()

    with fujitsu.feeder(PROFILES["fujitsu"]) as feeder:
        start.arm()
        # The paper lay there before, so it starts nothing; the button does.
        cue = wait_for_cue(feeder, start, go_on=lambda: looks[0] < 50, clock=lambda: float(looks[0]), pause=pause)
        assert cue is Cue.START_BUTTON and looks[0] >= 3
        start.fed()
        start.arm()
        assert start.reading(99.0, paper=True, button=feeder.button_pressed()) is Cue.WAIT, "the press of before"
        assert start.reading(100.0, paper=True, button=feeder.button_pressed()) is Cue.START_BUTTON


def test_a_stop_without_a_device_count_asks_for_the_output_to_be_counted(fujitsu: Device) -> None:
    fujitsu.load(1, 2, 3, 4, 5, 6)
    with fujitsu.feeder(PROFILES["fujitsu"]) as feeder:
        for page in feeder.sides():
            if page.sheet == 2:
                report = feeder.stop()
                break
        assert (report.last_delivered, report.passed, report.resume_at) == (2, None, 3)
        assert 0 <= report.at_least <= len(fujitsu.output()) - 2
        assert len(fujitsu.output()) < 6 and "đếm khay ra" in report.vi
        fujitsu.restack(2)
        assert collect(feeder, first_sheet=3) == (whole(3, 4, 5, 6), None)


@pytest.mark.parametrize("profile", LOCAL, ids=lambda p: p.backend)
def test_every_name_in_a_profile_stands_in_the_installed_driver(profile: Profile) -> None:
    """Names and values are those of the driver that Debian ships, not of a document about it."""
    outside = {"hpaio", "brother"}  # not part of libsane1; their names come from listings
    if profile.backend in outside:
        assert all(s.source.startswith("listing") for s in profile.settings)
        return
    found = [p / f"libsane-{profile.backend}.so.1" for p in Path("/usr/lib").glob("*/sane")]
    library = next((p for p in found if p.exists()), None)
    assert library is not None, "apt-get install libsane1"
    code = library.read_bytes()
    names = [s.option for s in profile.settings] + [s.option for s in profile.sensors if s.option]
    values = [v for s in profile.settings for v in s.values if isinstance(v, str) and not v.startswith("$")]
    assert [n for n in (*names, *values) if n.encode() + b"\0" not in code] == []
