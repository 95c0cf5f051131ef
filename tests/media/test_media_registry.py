"""The register: rows bear the station's signature, tokens are promised before they are put, nothing is left out."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from descriptorfuzz import approved
from hypothesis import given
from hypothesis import strategies as st
from mediakit import Key

from scanflow.levels import Level
from scanflow.media import errors
from scanflow.media.enrolment import slot_bytes
from scanflow.media.registry import ApprovedDevice, Lun, Model, Registry
from scanflow.media.signed import NotSigned, unwrap, wrap


def put(registry: Registry, key: Key, device: ApprovedDevice) -> bytes:
    return registry.add(device, key.sign(device.statement()))


def test_row_comes_back_as_it_was(registry: Registry, key: Key) -> None:
    model = Model(frozenset({(8, 6, 80), (11, 0, 0)}), (Lun(0, "cdrom", False), Lun(1, "disk", True)), unlocks=True)
    device = approved(model=model, clearance=None)
    put(registry, key, device)
    [entry] = registry.entries().values()
    assert entry.device == device and entry.genuine and not entry.revoked
    assert device.model.data_lun == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"clearance": Level.TOI_MAT},
        {"until": date(2099, 1, 1)},
        {"fingerprint": "0" * 64},
        {"model": Model(interfaces=frozenset({(8, 6, 80), (3, 1, 1)}))},
    ],
)
def test_edited_row_is_seen(registry: Registry, key: Key, tmp_path: Path, forged: dict) -> None:
    device = approved(clearance=Level.MAT)
    put(registry, key, device)
    with sqlite3.connect(tmp_path / "registry.db") as db:
        db.execute("UPDATE device SET statement = ?", (replace(device, **forged).statement(),))
    [entry] = registry.entries().values()
    assert not entry.genuine


@pytest.mark.parametrize("junk", [b"", b"{}", b"[]", b"\xff", b'{"device":"x"}', b"null"])
def test_unreadable_row_is_given_as_not_genuine(registry: Registry, key: Key, tmp_path: Path, junk: bytes) -> None:
    device = approved()
    put(registry, key, device)
    with sqlite3.connect(tmp_path / "registry.db") as db:
        db.execute("UPDATE device SET statement = ?", (junk,))
    assert registry.entries()[device.device_id].genuine is False


def test_row_moved_to_another_identity_is_seen(registry: Registry, key: Key, tmp_path: Path) -> None:
    put(registry, key, approved())
    with sqlite3.connect(tmp_path / "registry.db") as db:
        db.execute("UPDATE device SET id = '0951:1666:OTHER'")
    assert registry.entries()["0951:1666:OTHER"].genuine is False


def test_a_statement_that_the_station_did_not_sign_is_not_entered(registry: Registry) -> None:
    with pytest.raises(ValueError, match="not signed"):
        registry.add(approved(), b"\0" * 64)
    assert registry.entries() == {}


def test_enrolled_twice_and_again_after_revoking(registry: Registry, key: Key) -> None:
    device = approved()
    first = put(registry, key, device)
    with pytest.raises(errors.AlreadyEnrolled):
        put(registry, key, device)
    registry.revoke(device.device_id)
    assert registry.entries()[device.device_id].revoked
    assert put(registry, key, device) != first
    assert not registry.entries()[device.device_id].revoked


def test_token_is_on_the_disk_before_it_is_settled(registry: Registry, key: Key, tmp_path: Path) -> None:
    device = approved()
    first = put(registry, key, device)
    second = registry.promise_token(device.device_id)
    again = Registry(tmp_path / "registry.db", key.verify).tokens(device.device_id)
    assert (again.current, again.pending) == (first, second)
    registry.settle_token(device.device_id)
    assert registry.tokens(device.device_id).current == second
    registry.settle_token(device.device_id)  # nothing pending: nothing changes
    assert registry.tokens(device.device_id).current == second


@pytest.mark.parametrize("act", [Registry.tokens, Registry.revoke, Registry.promise_token])
def test_unknown_device(registry: Registry, act) -> None:
    with pytest.raises(errors.NotEnrolled):
        act(registry, "0:0:none")


def test_slot_is_one_sector() -> None:
    assert len(slot_bytes(10**9, b"\xff" * 32)) == 512


@given(st.binary(max_size=300))
def test_no_bytes_but_ours_unwrap(raw: bytes) -> None:
    with pytest.raises(NotSigned):
        unwrap("kind", raw, Key().verify)


@given(st.data())
def test_every_change_of_a_signed_text_is_seen(data) -> None:
    key = Key()
    raw = wrap("kind", {"a": 1, "b": "ă"}, key.sign)
    assert unwrap("kind", raw, key.verify)[1] == {"a": 1, "b": "ă", "what": "kind"}
    at = data.draw(st.integers(0, len(raw) - 1))
    how = data.draw(st.sampled_from(["flip", "cut", "drop", "double"]))
    bent = {
        "flip": raw[:at] + bytes((raw[at] ^ 1 << data.draw(st.integers(0, 7)),)) + raw[at + 1 :],
        "cut": raw[:at],
        "drop": raw[:at] + raw[at + 1 :],
        "double": raw[:at] + raw[at : at + 1] + raw[at:],
    }[how]
    if bent == raw:
        return
    try:
        statement, _ = unwrap("kind", bent, key.verify)
    except NotSigned:
        return
    assert statement == raw.split(b"\n")[0], "only the base64 spelling may differ"


def test_another_kind_does_not_pass(key: Key) -> None:
    with pytest.raises(NotSigned):
        unwrap("receipt", wrap("enrolment", {}, key.sign), key.verify)
