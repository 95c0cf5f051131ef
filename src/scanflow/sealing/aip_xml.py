"""The XML files of an archival package: METS (E-ARK CSIP 2.0.4), EAD fields of the circular, PREMIS 3."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from scanflow import __version__

_METS = "http://www.loc.gov/METS/"
_XLINK = "http://www.w3.org/1999/xlink"
_CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
_PREMIS = "http://www.loc.gov/premis/v3"
_PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
_PACKAGE_TYPE = "Textual works – Print"
"""Content category vocabulary of CSIP, spelled with its en dash."""
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NOT_ID = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file as METS and PREMIS point to it."""

    path: str
    size: int
    sha256: str
    created: datetime

    @property
    def identity(self) -> str:
        """An XML ID of the file's own."""
        return "id-" + _NOT_ID.sub("_", self.path)

    @property
    def mime(self) -> str:
        """PDF or XML; nothing else is in a package."""
        return "application/pdf" if self.path.endswith(".pdf") else "application/xml"


def ead_xml(root: str, fields: dict[str, str]) -> bytes:
    """The descriptive fields, one element a field, in order."""
    top = ET.Element(root)
    for name, value in fields.items():
        ET.SubElement(top, name).text = value
    return _serialised(top)


def mets_xml(object_id: str, files: Iterable[FileRef], when: datetime) -> bytes:
    """METS of the package: its own metadata, and a pointer to each representation's METS."""
    refs = tuple(files)
    top = _root(object_id, when)
    outer = [ref for ref in refs if ref.path.startswith("metadata/")]
    (representation,) = (ref for ref in refs if ref.path == "representations/rep1/METS.xml")
    descriptive, preservation = _metadata(top, outer, when)
    group = _file_group(top, "Representations/rep1", [representation])
    structure = _structure(top, object_id)
    _metadata_div(structure, descriptive, preservation)
    div = _div(structure, "Representations/rep1")
    pointer = ET.SubElement(div, _m("mptr"), LOCTYPE="URL")
    _link(pointer, representation.path)
    pointer.set(f"{{{_XLINK}}}title", group)
    return _serialised(top)


def representation_mets_xml(name: str, files: Iterable[FileRef], when: datetime) -> bytes:
    """METS of a representation: its metadata and its data files."""
    refs = tuple(files)
    top = _root(name, when)
    descriptive, preservation = _metadata(top, [ref for ref in refs if ref.path.startswith("metadata/")], when)
    group = _file_group(top, "Data", [ref for ref in refs if ref.path.startswith("data/")])
    structure = _structure(top, name)
    _metadata_div(structure, descriptive, preservation)
    ET.SubElement(_div(structure, "Data"), _m("fptr"), FILEID=group)
    return _serialised(top)


def premis_xml(objects: Iterable[FileRef], when: datetime, subject: str) -> bytes:
    """PREMIS 3: the files with their SHA-256, the digitisation as an event, scanflow as the agent."""
    top = ET.Element(_p("premis"), version="3.0")
    for ref in objects:
        one = ET.SubElement(top, _p("object"), {f"{{{_XSI}}}type": "premis:file"})
        _identified(one, "object", "local", ref.path)
        characteristics = ET.SubElement(one, _p("objectCharacteristics"))
        fixity = ET.SubElement(characteristics, _p("fixity"))
        ET.SubElement(fixity, _p("messageDigestAlgorithm")).text = "SHA-256"
        ET.SubElement(fixity, _p("messageDigest")).text = ref.sha256
        ET.SubElement(characteristics, _p("size")).text = str(ref.size)
        form = ET.SubElement(ET.SubElement(characteristics, _p("format")), _p("formatDesignation"))
        ET.SubElement(form, _p("formatName")).text = ref.mime
    event = ET.SubElement(top, _p("event"))
    _identified(event, "event", "local", f"{subject}-digitisation")
    ET.SubElement(event, _p("eventType")).text = "transfer"
    ET.SubElement(event, _p("eventDateTime")).text = _stamp(when)
    agent_link = ET.SubElement(event, _p("linkingAgentIdentifier"))
    ET.SubElement(agent_link, _p("linkingAgentIdentifierType")).text = "local"
    ET.SubElement(agent_link, _p("linkingAgentIdentifierValue")).text = "scanflow"
    agent = ET.SubElement(top, _p("agent"))
    _identified(agent, "agent", "local", "scanflow")
    ET.SubElement(agent, _p("agentName")).text = "scanflow"
    ET.SubElement(agent, _p("agentType")).text = "software"
    ET.SubElement(agent, _p("agentVersion")).text = __version__
    return _serialised(top)


def _root(object_id: str, when: datetime) -> ET.Element:
    top = ET.Element(_m("mets"), OBJID=object_id, TYPE=_PACKAGE_TYPE, PROFILE=_PROFILE)
    top.set(f"{{{_CSIP}}}CONTENTINFORMATIONTYPE", "MIXED")
    header = ET.SubElement(top, _m("metsHdr"), CREATEDATE=_stamp(when), LASTMODDATE=_stamp(when))
    header.set(f"{{{_CSIP}}}OAISPACKAGETYPE", "AIP")
    agent = ET.SubElement(header, _m("agent"), ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    ET.SubElement(agent, _m("name")).text = "scanflow"
    note = ET.SubElement(agent, _m("note"))
    note.text = __version__
    note.set(f"{{{_CSIP}}}NOTETYPE", "SOFTWARE VERSION")
    return top


def _metadata(top: ET.Element, refs: Iterable[FileRef], when: datetime) -> tuple[str, str]:
    """The dmdSec and amdSec; their IDs for the structural map, separated by spaces."""
    listed = tuple(refs)
    descriptive = [ref for ref in listed if "descriptive" in ref.path]
    preservation = [ref for ref in listed if "preservation" in ref.path]
    for ref in descriptive:
        section = ET.SubElement(top, _m("dmdSec"), ID=f"dmd-{ref.identity}", CREATED=_stamp(when), STATUS="CURRENT")
        _reference(section, ref, "EAD")
    administrative = ET.SubElement(top, _m("amdSec"))
    for ref in preservation:
        section = ET.SubElement(
            administrative,
            _m("digiprovMD"),
            ID=f"prov-{ref.identity}",
            CREATED=_stamp(when),
            STATUS="CURRENT",
        )
        _reference(section, ref, "PREMIS")
    return (
        " ".join(f"dmd-{ref.identity}" for ref in descriptive),
        " ".join(f"prov-{ref.identity}" for ref in preservation),
    )


def _reference(section: ET.Element, ref: FileRef, kind: str) -> None:
    pointer = ET.SubElement(section, _m("mdRef"), {"LOCTYPE": "URL", "MDTYPE": kind} | _facts(ref))
    _link(pointer, ref.path)


def _file_group(top: ET.Element, use: str, refs: Iterable[FileRef]) -> str:
    section = ET.SubElement(top, _m("fileSec"), ID="files")
    identity = "group-" + _NOT_ID.sub("_", use)
    group = ET.SubElement(section, _m("fileGrp"), ID=identity, USE=use)
    group.set(f"{{{_CSIP}}}CONTENTINFORMATIONTYPE", "MIXED")
    for ref in refs:
        file = ET.SubElement(group, _m("file"), {"ID": ref.identity} | _facts(ref))
        _link(ET.SubElement(file, _m("FLocat"), LOCTYPE="URL"), ref.path)
    return identity


def _structure(top: ET.Element, label: str) -> ET.Element:
    whole = ET.SubElement(top, _m("structMap"), ID="structure", TYPE="PHYSICAL", LABEL="CSIP")
    return ET.SubElement(whole, _m("div"), ID="div-package", LABEL=label)


def _metadata_div(structure: ET.Element, descriptive: str, preservation: str) -> None:
    div = _div(structure, "Metadata")
    div.set("DMDID", descriptive)
    div.set("ADMID", preservation)


def _div(structure: ET.Element, label: str) -> ET.Element:
    return ET.SubElement(structure, _m("div"), ID="div-" + _NOT_ID.sub("_", label), LABEL=label)


def _facts(ref: FileRef) -> dict[str, str]:
    return {
        "MIMETYPE": ref.mime,
        "SIZE": str(ref.size),
        "CREATED": _stamp(ref.created),
        "CHECKSUM": ref.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }


def _link(element: ET.Element, path: str) -> None:
    element.set(f"{{{_XLINK}}}type", "simple")
    element.set(f"{{{_XLINK}}}href", path)


def _identified(element: ET.Element, kind: str, form: str, value: str) -> None:
    identifier = ET.SubElement(element, _p(f"{kind}Identifier"))
    ET.SubElement(identifier, _p(f"{kind}IdentifierType")).text = form
    ET.SubElement(identifier, _p(f"{kind}IdentifierValue")).text = value


def _m(name: str) -> str:
    return f"{{{_METS}}}{name}"


def _p(name: str) -> str:
    return f"{{{_PREMIS}}}{name}"


def _stamp(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _serialised(top: ET.Element) -> bytes:
    for prefix, uri in (("", _METS), ("xlink", _XLINK), ("csip", _CSIP), ("premis", _PREMIS)):
        ET.register_namespace(prefix, uri)
    ET.indent(top)
    serialised: bytes = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return serialised + b"\n"
