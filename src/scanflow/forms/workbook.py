"""The xlsx twin of a form: the same head, blocks and tables, as cells; no formula, no macro, fixed bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from scanflow.forms import fonts, qr, words
from scanflow.forms.paper import Block, Cell, Facts, Paper, Signatures, Table, Text, every_text

_FACE = "Times New Roman"
_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_PORTRAIT = 100
"""Characters that fit across A4 upright."""


def render_xlsx(paper: Paper) -> bytes:
    """The form as a workbook; the same facts give the same bytes. Text stays text, also after a ``=``.

    Raises:
        GlyphMissing: as for the PDF, so that both twins exist or neither.
        FontMissing: Tinos is not installed.
        HeadTooLong: the ledger's head is empty or too long.
    """
    fonts.require_glyphs(every_text(paper))
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Biểu"
    writer = _Writer(sheet, _widths(paper.blocks))
    writer.head(paper)
    writer.blocks(paper.blocks)
    writer.ledger(paper.head)
    if paper.annex:
        annex = book.create_sheet("Danh mục")
        writer = _Writer(annex, _widths(paper.annex.blocks))
        writer.line(paper.annex.title, bold=True, align="center")
        writer.line(paper.annex.subtitle, bold=True, align="center")
        writer.blocks(paper.annex.blocks)
    for page in book.worksheets:
        wide = sum(column.width for column in page.column_dimensions.values()) > _PORTRAIT
        page.page_setup.paperSize = 9
        page.page_setup.orientation = "landscape" if wide else "portrait"
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.properties.creator = "scanflow"
    book.properties.title = paper.title
    buffer = io.BytesIO()
    book.save(buffer)
    return _fixed(buffer.getvalue(), paper.day)


def _widths(blocks: tuple[Block, ...]) -> tuple[float, ...]:
    """Column widths in characters: those of the widest table, or twelve alike."""
    tables = [block for block in blocks if isinstance(block, Table)]
    if not tables:
        return (8.0,) * 12
    widest = max(tables, key=lambda table: len(table.columns))
    return tuple(max(8.0, column.width * 0.62) for column in widest.columns)


class _Writer:
    """Writes blocks below one another over all columns of a sheet."""

    def __init__(self, sheet: Worksheet, widths: tuple[float, ...]) -> None:
        self.sheet, self.widths, self.width, self.row = sheet, widths, len(widths), 0
        for column, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width

    def put(self, row: int, column: int, value: Cell, *, bold: bool = False, align: str = "left") -> None:
        """One cell; dates as their Vietnamese text, whole numbers as numbers, text as text."""
        cell = self.sheet.cell(row, column)
        if isinstance(value, bool) or not isinstance(value, int):
            cell.value = words.cell(value) or None
            if cell.value is not None:
                cell.data_type = "s"  # never a formula
        else:
            cell.value = value
            cell.number_format = "#,##0"
        cell.font = Font(name=_FACE, size=12, bold=bold)
        cell.alignment = Alignment(horizontal=align, vertical="top", wrap_text=True)

    def line(self, text: str, *, bold: bool = False, align: str = "left") -> None:
        """A line of its own over all columns."""
        self.row += 1
        self._merged(text, 1, self.width, bold=bold, align=align)

    def _merged(self, text: str, first: int, last: int, *, bold: bool, align: str) -> None:
        """Text over columns ``first`` … ``last``; merged cells do not grow, so the height is set."""
        self.put(self.row, first, text, bold=bold, align=align)
        if last > first:
            self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=first, end_column=last)
        room = 0.9 * sum(self.widths[first - 1 : last])
        lines = sum(1 + int(len(part) // room) for part in text.split("\n"))
        dimension = self.sheet.row_dimensions[self.row]
        dimension.height = max(dimension.height or 0, 16.5 * lines)

    def head(self, paper: Paper) -> None:
        """Bodies on the left, quốc hiệu on the right, then the title."""
        half = self.width * 5 // 12
        pairs = [
            (paper.office.superior, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            (paper.office.body, "Độc lập - Tự do - Hạnh phúc"),
            (
                "" if paper.cover else f"Số: {paper.number or '……/……'}",
                f"{paper.office.place}, {words.long_date(paper.day)}" if paper.dated else "",
            ),
        ]
        for left, right in pairs:
            self.row += 1
            self._merged(left, 1, half, bold=left == paper.office.body, align="center")
            self._merged(right, half + 1, self.width, bold=not right.startswith(paper.office.place), align="center")
        self.row += 1
        for text in (paper.title, paper.subtitle, *(paper.cover.lines if paper.cover else ())):
            self.line(text, bold=True, align="center")
        self.row += 1

    def blocks(self, blocks: tuple[Block, ...]) -> None:
        """All blocks in order."""
        for block in blocks:
            match block:
                case Text(words=text, style=style):
                    centre = "center" if style == "balance" else "left"
                    self.line(text, bold=style in ("heading", "balance"), align=centre)
                case Facts(pairs=pairs):
                    for label, value in pairs:
                        self.row += 1
                        split = max(self.width // 3, 1)
                        self._merged(label, 1, split, bold=False, align="left")
                        self._merged(value, split + 1, self.width, bold=True, align="left")
                case Table() as table:
                    self._table(table)
                case Signatures() as signatures:
                    self._signatures(signatures)

    def _table(self, table: Table) -> None:
        self.row += 1
        rows: list[tuple[tuple[Cell, ...], bool, bool]] = [(tuple(c.heading for c in table.columns), True, True)]
        if table.numbered:
            rows.append((tuple(f"({i})" for i in range(1, len(table.columns) + 1)), False, True))
        rows += [(row, False, False) for row in table.rows]
        if table.total:
            rows.append((table.total, True, False))
        for cells, bold, heading in rows:
            self.row += 1
            for column, value in enumerate(cells, start=1):
                align = "center" if heading else table.columns[column - 1].align
                self.put(self.row, column, value, bold=bold, align=align)
                self.sheet.cell(self.row, column).border = _BOX
        if table.remark:
            self.line(table.remark)

    def _signatures(self, signatures: Signatures) -> None:
        self.row += 1
        step = max(self.width // len(signatures.places), 1)
        texts = [(p.role, p.hint, "", "", p.name) for p in signatures.places]
        for index in range(5):
            self.row += 1
            for place, parts in enumerate(texts):
                first = 1 + place * step
                last = self.width if place == len(texts) - 1 else first + step - 1
                self._merged(parts[index], first, last, bold=index in (0, 4), align="center")

    def ledger(self, head: str) -> None:
        """The ledger's head as text and as a QR picture beside it."""
        self.row += 1
        self.line("Đầu sổ nhật ký (ledger head) tại thời điểm lập biểu này:", bold=True)
        for part in head.splitlines():
            self.line(part)
        picture = Image(io.BytesIO(qr.png(head)))
        picture.width = picture.height = 120
        self.sheet.add_image(picture, f"A{self.row + 2}")


def _fixed(raw: bytes, day: date) -> bytes:
    """The same workbook with the form's date for every time stamp: the same facts, the same bytes."""
    buffer = io.BytesIO()
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            data = old.read(name)
            if name == "docProps/core.xml":
                made = f"{day.isoformat()}T00:00:00Z".encode()
                data = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + made, data)
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, data)
    return buffer.getvalue()
