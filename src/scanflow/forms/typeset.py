"""HTML to PDF/A-2b: Jinja2 fills, WeasyPrint sets, pikepdf mends and validates. Forms load nothing."""

from __future__ import annotations

import io
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import jinja2
import pikepdf
import pikepdf.pdfa
import weasyprint
from markupsafe import Markup, escape

from scanflow.forms import fonts, qr, words
from scanflow.forms.errors import FontMissing, NotArchival, TooManyRows
from scanflow.forms.paper import Cell, Column, Paper, Table, every_text

_TEMPLATES = Path(__file__).parent / "templates"

_HYPHENATED = re.compile(r"(?=[^\s/;,.]{3,18}(?:[\s/;,.]|$))[^\s/;,.&-]+(?:-[^\s/;,.&-]+)+")
"""Short runs joined by hyphens, between blanks, slashes and points."""

ROW_LIMIT = 2000
"""Rows of one printed table (1,600 rows took 39 CPU seconds and 0.5 GB): a volume stays near a minute."""


def render_pdf(paper: Paper) -> bytes:
    """The form as PDF/A-2b; the same facts give the same bytes.

    Raises:
        GlyphMissing: a value holds a character that the font cannot draw.
        FontMissing: Tinos or Cousine is not installed.
        HeadTooLong: the ledger's head is empty or does not fit a QR code.
        TooManyRows: a table is longer than `ROW_LIMIT`.
        NotArchival: the file did not validate; it is not returned.
    """
    rows = max((len(table.rows) for table in paper.tables()), default=0)
    if rows > ROW_LIMIT:
        raise TooManyRows(rows=rows, limit=ROW_LIMIT)
    fonts.require_glyphs(every_text(paper))
    return set_pdf("paper.html.jinja", paper.code, paper=paper, css=Markup(style_sheet("base.css")))  # noqa: S704


def set_pdf(template: str, code: str, **values: Any) -> bytes:
    """Fill ``template`` and set it; ``code`` names the form in errors.

    Raises:
        FontMissing: another font than ours was needed.
        NotArchival: not PDF/A-2b.
    """
    html = unicodedata.normalize("NFC", _environment().get_template(template).render(**values))
    document = weasyprint.HTML(string=html, base_url=None, url_fetcher=_refuse_url)
    return _archival(document.write_pdf(pdf_variant="pdf/a-2b"), code)


@cache
def style_sheet(name: str) -> str:
    """A style sheet of the package."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _refuse_url(url: str, *_: object, **__: object) -> NoReturn:
    """A form is whole in itself; whatever asks for an address is a fault."""
    raise ValueError("forms load nothing")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        long_date=words.long_date,
        cell=_cell,
        qr=qr.svg,
        kind=lambda block: type(block).__name__,
        share=_share,
    )
    return environment


def _cell(value: Cell) -> Markup:
    """A cell's text; a symbol such as KH-CQMA is not broken at its hyphen, since readers would drop it."""
    text = str(escape(words.cell(value)))
    return Markup(_HYPHENATED.sub(r'<span class="id">\g<0></span>', text))  # noqa: S704


def _share(table: Table, column: Column) -> str:
    return f"{100 * column.width / sum(c.width for c in table.columns):.3f}"


def _archival(raw: bytes, code: str) -> bytes:
    """Drop the empty resource dictionaries that WeasyPrint leaves, make the ID deterministic, validate."""
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                _drop_empty(thing)
        for font in _font_names(pdf):
            if font not in (fonts.FAMILY, fonts.MONO):
                raise FontMissing(font=fonts.FAMILY)
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    report = pikepdf.pdfa.validate_written(io.BytesIO(buffer.getvalue()), "2b")
    if not report.passed:
        raise NotArchival(form=code, rule=report.findings[0].rule)
    return buffer.getvalue()


def _drop_empty(holder: pikepdf.Dictionary | pikepdf.Stream) -> None:
    resources = holder.get("/Resources", holder)
    if not isinstance(resources, pikepdf.Dictionary | pikepdf.Stream):
        return
    for key in ("/Pattern", "/Shading"):
        inner = resources.get(key)
        if isinstance(inner, pikepdf.Dictionary) and not inner.keys():
            del resources[key]


def _font_names(pdf: pikepdf.Pdf) -> set[str]:
    """Families of all embedded fonts, without subset prefix and style."""
    names = set()
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font":
            name = str(thing["/BaseFont"]).lstrip("/").partition("+")[2] or str(thing["/BaseFont"]).lstrip("/")
            names.add(name.partition("-")[0].partition("#20")[0].partition(" ")[0])
    return names
