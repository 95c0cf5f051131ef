"""Strict setting: order, clamping, vanishing options, content-changing options that a profile forgot."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanflow.scanner import errors
from scanflow.scanner.profile import Must, load_profile, load_profiles, match_profile
from scanflow.scanner.settings import SAFE_VALUES, OptionInfo, Scalar, Want, apply

from .conftest import DRIVERS

PROFILES = load_profiles(DRIVERS)


@dataclass
class Panel:
    """Options as a driver has them: ``clamp`` changes what is set, as real drivers do without a word."""

    values: dict[str, Scalar]
    constraints: dict[str, Any] = field(default_factory=dict)
    inactive: set[str] = field(default_factory=set)
    readonly: set[str] = field(default_factory=set)
    clamp: dict[str, Scalar] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def describe(self, name: str) -> OptionInfo | None:
        if name not in self.values:
            return None
        return OptionInfo(name not in self.inactive, name not in self.readonly, self.constraints.get(name))

    def get(self, name: str) -> Scalar:
        return self.values[name]

    def set(self, name: str, value: Scalar) -> None:
        self.log.append(name)
        self.values[name] = self.clamp.get(name, value)


def test_settings_are_made_in_order_and_read_back() -> None:
    panel = Panel({"source": "Flatbed", "mode": "Lineart", "br-y": 10.0})
    wants = (
        Want(("source",), ("ADF Duplex",)),
        Want(("mode",), ("Color",)),
        Want(("br-y",), (297.0,), tolerance=0.5),
    )
    assert apply(panel, wants) == {"source": "ADF Duplex", "mode": "Color", "br-y": 297.0}
    assert panel.log == ["source", "mode", "br-y"]


def test_a_clamped_value_refuses_the_feed() -> None:
    panel = Panel({"br-y": 10.0}, clamp={"br-y": 290.0})
    with pytest.raises(errors.SettingRefused, match="290"):
        apply(panel, (Want(("br-y",), (297.0,), tolerance=0.5),))


def test_a_setting_that_a_later_one_undoes_is_noticed() -> None:
    class Resetting(Panel):
        def set(self, name: str, value: Scalar) -> None:
            super().set(name, value)
            if name == "source":
                self.values["mode"] = "Lineart"

    panel = Resetting({"source": "Flatbed", "mode": "Color"})
    with pytest.raises(errors.SettingRefused, match="Lineart"):
        apply(panel, (Want(("mode",), ("Color",)), Want(("source",), ("ADF Duplex",))))


@pytest.mark.parametrize("missing", [Panel({}), Panel({"source": "x"}, inactive={"source"})])
def test_a_required_option_that_is_absent_or_inactive_refuses(missing: Panel) -> None:
    with pytest.raises(errors.SettingMissing, match="source"):
        apply(missing, (Want(("source",), ("ADF Duplex",)),))


def test_the_first_permitted_value_is_taken_and_matched_exactly() -> None:
    listed = ["Automatic Document Feeder(left aligned)", "Automatic Document Feeder(left aligned,Duplex)"]
    panel = Panel({"source": listed[0]}, {"source": listed})
    apply(panel, (Want(("source",), ("ADF Duplex", listed[1])),))
    assert panel.values["source"] == listed[1]
    with pytest.raises(errors.SettingRefused):
        apply(Panel({"source": "ADF Front"}, {"source": ["ADF Front"]}), (Want(("source",), ("ADF Duplex",)),))


def test_another_name_for_the_same_thing() -> None:
    panel = Panel({"adf_mode": "Simplex"})
    assert apply(panel, (Want(("adf-mode", "adf_mode"), ("Duplex",)),)) == {"adf_mode": "Duplex"}


@pytest.mark.parametrize("name", sorted(SAFE_VALUES))
def test_a_content_changing_option_that_the_profile_forgot_refuses(name: str) -> None:
    with pytest.raises(errors.SettingRefused, match=name):
        apply(Panel({name: "Red"}), ())
    for safe in SAFE_VALUES[name]:
        assert apply(Panel({name: safe}), ()) == {name: safe}
    assert apply(Panel({name: "Red"}, inactive={name}), ()) == {}


@given(asked=st.floats(0, 500), got=st.floats(0, 500), tolerance=st.floats(0, 5))
def test_what_is_read_back_lies_within_the_tolerance_or_the_feed_is_refused(
    asked: float, got: float, tolerance: float
) -> None:
    panel = Panel({"br-x": -1.0}, clamp={"br-x": got})
    try:
        values = apply(panel, (Want(("br-x",), (asked,), tolerance=tolerance),))
    except errors.SettingRefused:
        assert abs(asked - got) > tolerance
    else:
        assert abs(float(values["br-x"]) - asked) <= tolerance


# ---- profiles -----------------------------------------------------------------------------------------------------------


def test_the_profiles_of_the_project_keep_the_schema() -> None:
    assert {p.backend for p in PROFILES} >= {"airscan"}
    for profile in PROFILES:
        duties = {s.forces for s in profile.settings} | {a.duty for a in profile.absent}
        assert duties >= set(Must)


AIRSCAN = (DRIVERS / "airscan.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (('forces = "colour"', ""), "toàn hồ sơ"),
        (('forces = "duplex"', ""), "toàn hồ sơ"),
        (('source = "run: sane-airscan 0.99.27-1+b1 over the virtual scanner"', ""), "settings"),
        (('source = "run: ', 'source = "guess: '), "settings"),
        (("tolerance = 0.5", "tolerence = 0.5"), "settings"),
        (('proof = "escl_status"', 'proof = "trust"'), "end"),
        (("backend = ", "backend "), "tệp"),
    ],
    ids=["no colour", "no duplex", "no source", "guessed", "misspelt key", "trusting", "no toml"],
)
def test_a_profile_with_a_gap_is_refused(tmp_path: Path, change: tuple[str, str], where: str) -> None:
    assert change[0] in AIRSCAN
    path = tmp_path / "x.toml"
    path.write_text(AIRSCAN.replace(*change, 1), "utf-8")
    with pytest.raises(errors.ProfileInvalid) as caught:
        load_profile(path)
    assert str(caught.value.facts["where"]).startswith(where)


def test_a_device_without_a_profile_is_refused() -> None:
    assert match_profile("airscan:e0:Any", PROFILES).backend == "airscan"
    with pytest.raises(errors.ProfileMissing):
        match_profile("v4l:/dev/video0", PROFILES)
