"""The real program against a real Debian kernel with USB, in QEMU: one boot, judged from outside the guest.

``make usb-lab`` runs this file alone. Where QEMU or the kernel package cannot be had it fails and says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.usblab import judges, outside, rig, tornjudge, vm
from tools.usblab.cases import CASES, KINDS, YANKS
from tools.usblab.hostile import HOSTILE
from tools.usblab.torn import LOADS

SECONDS = 1800
"""The machine needs some 100 s of CPU; the rest is patience with a busy host."""


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory):
    """Boot once, run every case; answers (folder, result by case)."""
    folder = tmp_path_factory.mktemp("lab")
    vm.run(["-m", "tools.usblab.guest"], folder, seconds=SECONDS)
    lines = (folder / "results.jsonl").read_text().splitlines()
    results = {line["case"]: line for line in map(json.loads, lines)}
    print((folder / "output.txt").read_text(), "CPU seconds of the machine:", (folder / "cpu.txt").read_text())
    return folder, results


def facts(lab, name: str) -> dict:
    _, results = lab
    assert name in results, "the case did not run"
    assert "error" not in results[name], results[name].get("error")
    return results[name]["facts"]


@pytest.mark.parametrize("name", CASES)
def test_case(lab, name: str) -> None:
    """The promise of the case held inside the guest (its own assertions), and its reason is a code of ours."""
    found = facts(lab, name)
    for code in [found.get("code", "MED-"), *_codes(found.get("codes", []))]:
        assert code.startswith("MED-")


def _codes(codes) -> list[str]:
    return list(codes.values()) if isinstance(codes, dict) else codes


def test_every_hostile_device_was_refused(lab) -> None:
    found = facts(lab, "hostile_devices")
    assert found["refused"] == {each.name: each.code for each in HOSTILE}
    assert found["admitted"] == 0 and len(found["refused"]) >= 60


IMAGES = [
    "delivered_on_fat32",
    "delivered_on_exfat",
    "delivered_on_ext4",
    "one_partition",
    "gadget_with_hidden_keyboard",
    "stick_without_flush_command",
    "second_copy_on_a_second_stick",
    "repaired_on_fat32",
    "repaired_on_exfat",
    "repaired_on_ext4",
    "torn_while_the_directory_is_made_on_fat32",
    "second_drive_of_an_encrypting_model",
]


@pytest.mark.parametrize("name", IMAGES)
def test_delivery_judged_from_outside(lab, name: str) -> None:
    """Clean for the file system's own checker, and whole for a reader that is not ours."""
    found = facts(lab, name)
    image = lab[0] / "images" / found["image"]
    checked = judges.fsck(image, found["kind"])
    assert checked.status == 0, checked.text
    files = judges.read_job(image, found["kind"], found["job"])
    assert judges.whole(files, found["job"])
    assert not any(each.endswith(".part") for each in files)
    for each, digest in found.get("digests", {}).items():
        assert each in files and digest


@pytest.mark.parametrize("kind", KINDS)
def test_all_was_flushed_out_of_the_stick(lab, kind: str) -> None:
    """The stick was told to empty its own cache; what came after is the clean unmount's flags and no more."""
    found = facts(lab, {"vfat": "delivered_on_fat32", "exfat": "delivered_on_exfat", "ext4": "delivered_on_ext4"}[kind])
    assert found["bytes_after_last_flush"] <= 8192


YANKED = {"vfat": "yanked_on_fat32", "exfat": "yanked_on_exfat", "ext4": "yanked_on_ext4"}


@pytest.mark.parametrize("kind", KINDS)
def test_yanked_judged_from_outside(lab, kind: str) -> None:
    """Nothing acknowledged is missing, nothing else passes for whole, and every answer is one of the program's."""
    facts(lab, YANKED[kind])
    tally = tornjudge.judge(lab[0] / "images", kind)
    assert tally.yanks == YANKS and tally.holds, tally
    assert tally.said["MED-VANISHED"] >= 3


@pytest.mark.parametrize("kind", KINDS)
def test_the_judge_of_yanks_notices_a_loss(lab, kind: str) -> None:
    """Had the program said "delivered" at each of these yanks, or sealed other bytes, the judge would tell."""
    facts(lab, YANKED[kind])
    images = lab[0] / "images"
    assert tornjudge.judge(images, kind, lambda note: {**note, "said": "delivered"}).lost
    whole = tornjudge.judge(images, kind).whole_before_said
    other = tornjudge.judge(images, kind, lambda note: {**note, "load": (note["load"] + 1) % len(LOADS)})
    assert bool(other.false_whole) == bool(whole)


@pytest.mark.parametrize("kind", KINDS)
def test_recorded_delivery_cut_off_at_every_sector(lab, kind: str) -> None:
    """What the stick received, cut off after every sector, and in part between two flushes: nothing is lost.

    (ext4 needs a mount for each state: there every 8th sector; all of them in the campaign.)
    """
    facts(lab, {"vfat": "delivered_on_fat32", "exfat": "delivered_on_exfat", "ext4": "delivered_on_ext4"}[kind])
    found = outside.judge(lab[0] / "images", kind, subsets=60, every=8 if kind == "ext4" else 1)
    assert found["points"] >= (20 if kind == "ext4" else 150)
    assert found["lost"] == 0 and found["false_whole"] == 0, found
    lied = outside.judge(lab[0] / "images", kind, subsets=0, every=1 << 30, bent=outside.without_largest)
    assert lied["lost"] == 1, "the judge does not notice a stick that lies about a flush"
    print(found)


def test_receipt_opens_with_openssl_alone(lab, tmp_path: Path) -> None:
    """Two lines of text: `openssl pkeyutl -verify` needs nothing of ours."""
    import base64

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    found = facts(lab, "delivered_on_exfat")
    files = judges.read_job(lab[0] / "images" / found["image"], "exfat", found["job"])
    statement, signature, _ = files[f"{found['job']}.receipt"].split(b"\n")
    (tmp_path / "statement").write_bytes(statement)
    (tmp_path / "signature").write_bytes(base64.b64decode(signature))
    key = rig._KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(key)
    done = subprocess.run(
        [
            "openssl",
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            "key.pem",
            "-rawin",
            "-in",
            "statement",
            "-sigfile",
            "signature",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_kernel_was_quiet(lab) -> None:
    """No oops, no warning of the kernel while all this was plugged and torn out."""
    text = (lab[0] / "dmesg.txt").read_text(errors="replace")
    assert not [line for line in text.splitlines() if "BUG:" in line or "Oops" in line or "WARNING: CPU" in line]
