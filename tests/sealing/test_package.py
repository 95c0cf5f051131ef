"""A dossier's set of containers, its index, and the archival package."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanflow.levels import Level
from scanflow.sealing import CmsSealer, Container, open_container
from scanflow.sealing.aip import DocumentRecord, DossierRecord, build_aip
from scanflow.sealing.errors import NothingToSeal, PackageIncomplete, PackageIndexUnreadable, TopSecretRefused
from scanflow.sealing.keys import DemoKeys
from scanflow.sealing.package import (
    IndexEntry,
    PackageIndex,
    compare_set,
    demand_whole,
    read_index,
    seal_index,
)

from .conftest import make_facts

DOSSIER = "H49.64.33.2001.160"
METS = "{http://www.loc.gov/METS/}"
XLINK = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module")
def containers(sealer: CmsSealer) -> list[Container]:
    return [
        sealer.seal(b"%%PDF %d" % serial, name=make_facts(serial=serial).name, level=level)
        for serial, level in ((1, Level.MAT), (2, Level.TOI_MAT), (3, Level.THUONG))
    ]


def test_a_set_with_its_index_is_whole(containers: list[Container], sealer: CmsSealer, site: DemoKeys) -> None:
    sealed = seal_index(DOSSIER, containers, sealer)
    assert (sealed.name, sealed.level) == (f"{DOSSIER}.index", Level.TOI_MAT)
    index = read_index(open_container(sealed.data, site.recovery.certificate, site.recovery.key))
    demand_whole(index, {one.name: one.data for one in containers})


def test_a_missing_a_changed_and_a_strange_container_are_told(containers: list[Container], sealer: CmsSealer) -> None:
    index = PackageIndex(DOSSIER, tuple(IndexEntry(one.name, len(one.data), one.sha256) for one in containers))
    first, second, third = containers
    difference = compare_set(index, {second.name: second.data + b"\0", third.name: third.data, "other": b""})
    assert (difference.missing, difference.changed, difference.unexpected) == (
        (first.name,),
        (second.name,),
        ("other",),
    )
    with pytest.raises(PackageIncomplete) as caught:
        demand_whole(index, {third.name: third.data, second.name: second.data})
    assert (caught.value.facts["missing"], caught.value.facts["changed"]) == (1, 0)
    with pytest.raises(PackageIncomplete):
        demand_whole(index, {first.name: second.data, second.name: second.data, third.name: third.data})


@given(names=st.sets(st.text("abc.0123", min_size=1, max_size=8), max_size=5))
def test_an_index_comes_back(names: set[str]) -> None:
    entries = tuple(IndexEntry(name, 5, hashlib.sha256(name.encode()).hexdigest()) for name in sorted(names))
    assert read_index(PackageIndex(DOSSIER, entries).to_json()) == PackageIndex(DOSSIER, entries)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b'{"form":"scanflow-index/2","dossier":"H","containers":[]}',
        b'{"form":"scanflow-index/1","dossier":"H"}',
        b'{"form":"scanflow-index/1","dossier":"H","containers":[["a",1]]}',
        b'{"form":"scanflow-index/1","dossier":"H","containers":[["a","x","y"]]}',
        b'{"form":"scanflow-index/1","dossier":"H","containers":[],"more":1}',
    ],
)
def test_what_is_no_index(text: bytes) -> None:
    with pytest.raises(PackageIndexUnreadable):
        read_index(text)


# ------------------------------------------------------------------------------------------------------------ AIP


def record(serial: int, **changes: object) -> DocumentRecord:
    facts = make_facts(serial=serial, **changes)
    return DocumentRecord(
        facts,
        b"%%PDF %d" % serial,
        "22",
        "12",
        "BC-UBND",
        date(2001, 3, 4),
        "UBND tỉnh Minh Họa",
        "Về việc mẫu",
    )


def unzip(data: bytes) -> tuple[str, dict[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        root = names[0].split("/")[0]
        return root, {name.removeprefix(root + "/"): archive.read(name) for name in names}


@pytest.fixture
def tree() -> dict[str, bytes]:
    aip = build_aip(DossierRecord(DOSSIER, "UBND.K1.160", "Tiêu đề"), [record(2), record(1)])
    root, files = unzip(aip.data)
    assert root == aip.object_id.replace(":", "_")
    return files


def test_the_tree_is_the_one_of_the_circular(tree: dict[str, bytes]) -> None:
    rep = "representations/rep1/"
    names = [make_facts(serial=serial).name for serial in (1, 2)]
    assert set(tree) == {
        "METS.xml",
        "metadata/descriptive/EAD.xml",
        "metadata/preservation/PREMIS.xml",
        rep + "METS.xml",
        rep + "metadata/preservation/PREMIS_rep1.xml",
        *(f"{rep}metadata/descriptive/EAD_doc_{name}.xml" for name in names),
        *(f"{rep}data/{name}.pdf" for name in names),
    }


@pytest.mark.parametrize("folder", ["", "representations/rep1/"])
def test_every_pointer_of_a_mets_names_a_file_with_its_size_and_digest(folder: str, tree: dict[str, bytes]) -> None:
    mets = ET.fromstring(tree[folder + "METS.xml"])
    pointed = 0
    for element in (*mets.iter(f"{METS}mdRef"), *mets.iter(f"{METS}file")):
        link = element.get(XLINK) or element[0].get(XLINK) or ""
        content = tree[folder + link]
        assert int(element.get("SIZE", "0")) == len(content)
        assert element.get("CHECKSUM") == hashlib.sha256(content).hexdigest()
        pointed += 1
    covered = {path for path in tree if path.startswith(folder) and path != folder + "METS.xml"}
    if not folder:  # the package points to a representation by its METS
        covered = {path for path in covered if not path.startswith("representations/")} | {
            "representations/rep1/METS.xml"
        }
    assert pointed == len(covered)


def test_ids_of_a_mets_are_unique_and_every_reference_has_one(tree: dict[str, bytes]) -> None:
    for path in ("METS.xml", "representations/rep1/METS.xml"):
        mets = ET.fromstring(tree[path])
        ids = [element.get("ID") for element in mets.iter() if element.get("ID")]
        assert len(ids) == len(set(ids))
        for element in mets.iter():
            for attribute in ("DMDID", "ADMID", "FILEID"):
                assert set((element.get(attribute) or "").split()) <= set(ids)


def test_the_fields_of_the_dossier_and_its_documents(tree: dict[str, bytes]) -> None:
    ead = ET.fromstring(tree["metadata/descriptive/EAD.xml"])
    fields = {element.tag: element.text or "" for element in ead}
    assert len(fields) == 18 + 1
    assert (fields["arcFileCode"], fields["totalDoc"], fields["numberOfPaper"]) == (DOSSIER, "2", "4")
    assert (fields["numberOfPage"], fields["mode"], fields["confidenceLevel"]) == ("6", "03", "02")
    assert (fields["paperFileCode"], fields["secrecyLevel"]) == ("UBND.K1.160", "Mật")
    name = make_facts(serial=1).name
    document = ET.fromstring(tree[f"representations/rep1/metadata/descriptive/EAD_doc_{name}.xml"])
    fields = {element.tag: element.text or "" for element in document}
    assert len(fields) == 19 + 1
    assert (fields["docCode"], fields["docOrdinal"], fields["issuedDate"]) == (name, "1", "04/03/2001")


def test_premis_holds_the_digest_of_every_pdf(tree: dict[str, bytes]) -> None:
    premis = tree["representations/rep1/metadata/preservation/PREMIS_rep1.xml"].decode()
    for path, content in tree.items():
        if path.endswith(".pdf"):
            assert hashlib.sha256(content).hexdigest() in premis
    assert "<premis:eventType>transfer</premis:eventType>" in premis


def test_the_same_dossier_gives_the_same_bytes() -> None:
    dossier = DossierRecord(DOSSIER, "UBND.K1.160")
    assert build_aip(dossier, [record(1), record(2)]) == build_aip(dossier, [record(2), record(1)])
    assert build_aip(dossier, [record(1)]).object_id != build_aip(dossier, [record(2)]).object_id


def test_the_package_has_the_highest_level_of_its_documents() -> None:
    dossier = DossierRecord(DOSSIER, "UBND.K1.160")
    assert build_aip(dossier, [record(1), record(2, level=Level.TOI_MAT)]).level is Level.TOI_MAT
    open_to_all = build_aip(dossier, [record(1, level=Level.THUONG)])
    assert b"<mode>01</mode>" in unzip(open_to_all.data)[1]["metadata/descriptive/EAD.xml"]


def test_no_package_of_nothing_or_of_top_secret() -> None:
    dossier = DossierRecord(DOSSIER, "UBND.K1.160")
    with pytest.raises(NothingToSeal):
        build_aip(dossier, [])
    with pytest.raises(TopSecretRefused):
        build_aip(dossier, [record(1), record(2, level=Level.TUYET_MAT)])


def test_titles_and_abstracts_do_not_show(tree: dict[str, bytes]) -> None:
    shown = repr(record(1)) + repr(DossierRecord(DOSSIER, "x", "Tiêu đề"))
    assert "Về việc" not in shown
    assert "Tiêu đề" not in shown
