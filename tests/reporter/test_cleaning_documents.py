"""Office files made anew without who wrote them, when, with what and in which folder."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.reporter.cleaned_parts import parts_of
from tests.reporter.office.excel_parts import XLSX
from tests.reporter.office.office_files import CHARTED_DOCX, FILES
from tests.reporter.office.office_parts import (
    MS,
    SECRETS,
    SHEET,
    SPACES,
    WORDS,
    Parts,
    package,
    relations,
)
from tests.reporter.office.powerpoint_parts import PPTX
from tests.reporter.office.word_parts import DOCX
from tests.reporter.test_cleaning import AUTHOR, CAMERA, PLACE, _break, _examine

HERE = Path(__file__).parent / "files"


# Written by LibreOffice 25.2, out of files that hold a name, a day or a folder wherever one fits.
REAL = ("letter.docx", "figures.xlsx", "talk.pptx")


# The name of the file and of its writer, which fields show.
SAID_BY_FIELDS = {"letter.docx": {"/tmp/distinctive/letter.fodt", "Shown Name"}}


READ = ("t", "delText", "v", "author", "text")


def _elements(data: bytes) -> list[ElementTree.Element]:
    return [
        element
        for name, part in sorted(parts_of(data).items())
        if name.endswith((".xml", ".rels", ".vml"))
        for element in ElementTree.fromstring(part).iter()
    ]


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _words(data: bytes) -> Counter[str]:
    """Return what the parts that stay say, each piece as often as it is said."""
    said = (element.text for element in _elements(data) if _name(element) in READ and element.text)
    return Counter(said)


def _without(parts: Parts, name: str) -> Parts:
    return {place: part for place, part in parts.items() if place != name}


def _led(parts: Parts, owner: str, kind: str, target: str, data: str | bytes) -> Parts:
    """One part more, and the relation of another that leads to it."""
    listed = str(parts[owner]).replace("</Relationships>", "")
    more = relations(("rId99", kind, target)).partition(">")[2]
    folder = owner.split("/")[0]
    return {**parts, owner: listed + more, f"{folder}/{target}": data}


@pytest.mark.parametrize("ending", FILES)
def test_an_office_file_keeps_its_words_and_nobodys_name(ending: str, tmp_path: Path) -> None:
    found, copy = _examine(FILES[ending], tmp_path)
    assert found["cleaned"], found
    assert found["ending"] == ending
    assert found["revealed"]["author"] == AUTHOR
    assert found["revealed"]["device"] == "Distinctive Writer 16.0000"
    assert found["revealed"]["time"] == "2031-05-06T07:08:09Z"
    assert found["revealed"]["place"] == pytest.approx(PLACE, abs=0.001), "of the photo inside"
    parts = parts_of(copy)
    assert any(WORDS.encode() in data for data in parts.values())
    for name, data in parts.items():
        assert [secret for secret in SECRETS if secret in name.encode() + data] == [], name
    assert [secret for secret in SECRETS if secret in copy] == []
    assert not any(name.startswith(("docProps", "customXml", "docMetadata")) for name in parts)
    again, twice = _examine(copy, tmp_path)
    assert not any(again["revealed"].values()), again
    assert parts_of(twice) == parts


def test_the_zip_itself_tells_nothing(tmp_path: Path) -> None:
    _, copy = _examine(FILES["docx"], tmp_path)
    with zipfile.ZipFile(BytesIO(copy)) as packed:
        assert packed.comment == b""
        for entry in packed.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert (entry.comment, entry.extra) == (b"", b"")


def test_no_number_of_a_sitting_or_a_thing_stays(tmp_path: Path) -> None:
    """Attributes by which two files of one machine could be told to belong together."""
    for data in (*FILES.values(), CHARTED_DOCX):
        _, copy = _examine(data, tmp_path)
        for element in _elements(copy):
            for attribute, value in element.attrib.items():
                name = attribute.rpartition("}")[2]
                assert not name.startswith(("rsid", "para", "textId", "uid", "durable", "guid"))
                assert name not in (
                    "anchorId",
                    "editId",
                    "descr",
                    "title",
                    "codeName",
                    "dt",
                    "tplc",
                )
                assert "\\" not in value, (element.tag, attribute)


def test_what_fields_show_stays_and_what_they_would_fetch_goes(tmp_path: Path) -> None:
    _, copy = _examine(FILES["docx"], tmp_path)
    document = parts_of(copy)["word/document.xml"].decode()
    shown = ("7", "12", "A picture.", "A local link.", "A field link.", "A source.", "34")
    for words in (
        *shown,
        "A table of contents.",
        "In a control.",
        "A smart tag.",
        "A link to a disk.",
    ):
        assert f"<w:t>{words}</w:t>" in document
    for gone in ("INCLUDEPICTURE", "FILENAME", "ADDIN", "AUTHOR", "a.docx"):
        assert gone not in document
    assert ' HYPERLINK "https://example.org/b" ' in document
    assert "https://example.org/a" in parts_of(copy)["word/_rels/document.xml.rels"].decode()


def test_bookmarks_whose_numbers_are_seconds_lead_where_they_led(tmp_path: Path) -> None:
    """Word counts the seconds since a day in "_Toc198765432"."""
    _, copy = _examine(FILES["docx"], tmp_path)
    document = parts_of(copy)["word/document.xml"].decode()
    assert "198765432" not in document
    assert 'w:name="_b1"' in document
    assert " PAGEREF _b1 \\h " in document
    assert 'w:anchor="_b1"' in document


def test_a_style_of_the_house_keeps_its_looks_under_another_name(tmp_path: Path) -> None:
    _, copy = _examine(FILES["docx"], tmp_path)
    parts = {name: data.decode("latin1") for name, data in parts_of(copy).items()}
    assert 'w:styleId="s2"><w:name w:val="Style 2">' in parts["word/styles.xml"]
    assert '<w:name w:val="Normal">' in parts["word/styles.xml"], "a name of Word's own"
    assert '<w:pStyle w:val="s2">' in parts["word/document.xml"]
    assert ' TOC \\o "1-3" \\t "Style 2,1" ' in parts["word/document.xml"]


def test_cells_keep_their_values_without_formulas_that_name_other_files(tmp_path: Path) -> None:
    _, copy = _examine(FILES["xlsx"], tmp_path)
    parts = {name: data.decode("latin1") for name, data in parts_of(copy).items()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert '<c r="B1"><f>SUM(A2:A3)</f><v>5</v></c>' in sheet
    assert '<c r="C1"><v>41</v></c><c r="D1"><v>42</v></c>' in sheet
    assert "Numbers!$A$1" in parts["xl/workbook.xml"]
    assert "An item." in parts["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert "A remark." in parts["xl/comments.xml"]


def test_a_chart_keeps_what_it_draws_without_the_workbook_behind_it(tmp_path: Path) -> None:
    found, copy = _examine(CHARTED_DOCX, tmp_path)
    assert found["cleaned"], found
    parts = parts_of(copy)
    chart = parts["word/charts/chart1.xml"].decode()
    assert "A series." in chart
    assert "Sheet1!$B$2:$B$3" in chart
    for name, data in parts.items():
        assert [secret for secret in SECRETS if secret in data] == [], name
        assert "embeddings" not in name


def test_what_can_only_be_fetched_is_not_fetched(tmp_path: Path) -> None:
    """A picture on the web, a template: whoever opens the file would be seen there."""
    document = str(DOCX["word/document.xml"]).replace('r:embed="rId3"', 'r:link="rId17"')
    found, copy = _examine(
        package("word/document.xml", {**DOCX, "word/document.xml": document}), tmp_path
    )
    assert found["cleaned"], found
    for element in _elements(copy):
        if _name(element) == "Relationship" and element.get("TargetMode"):
            assert element.attrib["Type"].endswith("/hyperlink")


def test_what_an_unknown_program_adds_is_left_out_and_its_words_are_not_lost(
    tmp_path: Path,
) -> None:
    own = '<own:x xmlns:own="urn:Distinctive" own:y="Distinctive">%s</own:x></w:body>'
    document = str(DOCX["word/document.xml"])
    data = package(
        "word/document.xml",
        {**DOCX, "word/document.xml": document.replace("</w:body>", own % "Distinctive")},
    )
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    assert b"Distinctive" not in parts_of(copy)["word/document.xml"]
    spoken = own % "<w:p><w:r><w:t>Words.</w:t></w:r></w:p>"
    data = package(
        "word/document.xml", {**DOCX, "word/document.xml": document.replace("</w:body>", spoken)}
    )
    found, _ = _examine(data, tmp_path)
    assert not found["cleaned"], "words that somebody would miss"


def test_another_programs_prefixes_and_quotes_hide_no_name(tmp_path: Path) -> None:
    document = str(DOCX["word/document.xml"]).replace(" xmlns:w=", " xmlns:ns0 = ")
    document = re.sub(r"(?<=[</ ])w:", "ns0:", document)
    document = document.replace(
        'ns0:author="Distinctive Changer"', "ns0:author = 'Distinctive Changer'"
    )
    found, copy = _examine(
        package("word/document.xml", {**DOCX, "word/document.xml": document}), tmp_path
    )
    assert found["cleaned"], found
    copied = parts_of(copy)["word/document.xml"]
    assert WORDS.encode() in copied
    assert [secret for secret in SECRETS if secret in copied] == []


def test_every_relation_of_the_copy_leads_somewhere(tmp_path: Path) -> None:
    for data in (*FILES.values(), CHARTED_DOCX):
        _, copy = _examine(data, tmp_path)
        parts = parts_of(copy)
        led = set()
        for name, part in parts.items():
            folder = name.partition("_rels/")[0]
            for element in ElementTree.fromstring(part) if name.endswith(".rels") else ():
                if element.get("TargetMode") == "External":
                    continue
                target = element.attrib["Target"]
                place = folder + target
                while "/../" in place:
                    before, _, after = place.partition("/../")
                    place = f"{before.rpartition('/')[0]}/{after}".removeprefix("/")
                assert place in parts, (name, target)
                led.add(place)
        listed = set()
        for override in ElementTree.fromstring(parts["[Content_Types].xml"]):
            if "PartName" in override.attrib:
                listed.add(override.attrib["PartName"].removeprefix("/"))
        assert listed <= led
        assert {name for name in parts if name.endswith((".xml", ".vml"))} - listed == {
            "[Content_Types].xml"
        }


def test_a_photo_in_a_document_is_cleaned_like_a_photo(tmp_path: Path) -> None:
    _, copy = _examine(FILES["docx"], tmp_path)
    pictures = {name: data for name, data in parts_of(copy).items() if "/media/" in name}
    assert list(pictures) == ["word/media/image1.jpeg"], "one that nothing shows is not there"
    assert CAMERA.encode() not in pictures["word/media/image1.jpeg"]


@pytest.mark.parametrize("name", REAL)
def test_real_files_keep_what_they_show(name: str, tmp_path: Path) -> None:
    data = (HERE / name).read_bytes()
    assert any(secret in part for part in parts_of(data).values() for secret in SECRETS)
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    assert "LibreOffice" in found["revealed"]["device"]
    for place, part in parts_of(copy).items():
        assert [secret for secret in SECRETS if secret in place.encode() + part] == [], place
    before, after = _words(data), _words(copy)
    lost = {words for words in before - after if not any(s in words.encode() for s in SECRETS)}
    assert lost == SAID_BY_FIELDS.get(name, set())
    drawn = ("tbl", "tr", "drawing", "pic", "ser", "c", "f", "sp", "dataBar", "sparkline")
    counts = [Counter(_name(each) for each in _elements(file)) for file in (data, copy)]
    assert {each: counts[0][each] for each in drawn} == {each: counts[1][each] for each in drawn}


DOCX_RELS = "word/_rels/document.xml.rels"


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(
            _led(DOCX, DOCX_RELS, "package", "embeddings/sheet.xlsx", "x"), id="another file"
        ),
        pytest.param(_led(DOCX, DOCX_RELS, "oleObject", "embeddings/o.bin", "x"), id="an object"),
        pytest.param(
            _led(DOCX, DOCX_RELS, f"{MS}/2006/relationships/vbaProject", "vbaProject.bin", "x"),
            id="a program",
        ),
        pytest.param(_led(DOCX, DOCX_RELS, "aFChunk", "chunk.html", "x"), id="a page of the web"),
        pytest.param(_led(DOCX, DOCX_RELS, "control", "activeX/a.xml", "x"), id="a control"),
        pytest.param(
            {**DOCX, "word/media/IMG_20310506_Distinctive.jpg": b"\x01\0\0\0 EMF"}, id="a drawing"
        ),
        pytest.param(_without(DOCX, "word/styles.xml"), id="a part that lacks"),
        pytest.param(
            {**DOCX, "word/header1.xml": f"<w:ftr {SPACES}/>"}, id="another part than it is called"
        ),
        pytest.param(
            {
                **DOCX,
                "word/header1.xml": f"<!DOCTYPE x [<!ENTITY a 'b'>]><w:hdr {SPACES}>&a;</w:hdr>",
            },
            id="entities",
        ),
        pytest.param({**DOCX, "word/header1.xml": f"<w:hdr {SPACES}><w:p></w:hdr>"}, id="unclosed"),
        pytest.param(
            {**DOCX, "word/header1.xml": f"<w:hdr {SPACES}>&#xD800;</w:hdr>".encode() + b"\xff"},
            id="not utf-8",
        ),
    ],
)
def test_what_is_not_known_inside_makes_it_a_file_that_cannot_be_cleaned(
    parts: Parts, tmp_path: Path
) -> None:
    found, _ = _examine(package("word/document.xml", parts), tmp_path)
    assert not found["cleaned"]


@pytest.mark.parametrize(
    ("main", "parts"),
    [
        pytest.param(
            "ppt/presentation.xml",
            _led(PPTX, "ppt/slides/_rels/slide1.xml.rels", f"{MS}/2018/10/relationships/comments",
                 "slides/modern.xml", '<x:cmLst xmlns:x="p188"/>'),
            id="comments of today's PowerPoint",
        ),
        pytest.param(
            "ppt/presentation.xml",
            _led(PPTX, "ppt/slides/_rels/slide1.xml.rels", "video", "slides/a.mp4", "x"),
            id="a film",
        ),
        pytest.param(
            "xl/workbook.xml",
            _led(XLSX, "xl/_rels/workbook.xml.rels", f"{MS}/2017/06/relationships/rdRichValue",
                 "richData/a.xml", "x"),
            id="pictures in cells",
        ),
        pytest.param(
            "xl/workbook.xml",
            {**XLSX, "xl/sharedStrings.xml": f"<sst {SHEET}><own><t>Words.</t></own></sst>"},
            id="words in the unknown",
        ),
    ],
)  # fmt: skip
def test_other_programs_files_with_the_unknown_inside_cannot_be_cleaned_either(
    main: str, parts: Parts, tmp_path: Path
) -> None:
    found, _ = _examine(package(main, parts), tmp_path)
    assert not found["cleaned"]


def test_a_zip_that_swells_or_lies_is_not_cleaned(tmp_path: Path) -> None:
    bomb = package("word/document.xml", {**DOCX, "word/styles.xml": bytes(201 * 2**20)})
    for data in (bomb, FILES["docx"][:-60], FILES["docx"][:2_000]):
        found, _ = _examine(data, tmp_path)
        assert not found["cleaned"]


@pytest.mark.parametrize("ending", FILES)
def test_no_broken_office_file_makes_the_page_stumble(ending: str, tmp_path: Path) -> None:
    _break(FILES[ending], tmp_path, tries=150)
