"""One side, looked at once: the whole chain on pages, on bad input, and with every part made to fail."""

from __future__ import annotations

import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pil

from imaging.paper import RED, Sheet, blank_sheet, letter, press, scan, stamp
from scanflow import examination
from scanflow.examination import Examination, Examiner
from scanflow.imaging.quality import Hint
from scanflow.levels import Level
from scanflow.pages import SideLabel
from scanflow.stamps.judge import Fault
from scanflow.stamps.marks import MarkKind
from scanflow.stamps.reader import StampReader
from scanflow.stamps.witness import TesserocrReader

DPI = 200
MOST_CPU_S = 20.0
"""A bound on work, far over what any side needs; the station's own budget is smaller."""


@pytest.fixture(scope="module")
def examiner() -> Examiner:
    ocr = TesserocrReader()
    return Examiner(StampReader(None, ocr), ocr)


def page(words: str | None, width: float, rng: np.random.Generator, turn: int = 0) -> np.ndarray:
    sheet = letter(rng, "dejavu-serif", 300, lines=10)
    if words:
        press(sheet, stamp([words], width, 8, 300), 31, 200, 1.0)
    return scan(sheet.array(), rng, skew=-1.2, turn=turn, quality=85)


@pytest.mark.parametrize(
    ("words", "width", "turn", "level", "decision"),
    [
        (None, 0, 0, "THUONG", "clear"),
        ("MẬT", 20, 180, "MAT", "clear"),
        ("TỐI MẬT", 30, 90, "TOI_MAT", "clear"),
        ("TUYỆT MẬT", 40, 0, "TUYET_MAT", "route_out"),
        ("*#~*#", 40, 0, "THUONG", "hold"),
    ],
)
def test_a_side_on_its_way(words, width, turn, level, decision, examiner, rng) -> None:  # type: ignore[no-untyped-def]
    found = examiner.examine(page(words, width, rng, turn), 300)
    assert (found.level.name, found.decision) == (level, decision)
    assert found.pose.turn == turn and found.side is SideLabel.CONTENT
    assert found.pose.skew_deg is not None and abs(found.pose.skew_deg + 1.2) < 0.2
    assert {"reduce", "pose", "blank", "stamps", "codes", "total"} <= set(found.cpu_s)


def test_the_json_line_has_its_fields_and_no_text_of_the_page(
    examiner: Examiner, rng: np.random.Generator, tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    _ok, data = cv2.imencode(".jpg", page("TUYỆT MẬT", 40, rng), [cv2.IMWRITE_JPEG_QUALITY, 85])
    path.write_bytes(data.tobytes())
    found = examiner.examine_file(path)
    line = json.loads(json.dumps(found.to_json(str(path))))
    assert (line["file"], line["turn"], line["side"], line["level"], line["decision"]) == (
        str(path), 0, "content", "TUYET_MAT", "route_out"
    )  # fmt: skip
    (mark,) = line["marks"]
    assert mark["kind"] == "TUYET_MAT" and len(mark["quad"]) == 4 and 0 < mark["score"] <= 1
    assert set(mark) == {"kind", "quad", "score", "reason"} and line["cpu_s"]["decode"] > 0
    assert line["reasons"] == ["top_secret_mark"] and line["skew_deg"] is not None
    shown = f"{found!r}{line}".lower()
    assert "mật" not in shown and "cộng hòa" not in shown
    assert any("TUYỆT MẬT" in words.vi for words in found.explain())


def tiny() -> np.ndarray:
    return np.zeros((1, 1, 3), np.uint8)


def many_stamps(count: int) -> np.ndarray:
    sheet = Sheet(DPI)
    one = stamp(["MẬT"], 20, 8, DPI)
    for index in range(count):
        press(sheet, one, 5 + 22 * (index % 9), 4 + 12.5 * (index // 9))
    return sheet.array()


def frames_only() -> np.ndarray:
    image = blank_sheet(DPI)
    for index in range(200):
        x, y = 20 + 200 * (index % 8), 20 + 90 * (index // 8)
        cv2.rectangle(image, (x, y), (x + 160, y + 63), (40, 30, 200), 2)
        cv2.rectangle(image, (x + 8, y + 8), (x + 152, y + 55), (40, 30, 200), 2)
    return image


def noise() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 255, (2339, 1654, 3), np.uint8)


BAD = {
    "1x1": (tiny, "hold"),
    "20000x20000": (lambda: np.lib.stride_tricks.as_strided(np.zeros(1, np.uint8), (20_000, 20_000), (0, 0)), "hold"),
    "noise": (noise, None),
    "all-red": (lambda: np.full((2339, 1654, 3), (30, 20, 200), np.uint8), "hold"),
    "all-black": (lambda: np.zeros((2339, 1654, 3), np.uint8), "hold"),
    "all-grey": (lambda: np.full((2339, 1654, 3), 128, np.uint8), "hold"),
    "many-frames": (frames_only, "hold"),
    "200-stamps": (lambda: many_stamps(200), "hold"),
    "float": (lambda: np.zeros((500, 400, 3), np.float32), "hold"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_pixels_get_a_decision_in_bounded_work(name: str, examiner: Examiner) -> None:
    make, decision = BAD[name]
    found = examiner.examine(make(), DPI)
    assert found.decision == (decision or found.decision) and found.decision in ("clear", "hold", "route_out")
    assert found.cpu_s["total"] < MOST_CPU_S
    assert found.explain()


def stored(image: np.ndarray, kind: str, mode: str) -> bytes:
    out = io.BytesIO()
    Pil.fromarray(np.ascontiguousarray(image[..., ::-1])).convert(mode).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda page: b"", "IMG-EMPTY"),
        (lambda page: stored(page, "JPEG", "RGB")[:9000], "IMG-TRUNCATED"),
        (lambda page: stored(page, "JPEG", "CMYK"), "IMG-CMYK"),
        (lambda page: stored(page, "PNG", "RGBA").replace(b"IDAT", b"IDAX"), "IMG-CORRUPT"),
        (lambda page: b"GIF89a", "IMG-FORMAT"),
    ],
)
def test_files_that_cannot_be_decoded_are_held_with_the_reason(make, code, examiner, rng, tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "x"
    path.write_bytes(make(letter(rng, dpi=100, lines=4).array()))
    found = examiner.examine_file(path)
    assert (found.decision, found.refusal[0]) == ("hold", code)
    assert found.judgement.faults == {Fault.NOT_DECODED}
    assert found.explain()[0].vi == found.refusal[1]
    assert found.to_json("x")["refusal"] == code


def test_a_file_that_is_not_there_is_held(examiner: Examiner, tmp_path: Path) -> None:
    assert examiner.examine_file(tmp_path / "none.jpg").decision == "hold"


def test_sixteen_bits_and_opaque_alpha_are_examined_like_any_page(
    examiner: Examiner, rng: np.random.Generator, tmp_path: Path
) -> None:
    image = page("TUYỆT MẬT", 40, rng)
    deep, alpha = tmp_path / "16.png", tmp_path / "alpha.png"
    cv2.imwrite(str(deep), image.astype(np.uint16) * 257)
    cv2.imwrite(str(alpha), cv2.cvtColor(image, cv2.COLOR_BGR2BGRA))
    for path in (deep, alpha):
        assert examiner.examine_file(path).decision == "route_out"


@pytest.mark.parametrize(("dpi", "fault"), [(None, Fault.UNKNOWN_RESOLUTION), (100, Fault.LOW_RESOLUTION)])
def test_an_unknown_or_low_resolution_holds(dpi, fault, examiner, rng) -> None:  # type: ignore[no-untyped-def]
    square = scan(letter(rng, dpi=150, lines=8).array()[:1200, :1200], rng)
    found = examiner.examine(square, dpi)
    assert found.decision == "hold" and fault in found.judgement.faults


def test_bilevel_holds_and_a_dark_scan_too(examiner: Examiner, rng: np.random.Generator) -> None:
    grey = cv2.cvtColor(letter(rng, dpi=DPI, lines=20).array(), cv2.COLOR_BGR2GRAY)
    two = ((grey > 128) * 255).astype(np.uint8)
    assert Fault.BILEVEL in examiner.examine(two, DPI).judgement.faults
    dark = examiner.examine((grey // 4).astype(np.uint8), DPI)
    assert Fault.POOR_SCAN in dark.judgement.faults and Hint.NEARLY_BLACK in dark.hints
    assert dark.decision == "hold"


PARTS = ["judge_quality", "reduce_side", "find_orientation", "measure_blank", "fingerprint", "find_codes"]


@pytest.mark.parametrize("part", PARTS)
def test_whatever_part_breaks_the_side_is_held(
    part: str, examiner: Examiner, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("broken part")

    monkeypatch.setattr(examination, part, broken)
    found = examiner.examine(scan(letter(rng, dpi=DPI, lines=8).array(), rng), DPI)
    assert found.decision == "hold" and Fault.EXCEPTION in found.judgement.faults


def test_a_stamp_reader_that_breaks_its_promise_is_survived(rng: np.random.Generator) -> None:
    class Broken(StampReader):
        def read(self, *_: object, **__: object):  # type: ignore[no-untyped-def, override]
            raise KeyError("not even this")

    found = Examiner(Broken()).examine(scan(letter(rng, dpi=DPI, lines=8).array(), rng), DPI)
    assert found.decision == "hold" and Fault.EXCEPTION in found.judgement.faults


def test_a_broken_part_does_not_hide_a_top_secret_mark(
    examiner: Examiner, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(examination, "find_orientation", broken)
    found = examiner.examine(page("TUYỆT MẬT", 40, rng), 300)
    assert found.decision == "route_out" and found.level is Level.TUYET_MAT


def test_the_recto_helps_to_call_a_verso_blank(examiner: Examiner, rng: np.random.Generator) -> None:
    front = letter(rng, dpi=DPI).array()
    ghost = cv2.GaussianBlur(255 - front, (0, 0), 4.5)[:, ::-1] // 10
    back = scan(cv2.subtract(blank_sheet(DPI), ghost), rng, skew=0.5)
    alone = examiner.examine(back, DPI)
    both = examiner.examine(back, DPI, recto=scan(front, rng, skew=-0.5))
    assert both.side is SideLabel.BLANK and alone.blank_score > both.blank_score
    assert both.decision == "clear"


def test_red_marks_survive_on_a_blank_looking_verso(examiner: Examiner, rng: np.random.Generator) -> None:
    sheet = Sheet(300)
    press(sheet, stamp(["TUYỆT MẬT"], 40, 8, 300, ink=RED), 31, 70)
    found: Examination = examiner.examine(scan(sheet.array(), rng), 300)
    assert [mark.kind for mark in found.marks] == [MarkKind.TUYET_MAT] and found.decision == "route_out"
