"""csv in the encodings of Vietnamese offices, with each separator; legacy fonts are recognised, not guessed at."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanflow.manifest import read_manifest
from scanflow.manifest.text import _TCVN3_FROM, _TCVN3_TO, clean, fold, from_tcvn3, from_vni, legacy_encoding

from .lists import csv_text, faults

REFERENCE_ROWS = 3
TO_TCVN3 = str.maketrans(_TCVN3_TO, _TCVN3_FROM)


def cp1258(text: str) -> bytes:
    """Windows-1258 writes the tone as a combining mark behind the letter."""
    out = bytearray()
    for char in text:
        try:
            out += char.encode("cp1258")
            continue
        except UnicodeEncodeError:
            pass
        base, tone = unicodedata.normalize("NFD", char)[0], unicodedata.normalize("NFD", char)[1:]
        marks = [m for m in tone if m in "\u0300\u0301\u0303\u0309\u0323"]
        shape = [m for m in tone if m not in marks]
        out += unicodedata.normalize("NFC", base + "".join(shape)).encode("cp1258")
        out += "".join(marks).encode("cp1258")
    return bytes(out)


ENCODED = {
    "utf-8": csv_text().encode(),
    "utf-8-bom": codecs.BOM_UTF8 + csv_text().encode(),
    "utf-8-decomposed": unicodedata.normalize("NFD", csv_text()).encode(),
    "utf-16": csv_text().encode("utf-16"),
    "utf-16-be": codecs.BOM_UTF16_BE + csv_text().encode("utf-16-be"),
    "utf-16-no-bom": csv_text().encode("utf-16-le"),
    "utf-32": csv_text().encode("utf-32"),
    "windows-1258": cp1258(csv_text()),
    "semicolon": csv_text(separator=";").encode(),
    "tab": csv_text(separator="\t").encode("utf-16"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_every_accepted_encoding_gives_the_same_batch(tmp_path: Path, name: str) -> None:
    path, reference = tmp_path / "list.csv", tmp_path / "reference.csv"
    reference.write_bytes(ENCODED["utf-8"])
    path.write_bytes(ENCODED[name])
    assert read_manifest(path) == read_manifest(reference)
    assert len(read_manifest(path).rows) == REFERENCE_ROWS


def test_tcvn3_is_named_and_not_converted(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    # The fonts have no capital letters with tones; offices type headings in small letters or capitals by font.
    path.write_bytes(csv_text().translate(TO_TCVN3).encode("cp1252"))
    (code, _), *rest = faults(path)
    assert code == "MAN-LEGACY-FONT"
    assert rest == []


def test_damaged_utf8_is_not_taken_for_windows_1258(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    data = bytearray(ENCODED["utf-8"])
    data[data.index("thử".encode()) + 2] ^= 0x40
    path.write_bytes(bytes(data))
    assert faults(path) == [("MAN-CSV-ENCODING", "cả tệp")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (csv_text() + '"open', "MAN-CSV-QUOTES"),
        (csv_text().replace("Về việc thử", '"Về" việc'), "MAN-CSV-QUOTES"),
        (csv_text().replace("Về việc thử", "Về, việc"), "MAN-CSV-WIDTH"),
        (csv_text().replace("Công văn,", ""), "MAN-CSV-WIDTH"),
        (csv_text().replace("Về việc thử", "Về\nviệc"), "MAN-CSV-WIDTH"),
        (csv_text().replace("STT", "Tr,STT"), "MAN-UNKNOWN-COLUMN"),
    ],
)
def test_broken_csv(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    assert code in [found for found, _ in faults(path)]


VIETNAMESE = [
    "Mật", "Tối mật", "Tuyệt mật", "Thường", "Về việc triển khai hướng dẫn số hóa tài liệu bí mật nhà nước",
    "Ủy ban nhân dân tỉnh Đồng Nai", "Đắk Lắk", "Kon Tum", "Quyết định", "Gia hạn", "nghiêng", "khuỷu tay",
    "quốc huy", "giếng", "thuở", "ngoằn ngoèo", "rượu", "khuya", "Hòa Bình", "Hoà Bình", "thúy", "thuý", "oẳn",
    "Nguyễn Thị Thùy Dương", "H49.64.33.2001.160", "1479/BCA-ANCTNB", "CVT&LTNN", "QyĐ", "rách mép", "ố vàng",
    "München", "naïve café", "Besançon", "São Paulo", "“trích”", "§ 5 – 7°", "½ tờ", "TỜ TRÌNH",
    "TốM", "TỐt", "TUYệT", "Ø15",
]  # fmt: skip


@pytest.mark.parametrize("text", VIETNAMESE)
def test_right_text_is_not_taken_for_legacy(text: str) -> None:
    assert legacy_encoding(text) is None
    assert legacy_encoding(unicodedata.normalize("NFD", text)) is None


PAIRS = [
    ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "cộng hòa xã hội chủ nghĩa việt nam"),
    ("TuyÖt mËt", "Tuyeät maät", "tuyệt mật"),
    ("Tèi mËt", "Toái maät", "tối mật"),
    ("mËt", "maät", "mật"),
    ("§éc lËp", "Ñoäc laäp", "độc lập"),
    ("quyÕt ®Þnh", "quyeát ñònh", "quyết định"),
    ("®­êng phè", "ñöôøng phoá", "đường phố"),
]  # fmt: skip


@pytest.mark.parametrize(("tcvn3", "vni", "unicode"), PAIRS)
def test_legacy_text_is_recognised(tcvn3: str, vni: str, unicode: str) -> None:
    assert legacy_encoding(tcvn3) == "TCVN3"
    assert legacy_encoding(vni) == "VNI"
    assert from_vni(vni) == unicode
    assert from_tcvn3(tcvn3).lower().replace("§", "đ") == unicode


@given(st.text(max_size=40))
def test_clean_gives_one_line_of_harmless_text_or_nothing(text: str) -> None:
    cleaned = clean(text)
    if cleaned is not None:
        assert cleaned == " ".join(cleaned.split())
        assert unicodedata.is_normalized("NFC", cleaned)
        assert not any(unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Cn"} for c in cleaned)
        assert clean(cleaned) == cleaned


@given(st.text(max_size=40))
def test_fold_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
