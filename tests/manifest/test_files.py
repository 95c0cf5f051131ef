"""The file as a whole: format, size, being written, macros, links, bombs, damage."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import openpyxl
import pytest

from scanflow.manifest import (
    ManifestRejected,
    file_stamp,
    is_list_name,
    is_settled,
    read_manifest,
    write_template,
)
from scanflow.manifest import source as source_module

from .lists import as_excel_writes, csv_text, faults, good_rows, repacked, workbook


def same(_: str, content: bytes) -> bytes:
    return content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "MAN-EMPTY"),
        ("a.csv", b"", "MAN-EMPTY"),
        ("a.xlsx", b"\0" * 4096, "MAN-BROKEN"),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 100, "MAN-BROKEN"),
        ("a.xlsx", csv_text().encode(), "MAN-EXTENSION"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "MAN-EXTENSION"),
        ("a.xlsx", b"<html><table></table></html>", "MAN-EXTENSION"),
        ("a.csv", b"<?xml version='1.0'?><Workbook/>", "MAN-EXTENSION"),
        ("a.csv", b"%PDF-1.7\n", "MAN-EXTENSION"),
        ("a.csv", b"MZ\x90\0", "MAN-EXTENSION"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "MAN-FORMAT"),
        ("a.xlsm", b"PK\x05\x06" + b"\0" * 18, "MAN-FORMAT"),
        ("a.ods", b"x", "MAN-FORMAT"),
        ("a.txt", csv_text().encode(), "MAN-FORMAT"),
        ("a", csv_text().encode(), "MAN-FORMAT"),
        ("a.csv", b"\0\0\0\0", "MAN-CSV-ENCODING"),
        ("a.csv", "STT,\u0110\0".encode(), "MAN-CSV-ENCODING"),
        ("a.csv", b"just words\nand more\n", "MAN-NO-HEADING"),
        ("a.csv", b"\n\n  \n", "MAN-NO-HEADING"),
    ],
)  # fmt: skip
def test_no_list_at_all(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert [found for found, _ in faults(path)] == [code]


def test_no_file_and_no_ordinary_file(tmp_path: Path) -> None:
    assert faults(tmp_path / "none.xlsx") == [("MAN-NO-FILE", "cả tệp")]
    folder = tmp_path / "folder.xlsx"
    folder.mkdir()
    assert faults(folder) == [("MAN-NO-FILE", "cả tệp")]
    os.mkfifo(tmp_path / "pipe.csv")
    assert faults(tmp_path / "pipe.csv") == [("MAN-NO-FILE", "cả tệp")]


def test_a_csv_named_xlsx_and_the_other_way(tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx")
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(good.read_bytes())
    assert faults(wrong) == [("MAN-EXTENSION", "cả tệp")]


def test_an_old_or_encrypted_workbook_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(ManifestRejected, match="MAN-REJECTED") as caught:
        read_manifest(path)
    assert "mật khẩu" in caught.value.faults[0].say_vi


def test_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.truncate(source_module.MAX_BYTES + 1)
    assert faults(path) == [("MAN-TOO-LARGE", "cả tệp")]


def test_every_cut_of_a_workbook_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        assert faults(path), f"accepted {length} of {len(whole)} bytes"


# --- being written -------------------------------------------------------------------------------------------


def test_a_list_that_is_open_elsewhere_waits(tmp_path: Path) -> None:
    path = workbook(tmp_path / "danh-muc.xlsx")
    for lock in ("~$danh-muc.xlsx", "~$nh-muc.xlsx", ".~lock.danh-muc.xlsx#"):
        (tmp_path / lock).write_bytes(b"x")
        assert faults(path) == [("MAN-BEING-WRITTEN", "cả tệp")]
        assert not is_settled(path, file_stamp(path))
        (tmp_path / lock).unlink()
    assert faults(path) == []


def test_a_list_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "list.xlsx")
    stamps = iter([file_stamp(path)])

    def stamp(of: Path) -> source_module.FileStamp | None:
        try:
            return next(stamps)
        except StopIteration:
            with of.open("ab") as stream:
                stream.write(b"more")
            return file_stamp(of)

    monkeypatch.setattr(source_module, "file_stamp", stamp)
    assert faults(path) == [("MAN-BEING-WRITTEN", "cả tệp")]


def test_settled_needs_two_equal_looks_and_some_bytes(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    assert not is_settled(path, None)
    path.write_bytes(b"")
    assert not is_settled(path, file_stamp(path))
    path.write_bytes(b"a")
    before = file_stamp(path)
    path.write_bytes(b"ab")
    assert not is_settled(path, before)
    assert is_settled(path, file_stamp(path))
    replaced = tmp_path / "new"
    replaced.write_bytes(b"ab")
    before = file_stamp(path)
    replaced.rename(path)
    os.utime(path, ns=(before.mtime_ns, before.mtime_ns))  # type: ignore[union-attr]
    assert not is_settled(path, before), "another file of the same size and time is another file"


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("list.xlsx", True), ("LIST.CSV", True), ("~$list.xlsx", False), (".~lock.list.xlsx#", False),
        (".list.xlsx", False), ("list.xlsx.tmp", False), ("list.xlsx.part", False), ("list.pdf", False),
        ("list.xlsx~", False), ("list.xlsm", True), ("list.xls", True), ("notes.docx", False),
    ],
)  # fmt: skip
def test_names_the_watcher_looks_at(name: str, taken: bool) -> None:
    assert is_list_name(Path("/x") / name) is taken


def test_no_watcher_ever_sees_half_a_template(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
    with pytest.raises(FileNotFoundError):
        write_template(tmp_path / "nowhere" / "a.xlsx")


# --- what a workbook may carry -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("xl/vbaProject.bin", "MAN-MACRO"),
        ("xl/activeX/activeX1.xml", "MAN-MACRO"),
        ("xl/embeddings/oleObject1.bin", "MAN-MACRO"),
        ("xl/macrosheets/sheet1.xml", "MAN-MACRO"),
        ("customUI/customUI.xml", "MAN-MACRO"),
        ("xl/externalLinks/externalLink1.xml", "MAN-LINKS"),
        ("xl/connections.xml", "MAN-LINKS"),
        ("xl/queryTables/queryTable1.xml", "MAN-LINKS"),
        ("xl/workbook.bin", "MAN-EXTENSION"),
    ],
)  # fmt: skip
def test_active_or_linking_parts(tmp_path: Path, part: str, code: str) -> None:
    path = repacked(workbook(tmp_path / "list.xlsx"), same, {part: b"<x/>"})
    assert faults(path) == [(code, "cả tệp")]


def test_a_macro_content_type_is_enough(tmp_path: Path) -> None:
    def edit(name: str, content: bytes) -> bytes:
        plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        return content.replace(plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")

    path = repacked(workbook(tmp_path / "list.xlsx"), edit)
    assert faults(path) == [("MAN-MACRO", "cả tệp")]


def test_an_external_relation_of_any_part(tmp_path: Path) -> None:
    relation = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"'
        b' Target="file:///x/other.xlsx" TargetMode="External"/></Relationships>'
    )

    def edit(kind: bytes):  # type: ignore[no-untyped-def]
        def add(name: str, content: bytes) -> bytes:
            if name == "xl/_rels/workbook.xml.rels":
                return content.replace(b"</Relationships>", relation % kind)
            return content

        return add

    assert faults(repacked(workbook(tmp_path / "a.xlsx"), edit(b"externalLinkPath"))) == [("MAN-LINKS", "cả tệp")]
    assert faults(repacked(workbook(tmp_path / "b.xlsx"), edit(b"hyperlink"))) == []


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        '<?xml version="1.0" encoding="UTF-16"?><x/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="latin-1"?><x/>',
    ],
)
def test_xml_that_could_expand_or_hide_is_not_parsed(tmp_path: Path, content: bytes) -> None:
    path = repacked(workbook(tmp_path / "list.xlsx"), same, {"docProps/custom.xml": content})
    assert faults(path) == [("MAN-BOMB", "cả tệp")]


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/image1.png", b"\0" * 2**26)
    assert path.stat().st_size < 2**20
    assert faults(path) == [("MAN-BOMB", "cả tệp")]


def test_a_package_of_very_many_parts(tmp_path: Path) -> None:
    extra = {f"xl/x{n}.xml": b"" for n in range(2_001)}
    assert faults(repacked(workbook(tmp_path / "list.xlsx"), same, extra)) == [("MAN-BOMB", "cả tệp")]


def test_a_part_twice_is_ambiguous(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx")
    with zipfile.ZipFile(path, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    assert faults(path) == [("MAN-BROKEN", "cả tệp")]


def test_a_part_that_nobody_reads_must_be_whole_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx")
    data = path.read_bytes()
    at = data.rindex(b"docProps/app.xml")  # in the directory; the part itself keeps its name
    path.write_bytes(data[:at] + b"docProps/app.xm(" + data[at + 16 :])
    assert faults(path) == [("MAN-BROKEN", "cả tệp")]


def test_a_part_that_is_missing(tmp_path: Path) -> None:
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"):
        path = repacked(
            workbook(tmp_path / "list.xlsx"),
            lambda name, content, lost=part: None if name == lost else content,
        )
        assert [code for code, _ in faults(path)] in (["MAN-BROKEN"], ["MAN-NO-HEADING"])


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<c r="A6"', b'<c r="A5"'),  # a cell in another row than its own
        (b'<row r="6"', b'<row r="5"'),  # a row twice
        (b'<row r="6"', b'<row r="6e0"'),
        (b'<c r="B5"', b'<c r="A5"'),  # a cell twice
        (b"<v>3</v>", b"<v>3</v><v>4</v>"),
        (b"<v>3</v>", b"<v>0_3</v>"),
        (b"<v>3</v>", b"<v> 3</v>"),
        (b"<v>3</v>", b"<v>NaN</v>"),
        (b'<c r="A5" s="', b'<c r="A5" s="99'),
        (b'<c r="A5" s="', b'<c r="A5" s="-'),
        (b'<row r="6"', b'<row r="6" hiden="1"'),
        (b'<row r="6"', b'<row r="6" hidden="yes"'),
        (b'<col width="6"', b'<col width="6" hiden="1"'),
        (b'<col width="6"', b'<col width="6" hidden="2"'),
        (b"<v>3</v>", b"<v>1e400</v>"),
        (b't="s"', b't="x"'),
        (b"</row>", b"<x/></row>"),
        (b"<sheetData>", b"<sheetData><bad>"),
    ],
)  # fmt: skip
def test_cells_that_openpyxl_would_guess_at(tmp_path: Path, old: bytes, new: bytes) -> None:
    def edit(name: str, content: bytes) -> bytes:
        if name != SHEET:
            return content
        assert old in content, "the vector must hit"
        return content.replace(old, new, 1)

    path = repacked(as_excel_writes(workbook(tmp_path / "list.xlsx")), edit)
    found = faults(path)
    assert found, "accepted"
    assert {code for code, _ in found} <= {"MAN-BROKEN", "MAN-NUMBER"}


@pytest.mark.parametrize("index", [b"-1", b"999999", b"1_0", b"+1", b"", b"0x1"])
def test_a_string_index_that_python_would_take(tmp_path: Path, index: bytes) -> None:
    import re

    def edit(name: str, content: bytes) -> bytes:
        if name != SHEET:
            return content
        changed, hits = re.subn(rb'(<c r="J5"[^>]*t="s"[^>]*><v>)\d+(</v>)', rb"\g<1>" + index + rb"\g<2>", content)
        assert hits == 1
        return changed

    found = faults(repacked(as_excel_writes(workbook(tmp_path / "list.xlsx")), edit))
    assert found in ([("MAN-BROKEN", "cả tệp")], [("MAN-BLANK", "J5")])


def test_shared_strings_as_excel_writes_them(tmp_path: Path) -> None:
    path = as_excel_writes(workbook(tmp_path / "list.xlsx"))
    with zipfile.ZipFile(path) as package:
        assert b't="s"' in package.read(SHEET)
        assert b"inlineStr" not in package.read(SHEET)
    assert read_manifest(path).rows == good_rows()


def test_a_dimension_that_lies_cuts_nothing_off(tmp_path: Path) -> None:
    def edit(name: str, content: bytes) -> bytes:
        import re

        return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:D5"', content) if name == SHEET else content

    path = repacked(workbook(tmp_path / "list.xlsx"), edit)
    assert len(read_manifest(path).rows) == 4


def test_a_chart_sheet_is_not_passed_over(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_chartsheet("biểu đồ")
    book.save(path)
    assert faults(path) == [("MAN-SHEETS", "trang biểu đồ")]
