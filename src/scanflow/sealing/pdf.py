"""One document as two-layer PDF/A-2b (TCVN 14159-2:2024, ISO 19005-2; TT 05/2025/TT-BNV, Điều 8).

Each page shows its image, the scanner's own JPEG bytes where there are any, laid upright by a matrix, and
carries an invisible text layer. The same input gives the same bytes. The document's manifest (canonical JSON)
stands in the XMP packet as ``dc:source``: PDF/A-2 admits attachments only if they are PDF/A themselves (ISO
19005-2, 6.8), so an attached ``manifest.json`` would cost the conformance that the circular asks for.

Nothing here touches a disk: ``pikepdf.pdfa.save`` would go through a temporary file in the clear, so this
module saves to memory with the same settings and validates those bytes.
"""

from __future__ import annotations

import gc
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, pdfa

from scanflow import __version__
from scanflow.levels import Level
from scanflow.ocr import jpeg
from scanflow.ocr.geometry import Placement, place
from scanflow.ocr.jpeg import JpegHead
from scanflow.ocr.text import TextLayer
from scanflow.pages import Face, SideLabel
from scanflow.sealing import mrc, textlayer
from scanflow.sealing.errors import NothingToSeal, NotPdfA, TopSecretRefused, UnusableImage
from scanflow.sealing.facts import DocumentFacts, PageEntry, manifest_json
from scanflow.sealing.textlayer import TextFont
from scanflow.sealing.vault import LentPage

FLAVOUR = "2b"
TextLayers = Mapping[tuple[int, Face], TextLayer]
"""Recognised text by side; a side without an entry gets no text layer."""


def build_pdf(pages: Iterable[LentPage], facts: DocumentFacts, texts: TextLayers | None = None) -> bytes:
    """The finished, validated PDF/A-2b.

    Args:
        pages: the cleared pages in order, from `DocumentVault.pages`.
        facts: goes into the metadata; must not be TUYỆT MẬT.
        texts: what OCR read, by (sheet, face).

    Raises:
        TopSecretRefused: the level is TUYỆT MẬT.
        NothingToSeal: no page is left to show.
        UnusableImage: a page's JPEG has no usable head.
        NotPdfA: the result does not validate; nothing is returned.
    """
    return build_flavour(pages, facts, texts or {}, FLAVOUR)


def build_access_copy(pages: Iterable[LentPage], facts: DocumentFacts, texts: TextLayers | None = None) -> bytes:
    """The same document small, for reading on a screen (bản xem): two layers a page (`mrc`), never the master.

    Raises:
        TopSecretRefused, NothingToSeal, UnusableImage, NotPdfA: as `build_pdf`.
    """
    return build_flavour(pages, facts, texts or {}, FLAVOUR, _mixed)


Show = Callable[[Pdf, LentPage, JpegHead], tuple[Dictionary, bytes]]
"""How a page's image is shown: its XObjects, and what draws them into the unit square."""


def build_flavour(
    pages: Iterable[LentPage], facts: DocumentFacts, layers: TextLayers, flavour: str, show: Show | None = None
) -> bytes:
    """`build_pdf` in another flavour: ``1b`` makes the twin that PDFBox's preflight can judge."""
    if facts.level >= Level.TUYET_MAT:
        raise TopSecretRefused(document=facts.name)
    font = TextFont(
        char for layer in layers.values() for line in layer.lines for word in line.words for char in word.text
    )
    with Pdf.new() as pdf:
        font_object = font.to_object(pdf) if layers else None
        entries = []
        for page in pages:
            if page.clearance.label is SideLabel.BLANK and not facts.keep_blanks:
                continue
            layer = layers.get((page.sheet, page.face))
            entries.append(_add_page(pdf, page, layer, font, font_object, show or _scanned))
        if not entries:
            raise NothingToSeal(document=facts.name)
        _describe(pdf, facts, entries, flavour)
        return _written(pdf, facts, flavour)


def read_manifest(data: bytes) -> dict[str, Any]:
    """The manifest out of a PDF that `build_pdf` made."""
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_metadata() as metadata:
        manifest: dict[str, Any] = json.loads(str(metadata["dc:source"]))
    return manifest


def _scanned(pdf: Pdf, page: LentPage, head: JpegHead) -> tuple[Dictionary, bytes]:
    """The scanner's bytes as they are."""
    return Dictionary(Im=_jpeg_image(pdf, page.jpeg, head)), b"/Im Do"


def _mixed(pdf: Pdf, page: LentPage, head: JpegHead) -> tuple[Dictionary, bytes]:
    """Background and stencil."""
    pixels = jpeg.decode(page.jpeg)
    if pixels is None:
        raise UnusableImage(sheet=page.sheet, face=page.face, why="JPEG")
    layers = mrc.split(pixels, page.dpi)
    pixels.fill(0)
    shown = Dictionary(Im=_jpeg_image(pdf, layers.background, JpegHead(*layers.background_size, 3)))
    if not layers.stencil:
        return shown, b"/Im Do"
    width, height = layers.size
    shown.Ink = pdf.make_stream(
        layers.stencil,
        Type=Name.XObject,
        Subtype=Name.Image,
        ImageMask=True,
        Width=width,
        Height=height,
        BitsPerComponent=1,
        Filter=Name.CCITTFaxDecode,
        DecodeParms=Dictionary(K=-1, Columns=width, Rows=height),
    )
    return shown, b"/Im Do %.3f %.3f %.3f rg /Ink Do" % layers.ink


def _jpeg_image(pdf: Pdf, data: bytes, head: JpegHead) -> pikepdf.Object:
    image = pdf.make_stream(data)
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height, image.BitsPerComponent = head.width, head.height, 8
    image.ColorSpace = Name.DeviceGray if head.components == 1 else Name.DeviceRGB
    image.Filter = Name.DCTDecode
    return image


def _add_page(
    pdf: Pdf,
    page: LentPage,
    layer: TextLayer | None,
    font: TextFont,
    font_object: pikepdf.Object | None,
    show: Show,
) -> PageEntry:
    head = jpeg.read_head(page.jpeg)
    if head is None:
        raise UnusableImage(sheet=page.sheet, face=page.face, why="JPEG")
    pose = page.clearance.pose
    placement = place(head.width, head.height, page.dpi, pose)
    shown, drawing = show(pdf, page, head)
    stream = _image_content(placement, drawing)
    resources = Dictionary(XObject=shown)
    if layer is not None and layer.lines and font_object is not None:
        stream += textlayer.content(layer, font, placement.height_pt)
        resources.Font = Dictionary(F=font_object)
    pdf.pages.append(
        pikepdf.Page(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, _number(placement.width_pt), _number(placement.height_pt)]),
                Resources=resources,
                Contents=pdf.make_stream(stream),
            )
        )
    )
    return PageEntry(
        sheet=page.sheet,
        face=page.face,
        label=page.clearance.label,
        image_sha256=hashlib.sha256(page.jpeg).hexdigest(),
        original=page.original,
        width=head.width,
        height=head.height,
        dpi=page.dpi,
        turn=pose.turn,
        skew_deg=round(pose.skew_deg or 0.0, 4),
        text="/Font" in resources,
    )


def _image_content(placement: Placement, drawing: bytes) -> bytes:
    return b"q %.5f %.5f %.5f %.5f %.5f %.5f cm %s Q\n" % (*placement.matrix, drawing)


def _number(value: float) -> pikepdf.Object:
    return pikepdf.Object.parse(b"%.3f" % value)


def _describe(pdf: Pdf, facts: DocumentFacts, entries: list[PageEntry], flavour: str) -> None:
    """Output intent, XMP and document information; every date is the moment of digitising."""
    when = facts.digitised_at.isoformat(timespec="seconds")
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = facts.name
        metadata["dc:identifier"] = facts.name
        metadata["dc:type"] = [facts.level.name]
        metadata["dc:language"] = ["vi"]
        metadata["dc:source"] = manifest_json(facts, entries)
        metadata["xmp:CreatorTool"] = f"scanflow {__version__}"
        metadata["xmp:CreateDate"] = when
        metadata["xmp:ModifyDate"] = when
    pdf.Root.Lang = pikepdf.String("vi-VN")
    pdfa.prepare(pdf, flavour, output_intent="sRGB")
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["xmp:MetadataDate"] = when  # prepare() wrote the time of day: the same input must give the same bytes


def _written(pdf: Pdf, facts: DocumentFacts, flavour: str) -> bytes:
    settings = pdfa.resolve_save_kwargs(flavour, deterministic_id=True)
    buffer = io.BytesIO()
    pdf.save(buffer, **settings)
    data = buffer.getvalue()
    rules = _broken_rules(data, flavour, settings)
    if rules == {_ANY_WARNING}:
        rules = _broken_rules(data, flavour, settings)
    if rules:
        raise NotPdfA(document=facts.name, rules=", ".join(sorted(rules)))
    return data


_ANY_WARNING = "pikepdf:content-parse"
"""pikepdf takes every Python warning that is raised meanwhile, in any thread, for a fault of the content (seen with a
file that another part of the process had left to the garbage collector). A second look tells: a fault stays."""


def _broken_rules(data: bytes, flavour: str, settings: Mapping[str, Any]) -> set[str]:
    """The rules that the written file breaks; empty when it passes."""
    gc.collect()  # what would warn when collected does so now
    report = pdfa.validate_written(io.BytesIO(data), flavour, save_kwargs=dict(settings))
    if report.verdict == "pass":
        return set()
    return {finding.rule for finding in report.findings} or {"?"}
