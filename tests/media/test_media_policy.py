"""The parser and the policy: every hostile device its reason, every admission wholly storage, whatever the bytes."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from descriptorfuzz import TODAY, approved, campaign, entries, facts
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.usblab import shapes
from tools.usblab.hostile import HOSTILE

from scanflow.levels import Level
from scanflow.media import errors
from scanflow.media.descriptors import MalformedDescriptors, parse
from scanflow.media.identity import fingerprint, raw_hash, serial_is_generic
from scanflow.media.names import output_name, output_names, shown
from scanflow.media.policy import NEVER, Admission, judge_device, judge_level
from scanflow.media.registry import Model

REGISTER = entries(approved())


def test_the_plain_stick_is_admitted() -> None:
    verdict = judge_device(facts(shapes.PLAIN), REGISTER, TODAY, level=Level.TOI_MAT)
    assert isinstance(verdict, Admission) and verdict.device.name == "USB-LAB"


@pytest.mark.parametrize("device", HOSTILE, ids=lambda device: device.name)
def test_hostile(device) -> None:
    verdict = judge_device(facts(device.raw, device.speed, device.strings), REGISTER, TODAY)
    assert isinstance(verdict, errors.DeviceRefused) and verdict.code == device.code
    assert all(ord(char) >= 32 for char in verdict.say_vi + verdict.say_en + str(verdict))


def test_hostile_devices_are_many_and_different() -> None:
    assert len({(each.raw, tuple(each.strings.items()), each.speed) for each in HOSTILE}) == len(HOSTILE) >= 60


@pytest.mark.parametrize("triple", sorted(NEVER))
def test_no_model_can_list_what_types_or_switches(triple: int) -> None:
    raw = shapes.with_interfaces(shapes.interface(1, (triple, 1, 1), shapes.endpoint(0x83, 3, 8, 10)))
    model = Model(interfaces=frozenset({(8, 6, 0x50), (triple, 1, 1)}))
    verdict = judge_device(facts(raw), entries(approved(raw, model=model)), TODAY)
    assert isinstance(verdict, errors.ExtraInterface | errors.HubRefused)


def test_a_model_may_list_a_smart_card_beside_the_drive() -> None:
    card = shapes.interface(1, (0x0B, 0, 0), shapes.endpoint(0x83, 3, 8, 10), inside=b"\x05\x21\x00\x01\x00")
    raw = shapes.with_interfaces(card)
    model = Model(interfaces=frozenset({(8, 6, 0x50), (0x0B, 0, 0)}))
    assert isinstance(judge_device(facts(raw), entries(approved(raw, model=model)), TODAY), Admission)
    assert isinstance(judge_device(facts(raw), entries(approved(raw)), TODAY), errors.ExtraInterface)


def test_uas_stick_at_both_speeds() -> None:
    """One fingerprint, one raw hash a speed."""

    def uas(packet: int, companion: bytes) -> bytes:
        bulk = b"".join(shapes.endpoint(at, 2, packet) + companion for at in (0x81, 0x02))
        pipes = b"".join(
            shapes.endpoint(at, 2, packet) + companion + bytes((4, 0x24, usage, 0))
            for at, usage in ((0x81, 3), (0x02, 4), (0x83, 2), (0x04, 1))
        )
        parts = shapes.interface(0, (8, 6, 0x50), bulk) + shapes.interface(0, (8, 6, 0x62), pipes, alt=1)
        return shapes.device(
            shapes.configuration(parts), usb=0x0320 if companion else 0x0210, packet0=9 if companion else 64
        )

    slow, fast = uas(512, b""), uas(1024, shapes.COMPANION)
    assert fingerprint(parse(slow), facts(slow)) == fingerprint(parse(fast), facts(fast, 5000))
    device = approved(slow, raw_hashes=((480, raw_hash(slow)), (5000, raw_hash(fast))))
    for raw, speed in ((slow, 480), (fast, 5000)):
        assert isinstance(judge_device(facts(raw, speed), entries(device), TODAY), Admission)
    assert isinstance(judge_device(facts(slow, 5000), entries(device), TODAY), errors.ShapeDiffers)


@pytest.mark.parametrize("days", [-1, 0, 366, 367])
def test_validity_includes_both_ends(days: int) -> None:
    since = date(2026, 1, 1)
    device = approved(since=since, until=since + timedelta(366))
    verdict = judge_device(facts(shapes.PLAIN), entries(device), since + timedelta(days))
    assert isinstance(verdict, Admission) == (0 <= days <= 366)


def test_register_row_that_is_not_signed_revoked_or_unclassified() -> None:
    own = facts(shapes.PLAIN)
    [(key, entry)] = REGISTER.items()
    for change, kind in (
        ({"genuine": False}, errors.RegistryTampered),
        ({"revoked": True}, errors.Revoked),
        ({"device": approved(clearance=None)}, errors.Unclassified),
    ):
        verdict = judge_device(own, {key: replace(entry, **change)}, TODAY)
        assert type(verdict) is kind


def test_the_same_identity_twice_on_the_bus() -> None:
    own = facts(shapes.PLAIN)
    twin = replace(own, port="1-2")
    assert isinstance(judge_device(own, REGISTER, TODAY, neighbours=[own]), Admission)
    for one in (own, twin):
        assert isinstance(judge_device(one, REGISTER, TODAY, neighbours=[own, twin]), errors.CloneSuspected)


@given(st.sampled_from([None, *Level]), st.sampled_from(list(Level)))
def test_no_write_down(clearance: Level | None, level: Level) -> None:
    allowed = judge_level("x", clearance, level) is None
    assert allowed == (clearance is not None and level <= clearance and level is not Level.TUYET_MAT)


def test_fuzz_slice() -> None:
    found = campaign(8_000, seed=1)
    assert all(found.get(what, 0) > 100 for what in ("malformed", "refused", "admitted as enrolled")), found


@given(st.binary(max_size=120) | st.binary(max_size=60).map(lambda tail: shapes.PLAIN[:27] + tail))
def test_the_parser_says_malformed_or_reads_all(raw: bytes) -> None:
    try:
        shape = parse(raw)
    except MalformedDescriptors:
        return
    assert len(shape.configurations) == raw[17] and shape.interfaces


@pytest.mark.parametrize("cut", range(1, len(shapes.PLAIN)))
def test_every_cut_of_an_honest_set_is_malformed(cut: int) -> None:
    with pytest.raises(MalformedDescriptors):
        parse(shapes.PLAIN[:cut])


@given(st.text(max_size=80))
def test_shown_names_cannot_act(name: str) -> None:
    safe = shown(name)
    assert safe.isprintable()
    assert not set(safe) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\x1b\n\r")


@given(st.lists(st.text(min_size=4, max_size=20), min_size=2, max_size=2, unique=True))
def test_different_strings_give_different_fingerprints(words: list[str]) -> None:
    """Fields are length-prefixed: moving a letter from one string to the next changes the hash."""
    shape = parse(shapes.PLAIN)
    one = fingerprint(shape, facts(shapes.PLAIN, strings={1: words[0], 2: words[1], 3: "S"}))
    moved = {1: words[0] + words[1][0], 2: words[1][1:], 3: "S"}
    assert one != fingerprint(shape, facts(shapes.PLAIN, strings=moved))


@pytest.mark.parametrize("serial", ["", "A", "00000000", "12345678", "ABCDEFG\n", "ÀBCDEFGH", " ABCDEFG1", "x" * 127])
def test_serials_that_identify_nothing(serial: str) -> None:
    assert serial_is_generic(serial)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a b", "CON", "nul.p7m", ".x", "x.", "é", "a" * 61, "a\n", "-a"]
)
def test_output_names_that_are_refused(name: str) -> None:
    with pytest.raises(errors.NameUnfit):
        output_name(name)


def test_output_names_differ_beyond_case() -> None:
    assert output_names(["SF-1.p7m", "SF-2.p7m"])
    with pytest.raises(errors.NameUnfit):
        output_names(["SF-a.p7m", "SF-A.p7m"])
