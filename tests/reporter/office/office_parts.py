"""What office files have in common, put together by hand as the three programs of today write it.

Everything that must go carries one of SECRETS: a name, a day, a number that Word gives to a
sitting.
"""

from __future__ import annotations

import zipfile
from io import BytesIO

from tests.reporter.test_cleaning import AUTHOR, NEEDLES, TAKEN, _exif, _saved

WORDS = "The words of the document stay."
DAY = "2031-05-06T07:08:09Z"
ID = "7D15C770"
GUID = "{7D15C770-1111-4222-8333-444455556666}"
PATH = r"C:\Users\Distinctive\photo.jpg"
SECRETS = [*NEEDLES, b"Distinctive", b"2031-05-06", b"7D15C77", b"7d15c77", b"C:\\", TAKEN.encode()]
PHOTO = _saved("JPEG", exif=_exif())
Parts = dict[str, str | bytes]
OPC = "http://schemas.openxmlformats.org/package/2006"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006"
MS = "http://schemas.microsoft.com/office"
DML = "http://schemas.openxmlformats.org/drawingml/2006"
SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": f"{DOC}/relationships",
        "m": f"{DOC}/math",
        "a": f"{DML}/main",
        "pic": f"{DML}/picture",
        "wp": f"{DML}/wordprocessingDrawing",
        "c": f"{DML}/chart",
        "xdr": f"{DML}/spreadsheetDrawing",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp14": f"{MS}/word/2010/wordprocessingDrawing",
        "w14": f"{MS}/word/2010/wordml",
        "w15": f"{MS}/word/2012/wordml",
        "w16cid": f"{MS}/word/2016/wordml/cid",
        "w16du": f"{MS}/word/2023/wordml/word16du",
        "wps": f"{MS}/word/2010/wordprocessingShape",
        "a16": f"{MS}/drawing/2014/main",
        "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
        "p14": f"{MS}/powerpoint/2010/main",
        "x14": f"{MS}/spreadsheetml/2009/9/main",
        "x15": f"{MS}/spreadsheetml/2010/11/main",
        "x15ac": f"{MS}/spreadsheetml/2010/11/ac",
        "xr": f"{MS}/spreadsheetml/2014/revision",
        "xm": f"{MS}/excel/2006/main",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "xvml": "urn:schemas-microsoft-com:office:excel",
    }.items()
)
SHEET = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" {SPACES}'
CORE = f"""<?xml version="1.0"?><cp:coreProperties
 xmlns:cp="{OPC}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Distinctive title</dc:title>
<dc:creator>{AUTHOR}</dc:creator><cp:lastModifiedBy>Distinctive Other</cp:lastModifiedBy>
<dcterms:created>{DAY}</dcterms:created></cp:coreProperties>"""
APP = f"""<Properties xmlns="{DOC}/extended-properties"><Template>Distinctive.dotm</Template>
<Application>Distinctive Writer</Application><AppVersion>16.0000</AppVersion>
<Company>Distinctive House</Company></Properties>"""


def relations(*found: tuple[str, str, str]) -> str:
    """Return a part's relations: (id, type, target); a target of the web or a disk is external."""
    lines = []
    for name, kind, target in found:
        leads = kind if kind.startswith("http") else f"{DOC}/relationships/{kind}"
        mode = ' TargetMode="External"' if ":" in target else ""
        lines.append(f'<Relationship Id="{name}" Type="{leads}" Target="{target}"{mode}/>')
    return f'<Relationships xmlns="{OPC}/relationships">{"".join(lines)}</Relationships>'


MAIN_TYPES = {
    "word/document.xml": "wordprocessingml.document",
    "xl/workbook.xml": "spreadsheetml.sheet",
    "ppt/presentation.xml": "presentationml.presentation",
}
"""What each program calls its main part, so that other programs know the file."""


def package(main: str, parts: Parts) -> bytes:
    """Return a file of parts, with what each of the three programs puts around them."""
    kind = f"application/vnd.openxmlformats-officedocument.{MAIN_TYPES[main]}.main+xml"
    common: Parts = {
        "[Content_Types].xml": f"""<Types xmlns="{OPC}/content-types"><Default Extension="xml"
 ContentType="application/xml"/><Override PartName="/{main}" ContentType="{kind}"/></Types>""",
        "_rels/.rels": relations(
            ("rId1", "officeDocument", main),
            ("rId2", f"{OPC}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("rId3", "extended-properties", "docProps/app.xml"),
            ("rId4", "custom-properties", "docProps/custom.xml"),
            ("rId5", f"{OPC}/relationships/metadata/thumbnail", "docProps/thumbnail.jpeg"),
            ("rId6", f"{MS}/2020/02/relationships/classificationlabels", "docMetadata/Label.xml"),
        ),
        "docProps/core.xml": CORE,
        "docProps/app.xml": APP,
        "docProps/thumbnail.jpeg": "Distinctive preview",
        "docProps/custom.xml": "<Properties>Distinctive property</Properties>",
        "docMetadata/Label.xml": f'<labels siteId="{GUID}"/>',
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.comment = b"Distinctive comment of the zip"
        for name, data in (common | parts).items():
            entry = zipfile.ZipInfo(name, (2031, 5, 6, 7, 8, 8))
            entry.comment = b"Distinctive comment of a part"
            entry.extra = b"\x01\x99\x0b\x00Distinctive"
            packed.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return file.getvalue()
