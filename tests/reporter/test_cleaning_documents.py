"""Office files cleaned of who wrote them and when."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.reporter.test_cleaning import (
    AUTHOR,
    CAMERA,
    NEEDLES,
    TAKEN,
    _break,
    _examine,
    _exif,
    _saved,
)

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORDS = "The words of the document stay."

CORE = f"""<?xml version="1.0"?><cp:coreProperties
 xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Distinctive title</dc:title>
<dc:creator>{AUTHOR}</dc:creator><cp:lastModifiedBy>Distinctive Other</cp:lastModifiedBy>
<dcterms:created>2031-05-06T07:08:09Z</dcterms:created></cp:coreProperties>"""
APP = """<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">
<Application>Distinctive Writer</Application><AppVersion>16.0</AppVersion>
<Company>Distinctive House</Company></Properties>"""
COMMON = {
    "_rels/.rels": f"""<Relationships xmlns="{RELATIONS}">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="MAIN"/>
<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/thumbnail"
 Target="docProps/thumbnail.jpeg"/></Relationships>""",
    "docProps/core.xml": CORE,
    "docProps/app.xml": APP,
    "docProps/thumbnail.jpeg": "Distinctive preview",
    "docProps/custom.xml": "<Properties>Distinctive property</Properties>",
}
TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/docProps/custom.xml" ContentType="x"/>
<Override PartName="/MAIN" ContentType="x"/></Types>"""
PHOTO = _saved("JPEG", exif=_exif())


def _package(main: str, parts: dict[str, str | bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        whole: dict[str, str | bytes] = {"[Content_Types].xml": TYPES, **COMMON, **parts}
        for name, data in whole.items():
            packed.writestr(name, data.replace("MAIN", main) if isinstance(data, str) else data)
    return file.getvalue()


DOCX: dict[str, str | bytes] = {
    "word/document.xml": f"""<w:document {W}><w:body w:rsidR="00D15C77"><w:ins w:id="1"
 w:author="Distinctive Changer" w:date="2031-05-06T07:08:09Z"><w:r w:rsidRPr="00D15C77">
<w:t>{WORDS}</w:t></w:r></w:ins></w:body></w:document>""",
    "word/comments.xml": f"""<w:comments {W}><w:comment w:author="Distinctive Commenter"
 w:initials="DC" w:date="2031-05-06T07:08:09Z"/></w:comments>""",
    "word/settings.xml": f"""<w:settings {W}><w:rsids><w:rsidRoot w:val="00D15C77"/></w:rsids>
</w:settings>""",
    "word/people.xml": '<w15:people xmlns:w15="w">Distinctive Person</w15:people>',
    "word/_rels/document.xml.rels": f"""<Relationships xmlns="{RELATIONS}">
<Relationship Id="rId1" Type="x/people" Target="people.xml"/>
<Relationship Id="rId2" Type="x/image" Target="media/image1.jpg"/></Relationships>""",
    "word/media/image1.jpg": PHOTO,
}
XLSX: dict[str, str | bytes] = {
    "xl/workbook.xml": """<workbook xmlns:x15ac="x"><x15ac:absPath url="C:\\Users\\Distinctive\\"/>
</workbook>""",
    "xl/worksheets/sheet1.xml": f"""<worksheet xmlns:r="r"><v>{WORDS}</v>
<pageSetup r:id="rId1"/></worksheet>""",
    "xl/worksheets/_rels/sheet1.xml.rels": f"""<Relationships xmlns="{RELATIONS}">
<Relationship Id="rId1" Type="x/printerSettings" Target="../printerSettings/printerSettings1.bin"/>
</Relationships>""",
    "xl/printerSettings/printerSettings1.bin": "Distinctive printer",
    # As Excel quotes it, where a comment stands.
    "xl/drawings/vmlDrawing1.vml": "<xml><v style='width : 1pt' a=\"x = 'y'\"/></xml>",
    "xl/comments1.xml": "<comments><authors><author>Distinctive Cell</author></authors></comments>",
}
PPTX: dict[str, str | bytes] = {
    "ppt/presentation.xml": f"<presentation><t>{WORDS}</t></presentation>",
    "ppt/commentAuthors.xml": """<list><author id="0" name="Distinctive Speaker"
 initials="DS"/></list>""",
    "ppt/comments/comment1.xml": '<list><cm authorId="0" dt="2031-05-06T07:08:09"/></list>',
}
FILES = {
    "docx": _package("word/document.xml", DOCX),
    "xlsx": _package("xl/workbook.xml", XLSX),
    "pptx": _package("ppt/presentation.xml", PPTX),
}
SECRETS = [*NEEDLES, b"Distinctive", b"2031-05-06", b"D15C77", b"DC", TAKEN.encode()]


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as packed:
        assert packed.testzip() is None
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize("ending", FILES)
def test_an_office_file_keeps_its_words_and_nobody_s_name(ending: str, tmp_path: Path) -> None:
    found, copy = _examine(FILES[ending], tmp_path)
    assert found["cleaned"], found
    assert found["ending"] == ending
    assert found["told"]["author"] == AUTHOR
    assert found["told"]["device"] == "Distinctive Writer 16.0"
    assert found["told"]["time"] == "2031-05-06T07:08:09Z"
    parts = _parts(copy)
    assert any(WORDS.encode() in data for data in parts.values())
    for name, data in parts.items():
        assert [secret for secret in SECRETS if secret in data] == [], name
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(data)
    again, _ = _examine(copy, tmp_path)
    assert not any(again["told"].values()), again


def test_another_programs_prefix_and_a_comment_of_the_markup_hide_no_name(tmp_path: Path) -> None:
    body = str(DOCX["word/document.xml"]).replace("w:", "ns0:")
    parts = {**DOCX, "word/document.xml": f"<!-- by Distinctive Hand -->{body}"}
    found, copy = _examine(_package("word/document.xml", parts), tmp_path)
    assert found["cleaned"], found
    document = _parts(copy)["word/document.xml"]
    assert WORDS.encode() in document
    assert [secret for secret in SECRETS if secret in document] == []


def test_every_relation_of_the_copy_leads_somewhere(tmp_path: Path) -> None:
    for data in FILES.values():
        _, copy = _examine(data, tmp_path)
        parts = _parts(copy)
        for name, part in parts.items():
            for element in ElementTree.fromstring(part) if name.endswith(".rels") else ():
                target = element.attrib["Target"]
                assert any(there.endswith(target.removeprefix("../")) for there in parts), target
        for override in ElementTree.fromstring(parts["[Content_Types].xml"]):
            if "PartName" in override.attrib:
                assert override.attrib["PartName"].removeprefix("/") in parts


def test_a_photo_in_a_document_is_cleaned_like_a_photo(tmp_path: Path) -> None:
    found, copy = _examine(FILES["docx"], tmp_path)
    picture = _parts(copy)["word/media/image1.jpg"]
    assert CAMERA.encode() not in picture
    assert found["told"]["place"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("word/embeddings/sheet.xlsx", "another file"),
        ("word/vbaProject.bin", "a program"),
        ("word/media/image2.emf", "a drawing"),
        ("xl/persons/person.xml", "<persons/>"),
        ("xl/connections.xml", "<connections/>"),
        ("xl/revisions/userNames.xml", "<users/>"),
        ("ppt/tags/tag1.xml", "<tagLst/>"),
        ("word/footnotes.xml", f"<w:footnotes {W}><w:ins w:author='X'/></w:footnotes>"),
        ("word/footnotes.xml", f'<w:footnotes {W}><w:ins w:author = "X"/></w:footnotes>'),
        (
            "word/_rels/footer1.xml.rels",
            "<Relationships><Relationship Id='r' TargetMode='External' Type='x/hyperlink'"
            " Target='file:///C:/Users/Distinctive/a.dotm'/></Relationships>",
        ),
        (
            "word/_rels/settings.xml.rels",
            '<Relationships><Relationship Id="r" TargetMode="External" Type="x/hyperlink"'
            ' Target="file:///C:/Users/Distinctive/a.dotm"/></Relationships>',
        ),
    ],
)
def test_what_is_not_known_inside_makes_it_a_file_that_cannot_be_cleaned(
    name: str, data: str, tmp_path: Path
) -> None:
    found, _ = _examine(_package("word/document.xml", {**DOCX, name: data}), tmp_path)
    assert not found["cleaned"]


def test_a_zip_that_swells_or_lies_is_not_cleaned(tmp_path: Path) -> None:
    bomb = _package("word/document.xml", {**DOCX, "word/styles.xml": bytes(201 * 2**20)})
    for data in (bomb, FILES["docx"][:-30], FILES["docx"][:2_000]):
        found, _ = _examine(data, tmp_path)
        assert not found["cleaned"]


@pytest.mark.parametrize("ending", FILES)
def test_no_broken_office_file_makes_the_page_stumble(ending: str, tmp_path: Path) -> None:
    _break(FILES[ending], tmp_path, tries=150)
