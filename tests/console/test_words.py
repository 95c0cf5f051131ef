"""No word stands outside the catalogue; colours can be read; hostile names are escaped; pages print."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest
from tests.console.kit import serve
from tests.console.test_batch import start
from tests.station.conftest import INSPECTOR, OPERATOR, SHEET, SUPERVISOR, Room, listed, row, separator
from tools.catalogue import MO, catalogue, compiled, words

from scanflow.console.questions import Kind
from scanflow.console.words import HERE
from scanflow.media.simulated import SimulatedStick
from scanflow.station.desk import Notice, Tone

TEMPLATES = sorted((HERE / "templates").glob("*.html"))
ALLOWED = {"Tiếng Việt", "English", "scanflow", 'data-still="1"'}
"""Names of languages stand in their own language, a name is a name, an attribute is no word."""


def test_every_word_has_its_english_and_no_english_is_left_over() -> None:
    translated = {message.id: message.string for message in catalogue() if message.id}
    assert {word for word in words() if not translated.get(word)} == set()
    assert set(translated) == words()


def test_places_for_values_are_the_same_in_both_languages() -> None:
    for message in catalogue():
        if message.id:
            assert sorted(re.findall(r"%\([a-z]+\)s", message.id)) == sorted(
                re.findall(r"%\([a-z]+\)s", message.string)
            )


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert MO.read_bytes() == compiled(catalogue())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_no_string_of_a_template_stands_outside_the_catalogue(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{% trans .*?\{% endtrans %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    for attribute in re.findall(r"(?:alt|title|placeholder|aria-label)=\"([^\"]*)\"", text):
        assert not re.search(r"\w", attribute), attribute
    said = re.sub(r"<[^>]*>", "\n", text)
    for line in said.splitlines():
        stripped = line.strip(" ·\n")
        assert not re.search(r"[^\W\d_]{2,}", stripped) or stripped in ALLOWED, line


def test_a_string_outside_the_catalogue_would_be_seen(tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text("<p>Xin chào</p>", encoding="utf-8")
    with pytest.raises(AssertionError):
        test_no_string_of_a_template_stands_outside_the_catalogue(bad)


def test_templates_escape_everything() -> None:
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape|Markup", text), template.name


# ---- colours


def _colours() -> dict[str, str]:
    sheet = (HERE / "static/console.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", sheet))


def _luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_formula_is_that_of_the_norm() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("on-info", "info", 7), ("on-good", "good", 7), ("on-stop", "stop", 7), ("on-alarm", "alarm", 7),
        ("ink", "paper", 7), ("quiet", "paper", 7), ("ink", "soft", 7),
        ("ink", "good-row", 7), ("ink", "stop-row", 7), ("ink", "alarm-row", 7),
        ("focus", "paper", 3), ("line", "paper", 3), ("focus", "soft", 3),
    ],
)  # fmt: skip
def test_words_can_be_read_and_edges_seen(ink: str, ground: str, least: float) -> None:
    """WCAG 2.2 AA asks 4.5 for text and 3 for edges and focus; read from two metres, text gets 7 (AAA)."""
    colours = _colours()
    assert contrast(colours[ink], colours[ground]) >= least


def test_the_style_sheet_uses_no_colour_outside_its_variables() -> None:
    sheet = (HERE / "static/console.css").read_text(encoding="utf-8")
    screen = sheet.split("@media print")[0]
    body = re.sub(r":root \{.*?\}", "", screen, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", body) == []
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "@media print" in sheet


def test_progress_takes_the_place_of_the_progress_before_it(room: Room) -> None:
    with serve(room, [], listed(row(1, 1))) as console:
        board = console.room.board
        for tone, vi in (("progress", "1/2"), ("progress", "2/2"), ("info", "xong"), ("progress", "1/3")):
            board.tell(Notice(Tone(tone), vi, vi))
        assert [notice.vi for notice in board.live().notices] == ["2/2", "xong", "1/3"]


# ---- hostile words, and words of both languages

EVIL = "<img src=x onerror=alert(1)>\"'&"


def test_a_hostile_list_name_and_stick_label_are_only_text(room: Room) -> None:
    manifest = listed(row(1, 1))
    folder = room.folder / "evil"
    folder.mkdir()
    stick = SimulatedStick(folder, "EVIL00000001", product=EVIL)
    name = "<b onclick=x>danh'muc&.xlsx"
    with serve(room, [separator(manifest, 1), SHEET], manifest, name=name) as console:
        room.bus.plug(stick)
        console.room.board.tell(Notice(Tone.STOP, EVIL, EVIL))
        operator = console.client(OPERATOR)
        assert name in operator.get("/").text
        for person, path in ((OPERATOR, "/"), ("P-001", "/security")):
            body = console.client(person).get(path).body
            assert b"<img src=x" not in body
            assert b"<b onclick" not in body
        room.bus.pull(stick)
        start(console, name=name)
        console.asked(Kind.LOAD)
        operator.post("/abandon", sure="yes")
        console.ended()


def test_english_on_a_keypress_and_back(room: Room) -> None:
    with serve(room, []) as console:
        client = console.client()
        assert 'lang="vi"' in client.get("/").text
        assert "CHỜ ĐỢT MỚI" in client.get("/").text
        assert client.post("/language", to="en").status == 303
        page = client.get("/").text
        assert "READY FOR A BATCH" in page
        assert "CHỜ ĐỢT MỚI" not in page
        client.sign_in(SUPERVISOR)
        assert "Reconciliation" in client.get("/supervisor").text
        assert client.post("/language", to="xx").status == 303
        assert "Reconciliation" in client.get("/supervisor").text
        client.post("/language", to="vi")
        assert "Đối chiếu" in client.get("/supervisor").text


def test_every_template_can_be_read_in_both_languages() -> None:
    from scanflow.console.words import LANGUAGES, environment

    for language in LANGUAGES:
        made = environment(language)
        assert made.undefined is jinja2.StrictUndefined
        for template in TEMPLATES:
            made.get_template(template.name)


# ---- the other pages


def test_the_inspector_reads_filters_and_verifies_and_changes_nothing(room: Room) -> None:
    with serve(room, []) as console:
        client = console.client(INSPECTOR)
        page = client.get("/ledger").text
        assert "đăng nhập" in page
        filtered = client.get("/ledger?kind=person.enrolled").text
        assert "Ghi danh Người Số hóa Mẫu" in filtered
        assert "đăng nhập." not in filtered.split("<tbody>")[1]
        assert "Ghi danh" not in client.get("/ledger?batch=B-1").text.split("<tbody>")[1]
        assert client.get("/ledger?kind=<script>&weight=x").status == 200
        size = console.station.station.ledger.size
        assert "Sổ nguyên vẹn." in client.get("/ledger/verified").text
        assert console.station.station.ledger.size == size
        path = console.station.station.ledger.path
        path.write_bytes(
            path.read_bytes().replace(
                b"Ng\xc6\xb0\xe1\xbb\x9di S\xe1\xbb\x91", b"Ng\xc6\xb0\xe1\xbb\x9di T\xe1\xbb\x91"
            )
        )
        broken = client.get("/ledger/verified").text
        assert "LED-" in broken
        assert "Sổ nguyên vẹn." not in broken


def test_the_officer_sees_sticks_people_and_the_doctor(room: Room) -> None:
    foreign = room.other_stick("foreign")
    with serve(room, []) as console:
        client = console.client("P-001")
        assert "Không có thiết bị nào đang cắm." in client.get("/security").text
        room.bus.plug(foreign)
        page = client.get("/security").text
        assert "TỪ CHỐI MED-NOT-ENROLLED" in page
        for words_ in ("M-0001", "Người Giám sát Mẫu", "KHÔNG ĐẠT", "Cổng USB usb1 tự nhận thiết bị."):
            assert words_ in page
        room.bus.pull(foreign)
        assert client.post("/doctor").status == 303


def test_a_stick_is_enrolled_on_two_signatures(room: Room) -> None:
    stick = room.other_stick("second")
    with serve(room, []) as console:
        client = console.client("P-001")
        room.bus.plug(stick)
        for form in ({}, {"name": "M-0002"}, {"name": "M-0002", "clearance": "MAT", "until": "mai"}):
            assert client.post("/media", **form).status == 400
        form = {"name": "M-0002", "clearance": "MAT", "until": "2031-01-01", "custodian": "P-005"}
        assert client.post("/media", **{**form, "custodian": "P-099"}).status == 403
        assert client.post("/media", **form).status == 303
        live = console.asked(Kind.SIGN)
        assert live.question is not None
        assert client.sign("P-001").status == 303
        assert client.sign("P-002").status == 303
        live = console.ended()
        assert live.refusal is None
        assert "M-0002" in client.get("/security").text
        room.bus.pull(stick)


def test_the_record_is_printed_after_the_batch(room: Room) -> None:
    from tests.console.test_batch import reply

    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        supervisor = console.client(SUPERVISOR)
        assert supervisor.post("/record").status == 404
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        reply(console, operator, Kind.STICK, do="yes")
        console.ended()
        answer = supervisor.post("/record")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.body.startswith(b"%PDF-")
        page = supervisor.get("/supervisor").text
        assert "3 tờ đã nạp" in page or "2 tờ đã nạp" in page
