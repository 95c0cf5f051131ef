"""The demo stack: its list and its files agree, its pictures are what a scanner delivers, its generator repeats itself."""

from __future__ import annotations

import re
import struct
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tools.fixtures.draw import draw_sheet
from tools.fixtures.ink import FACES, face_mask
from tools.fixtures.listing import stack_toml
from tools.fixtures.papers import stack
from tools.fixtures.raster import DPI

from scanflow.levels import Level

SCANS = Path(__file__).resolve().parents[2] / "fixtures" / "scans"
STACK: dict[str, Any] = tomllib.loads((SCANS / "stack.toml").read_text(encoding="utf-8"))
DOCUMENTS: list[dict[str, Any]] = STACK["document"]
ODD: list[dict[str, Any]] = tomllib.loads((SCANS / "odd" / "odd.toml").read_text(encoding="utf-8"))["image"]
SIDES = [(d, s, s[face]) for d in DOCUMENTS for s in d["sheet"] for face in ("recto", "verso")]


def jpeg_facts(data: bytes) -> tuple[int, int, int, int, int]:
    """(width, height, components, x density, y density) read from the markers themselves."""
    assert data[:3] == b"\xff\xd8\xff" and data[6:11] == b"JFIF\x00" and data[13] == 1
    xd, yd = struct.unpack(">HH", data[14:18])
    at = 2
    while data[at + 1] not in (0xC0, 0xC2):
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    height, width, parts = struct.unpack(">HHB", data[at + 5 : at + 10])
    return width, height, parts, xd, yd


def test_every_file_is_listed_once_and_every_listed_file_is_there() -> None:
    listed = [side["file"] for _, _, side in SIDES]
    assert len(listed) == len(set(listed)) == 40
    assert listed == sorted(listed) == sorted(p.name for p in SCANS.glob("*.jpg")), "name order is feeding order"
    assert sorted(i["file"] for i in ODD) == sorted(p.name for p in (SCANS / "odd").glob("*.jpg"))


def test_sides_are_a4_colour_at_300_dpi_of_moderate_size() -> None:
    total = 0
    for _, _, side in SIDES:
        data = (SCANS / side["file"]).read_bytes()
        assert jpeg_facts(data) == (2480, 3508, 3, 300, 300), side["file"]
        assert 100_000 < len(data) <= 700 * 1024, side["file"]
        total += len(data)
    assert total <= 25e6
    for image in ODD:
        width, height, parts, xd, yd = jpeg_facts((SCANS / "odd" / image["file"]).read_bytes())
        assert {width, height} == {2480, 3508} and (parts, xd, yd) == (3, 300, 300)
        assert (width > height) == (image["turn"] in (90, 270))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d["key"])
def test_declared_row_is_well_formed_and_expectation_follows_from_the_sides(document: dict[str, Any]) -> None:
    row, expected, sheets = document["declared"], document["expected"], document["sheet"]
    assert row["sheets"] <= row["pages"] <= 2 * row["sheets"]
    assert isinstance(row["issued"], date) and row["issued"] < date(2026, 11, 1)
    assert Level[row["level"]] < Level.TUYET_MAT, "a declared TUYỆT MẬT would be refused before the feeder"
    assert (sheets[0]["number"], sheets[-1]["number"]) == (row["first_sheet"], row["last_sheet"])
    sides = [s[face] for s in sheets for face in ("recto", "verso")]
    content = sum(s["label"] == "content" for s in sides)
    assert expected["sheets"] == len(sheets) and expected["pages"] == content
    assert expected["blank_sides"] == len(sides) - content
    routed = any(s["decision"] == "route_out" for s in sides)
    differs = (row["sheets"], row["pages"]) != (len(sheets), content)
    assert expected["outcome"] == ("routed_out" if routed else "count_differs" if differs else "sealed")
    assert routed == any(Level[s["level"]] is Level.TUYET_MAT for s in sides)
    if expected["outcome"] == "sealed":
        assert max(Level[s["level"]] for s in sides) == Level[row["level"]]
    if routed:
        at = sheets[expected["at_sheet"] - 1]
        assert "TUYET_MAT" in at["recto"]["marks"] + at["verso"]["marks"]


def test_the_stack_holds_every_case_the_demo_promises() -> None:
    by_key = {d["key"]: d for d in DOCUMENTS}
    assert [d["expected"]["outcome"] for d in DOCUMENTS].count("sealed") == 7
    assert by_key["lon-nguoc"]["sheet"][0]["recto"]["turn"] == 180
    assert by_key["tuyet-mat-giua"]["expected"]["at_sheet"] == 3 < len(by_key["tuyet-mat-giua"]["sheet"])
    assert by_key["thieu-to"]["declared"]["sheets"] - len(by_key["thieu-to"]["sheet"]) == 1
    assert all(s["verso"]["label"] == "blank" for s in by_key["toi-mat"]["sheet"])
    assert set(by_key["giai-mat"]["sheet"][0]["recto"]["marks"]) == {"MAT", "GIAI_MAT"}
    seen = {m for s in by_key["de-nham"]["sheet"] for f in ("recto", "verso") for m in s[f]["marks"]}
    assert seen == {"KHAN", "HOA_TOC", "DEN"}
    assert [d["declared"]["ordinal"] for d in DOCUMENTS] == list(range(1, 10))
    rows = [(d["declared"]["dossier"], d["declared"]["document"]) for d in DOCUMENTS]
    assert len(rows) == len(set(rows))
    for (dossier, ordinal), (next_dossier, next_ordinal) in pairwise(rows):
        assert next_ordinal == (ordinal + 1 if dossier == next_dossier else 1)


def test_photocopied_stamp_has_no_red_and_the_others_have() -> None:
    def red_share(name: str) -> float:
        head = cv2.imread(str(SCANS / name))[780:960, 380:760].astype(int)
        return float(((head[..., 2] - head[..., 1]) > 60).mean())

    assert red_share("03-mat-photo-1r.jpg") == 0
    assert red_share("02-mat-1r.jpg") > 0.02


@pytest.mark.parametrize(
    ("face", "size"),
    [("TUYET_MAT", (40, 8)), ("TOI_MAT", (30, 8)), ("MAT", (20, 8)), ("GIAI_MAT", (30, 13)), ("HOA_TOC", (30, 8)),
     ("KHAN", (20, 8))],
)  # fmt: skip
def test_stamps_have_the_norms_millimetres_and_borders(face: str, size: tuple[float, float]) -> None:
    mask, width, height = face_mask(face)
    assert (width, height) == size
    dark = mask < 128
    px = 2 * DPI / 25.4
    ys, xs = np.nonzero(dark)
    assert abs((np.ptp(xs) + 1) / px - size[0]) < 0.15 and abs((np.ptp(ys) + 1) / px - size[1]) < 0.15
    # Cross the left border a quarter of the way down, where no letter stands.
    line = dark[ys.min() + round(1.6 * px), xs.min() : xs.min() + round(2.2 * px)].astype(int)
    crossings = int((np.diff(np.concatenate([[0], line])) == 1).sum())
    assert crossings == (1 if face in ("KHAN", "HOA_TOC") else 2)


def test_a_side_drawn_anew_is_the_committed_one() -> None:
    first, _ = draw_sheet(2, stack()[1], 0)
    data = (SCANS / first.name).read_bytes()
    if first.jpeg == data:
        return
    # Another processor family may round a pixel otherwise before JPEG. Other noise alone differs by 2.3.
    committed = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).astype(int)
    fresh = cv2.imdecode(np.frombuffer(first.jpeg, np.uint8), cv2.IMREAD_COLOR).astype(int)
    assert np.abs(committed - fresh).mean() < 0.5


def test_the_committed_list_is_what_the_generator_writes() -> None:
    assert (SCANS / "stack.toml").read_text(encoding="utf-8") == stack_toml(stack())
    assert set(FACES) >= {i.face for p in stack() for s in p.present for i in s.recto.imprints + s.verso.imprints}


def test_no_real_person_is_named() -> None:
    text = (SCANS / "stack.toml").read_text(encoding="utf-8")
    assert not re.search(r"\b(Nguyễn|Trần|Lê|Phạm|Hoàng|Võ|Đặng|Bùi)\s+\w+", text)


def test_odd_images_are_what_their_list_says() -> None:
    by_name = {i["file"]: i for i in ODD}
    assert not by_name["truncated.jpg"]["intact"] and not by_name["grey-padded.jpg"]["intact"]
    assert (SCANS / "odd" / "truncated.jpg").read_bytes()[-2:] != b"\xff\xd9"
    padded = cv2.imread(str(SCANS / "odd" / "grey-padded.jpg"), cv2.IMREAD_GRAYSCALE)
    assert np.ptp(padded[-1000:]) == 0 and padded[-1, 0] == 128
    assert by_name["show-through.jpg"]["label"] == "blank"
