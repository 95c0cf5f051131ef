"""Golden containers: one fault each, and the class of answer it must get."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from scanflow.sealing import load_certificate, load_private_key, open_container, open_message
from scanflow.sealing.errors import ContainerForged, ContainerMalformed, NotARecipient

FOLDER = Path(__file__).parent.parent / "vectors"
REFUSALS = {"malformed": ContainerMalformed, "forged": ContainerForged, "not-yours": NotARecipient}
LEAST = 70
"""So many vectors there are at least; a folder that was not copied must not pass."""


@dataclass(frozen=True)
class Vector:
    name: str
    head: dict[str, str]
    data: bytes

    def addressed_to(self) -> list[str]:
        """The vector's recipients it is for: all, but where the fault lies in one kind of entry."""
        if self.name.startswith("rsa-") or self.name == "openssl-rsa":
            return ["rsa"]
        return ["ec"] if self.name in ("openssl-ec", "point-off-curve") else ["ec", "rsa"]


def read(path: Path) -> Vector:
    head, _, body = path.read_text().partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Vector(path.stem, fields, bytes.fromhex("".join(body.split())))


VECTORS = [read(path) for path in sorted(FOLDER.glob("*.txt"))]


def recipient(stem: str) -> tuple[object, object]:
    certificate = load_certificate((FOLDER / f"{stem}.crt.pem").read_bytes())
    return certificate, load_private_key((FOLDER / f"{stem}.key.pem").read_bytes())


def test_the_vectors_are_here() -> None:
    assert len(VECTORS) >= LEAST
    assert {vector.head["expect"] for vector in VECTORS} == {"open", "open-foreign", *REFUSALS}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_vector(vector: Vector) -> None:
    for stem in vector.addressed_to():
        certificate, key = recipient(stem)
        expect = vector.head["expect"]
        if expect in REFUSALS:
            with pytest.raises(REFUSALS[expect]) as caught:
                open_container(vector.data, certificate, key)  # type: ignore[arg-type]
            assert caught.value.facts.get("why") == vector.head.get("why")
            continue
        if expect == "open-foreign":
            with pytest.raises(ContainerForged):
                open_container(vector.data, certificate, key)  # type: ignore[arg-type]
        opened = (open_message if expect == "open-foreign" else open_container)(vector.data, certificate, key)  # type: ignore[arg-type]
        assert hashlib.sha256(opened).hexdigest() == vector.head["sha256"]


@pytest.mark.parametrize("name", ["good-ec-rsa", "good-oaep-sha1"])
@pytest.mark.parametrize("stem", ["ec", "rsa"])
def test_openssl_opens_the_good_ones(name: str, stem: str, tmp_path: Path) -> None:
    vector = read(FOLDER / f"{name}.txt")
    done = subprocess.run(
        [
            "openssl",
            "cms",
            "-decrypt",
            "-binary",
            "-inform",
            "DER",
            "-recip",
            FOLDER / f"{stem}.crt.pem",
            "-inkey",
            FOLDER / f"{stem}.key.pem",
        ],
        input=vector.data,
        capture_output=True,
    )
    assert done.returncode == 0
    assert hashlib.sha256(done.stdout).hexdigest() == vector.head["sha256"]
