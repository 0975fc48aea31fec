"""Office files put together by hand, as Word, Excel and PowerPoint of today write them.

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


def _field(instruction: str, shown: str) -> str:
    """Return a field as Word writes it, its instruction in two runs."""
    half = len(instruction) // 2
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction[:half]}</w:instrText></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction[half:]} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r><w:t>{shown}</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


CITATION = 'ADDIN ZOTERO_ITEM CSL_CITATION {"user":"Distinctive"}'
FIELDS = "".join(
    [
        "<w:p>",
        _field("PAGE", "7"),
        _field("PAGEREF _Toc198765432 \\h", "12"),
        _field('INCLUDEPICTURE "C:\\\\Users\\\\Distinctive\\\\a.png" \\d', "A picture."),
        _field('HYPERLINK "file:///C:\\\\Users\\\\Distinctive"', "A local link."),
        _field('HYPERLINK "https://example.org/b" \\o "Distinctive hint"', "A field link."),
        _field("FILENAME \\p", "C:\\Users\\Distinctive\\a.docx"),
        _field(CITATION, "A source."),
        _field('TOC \\o "1-3" \\t "Distinctive House,1"', "A table of contents."),
        '<w:fldSimple w:instr=" AUTHOR "><w:r><w:t>Distinctive Writer</w:t></w:r></w:fldSimple>',
        '<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>34</w:t></w:r></w:fldSimple></w:p>',
    ]
)
PICTURE = f"""<w:r><w:drawing><wp:inline wp14:anchorId="{ID}" wp14:editId="{ID}">
<wp:extent cx="900" cy="600"/><wp:docPr id="1" name="{PATH}" descr="{PATH}" title="Distinctive">
<a:hlinkClick r:id="rId8"/><a:extLst><a:ext uri="{GUID}"><a16:creationId id="{GUID}"/></a:ext>
</a:extLst>
</wp:docPr><a:graphic><a:graphicData uri="{DML}/picture"><pic:pic><pic:nvPicPr>
<pic:cNvPr id="0" name="Distinctive.jpg" descr="{PATH}"/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill><a:blip r:embed="rId3"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr/>
</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"""
BOX = """<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><wp:extent
 cx="9" cy="9"/>
<wp:docPr id="2" name="Distinctive box"/><a:graphic><a:graphicData
 uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wps:wsp><wps:cNvSpPr/><wps:spPr/><wps:txbx><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r>
</w:p>
</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline>
</w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:shape id="Distinctive shape" o:gfxdata="Distinctive" alt="Distinctive"
 type="#_x0000_t202"
 style="width:9pt"><v:textbox><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p>
</w:txbxContent></v:textbox>
</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"""
DOCUMENT = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!-- by Distinctive Hand --><?mso-application progid="Distinctive"?>
<w:document {SPACES} mc:Ignorable="w14 w15 w16cid w16du wp14"><w:body>
<w:p w14:paraId="{ID}" w14:textId="{ID}" w:rsidR="00{ID[:6]}" w:rsidRDefault="00{ID[:6]}"><w:pPr>
<w:pStyle w:val="DistinctiveHouse"/></w:pPr><w:bookmarkStart w:id="0" w:name="_Toc198765432"/>
<w:ins w:id="1" w:author="Distinctive Changer" w:date="{DAY}" w16du:dateUtc="{DAY}">
<w:r w:rsidRPr="00{ID[:6]}"><w:rPr><w:lang w:val="de-AT" w:eastAsia="en-US"/></w:rPr>
<w:t>{WORDS}</w:t></w:r></w:ins><w:bookmarkEnd w:id="0"/>
<w:del w:id="2" w:author="Distinctive Changer" w:date="{DAY}"><w:r>
<w:delText>Deleted words.</w:delText></w:r></w:del>
<w:commentRangeStart w:id="3"/><w:r><w:t>Remarked.</w:t></w:r><w:commentRangeEnd w:id="3"/>
<w:r><w:commentReference w:id="3"/></w:r></w:p>{FIELDS}
<w:sdt><w:sdtPr><w:alias w:val="Distinctive"/><w:dataBinding w:storeItemID="{GUID}"
 w:xpath="/Distinctive"/>
</w:sdtPr><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>
<w:p>{PICTURE}{BOX}<w:hyperlink r:id="rId6" w:tooltip="Distinctive" w:history="1"><w:r>
<w:t>A link.</w:t></w:r></w:hyperlink>
<w:hyperlink r:id="rId7"><w:r><w:t>A link to a disk.</w:t></w:r></w:hyperlink>
<w:hyperlink w:anchor="_Toc198765432"><w:r><w:t>A link inside.</w:t></w:r></w:hyperlink>
<w:smartTag w:uri="urn:Distinctive" w:element="x"><w:r><w:t>A smart tag.</w:t></w:r></w:smartTag>
</w:p>
<w:p><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></w:p>
<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblCaption w:val="Distinctive"/></w:tblPr>
<w:tblGrid>
<w:gridCol w:w="900"/></w:tblGrid><w:tr w:rsidR="00{ID[:6]}" w14:paraId="{ID}"><w:tc><w:p><w:r>
<w:t>In a cell.</w:t></w:r>
</w:p></w:tc></w:tr></w:tbl><w:sectPr w:rsidR="00{ID[:6]}"><w:headerReference w:type="default"
 r:id="rId9"/>
<w:pgSz w:w="11906" w:h="16838" w:code="9"/><w:printerSettings r:id="rId14"/></w:sectPr></w:body>
</w:document>"""
CHART = f"""<c:chartSpace {SPACES}><c:lang val="de-AT"/><c:pivotSource>
<c:name>[Distinctive.xlsx]S!P</c:name>
<c:fmtId val="0"/></c:pivotSource><c:chart><c:plotArea><c:barChart><c:barDir val="col"/><c:ser>
<c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>'C:\\Distinctive\\[a.xlsx]S'!$A$1</c:f>
<c:strCache>
<c:ptCount val="1"/><c:pt idx="0"><c:v>A series.</c:v></c:pt></c:strCache></c:strRef></c:tx><c:val>
<c:numRef>
<c:f>Sheet1!$B$2:$B$3</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="1"/>
<c:pt idx="0"><c:v>3</c:v></c:pt></c:numCache></c:numRef></c:val><c:extLst><c:ext uri="{GUID}">
<c16:uniqueId xmlns:c16="x" val="{GUID}"/></c:ext></c:extLst></c:ser></c:barChart></c:plotArea>
</c:chart>
<c:externalData r:id="rId1"/></c:chartSpace>"""
DOCX: Parts = {
    "word/document.xml": DOCUMENT,
    "word/_rels/document.xml.rels": relations(
        ("rId1", "styles", "styles.xml"),
        ("rId2", "settings", "settings.xml"),
        ("rId3", "image", "media/IMG_20310506_Distinctive.jpg"),
        ("rId4", "comments", "comments.xml"),
        ("rId5", f"{MS}/2011/relationships/people", "people.xml"),
        ("rId6", "hyperlink", "https://example.org/a"),
        ("rId7", "hyperlink", "file:///C:/Users/Distinctive/a.docx"),
        ("rId8", "hyperlink", "https://example.org/p"),
        ("rId9", "header", "header1.xml"),
        ("rId10", "customXml", "../customXml/item1.xml"),
        ("rId11", f"{MS}/2011/relationships/commentsExtended", "commentsExtended.xml"),
        ("rId12", f"{MS}/2018/08/relationships/commentsExtensible", "commentsExtensible.xml"),
        ("rId13", "webSettings", "webSettings.xml"),
        ("rId14", "printerSettings", "printerSettings1.bin"),
        ("rId15", "glossaryDocument", "glossary/document.xml"),
        ("rId16", "image", "media/unused.jpg"),
        ("rId17", "image", "http://example.org/Distinctive.png"),
        ("rId18", "numbering", "numbering.xml"),
    ),
    "word/styles.xml": f"""<w:styles {SPACES}><w:latentStyles w:count="376"/>
<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/>
<w:rsid w:val="00{ID[:6]}"/>
</w:style><w:style w:type="paragraph" w:customStyle="1" w:styleId="DistinctiveHouse">
<w:name w:val="Distinctive House"/><w:basedOn w:val="Standard"/></w:style></w:styles>""",
    "word/numbering.xml": f"""<w:numbering {SPACES}><w:abstractNum w:abstractNumId="0"
 w16cid:durableId="{ID}"><w:nsid w:val="{ID}"/><w:tmpl w:val="{ID}"/><w:lvl w:ilvl="0"
 w:tplc="{ID}">
<w:lvlText w:val="%1)"/></w:lvl></w:abstractNum></w:numbering>""",
    "word/settings.xml": f"""<w:settings {SPACES}><w:attachedTemplate r:id="rId1"/>
<w:docVars><w:docVar w:name="Distinctive" w:val="x"/></w:docVars><w:rsids><w:rsidRoot
 w:val="00{ID[:6]}"/></w:rsids>
<w:mailMerge><w:connectString w:val="Data Source={PATH}"/></w:mailMerge><w:defaultTabStop
 w:val="708"/>
<w:themeFontLang w:val="de-AT"/><w14:docId w14:val="{ID}"/><w15:docId w15:val="{GUID}"/>
</w:settings>""",
    "word/_rels/settings.xml.rels": relations(
        ("rId1", "attachedTemplate", "file:///C:/Users/Distinctive/a.dotm")
    ),
    "word/comments.xml": f"""<w:comments {SPACES}><w:comment w:id="3"
 w:author="Distinctive Commenter"
 w:initials="DC7D15C77" w:date="{DAY}"><w:p w14:paraId="{ID}"><w:r><w:t>A remark.</w:t></w:r></w:p>
</w:comment>
</w:comments>""",
    "word/people.xml": '<w15:people xmlns:w15="w">Distinctive Person</w15:people>',
    "word/commentsExtended.xml": f'<x paraId="{ID}"/>',
    "word/commentsExtensible.xml": f'<x dateUtc="{DAY}"/>',
    "word/header1.xml": f"<w:hdr {SPACES}><w:p><w:r><w:t>A header.</w:t></w:r></w:p></w:hdr>",
    "word/webSettings.xml": f'<x id="{ID}"/>',
    "word/printerSettings1.bin": "Distinctive printer",
    "word/glossary/document.xml": "<x>Distinctive</x>",
    "word/media/IMG_20310506_Distinctive.jpg": PHOTO,
    "word/media/unused.jpg": PHOTO,
    "customXml/item1.xml": "<x>Distinctive</x>",
}
CHARTED: Parts = {
    **DOCX,
    "word/document.xml": DOCUMENT.replace(
        f"<w:p>{PICTURE}",
        f"""<w:p><w:r><w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="5" name="x"/>
<a:graphic>
<a:graphicData uri="{DML}/chart"><c:chart r:id="rId20"/></a:graphicData></a:graphic></wp:inline>
</w:drawing></w:r>"""
        + PICTURE,
    ),
    "word/_rels/document.xml.rels": str(DOCX["word/_rels/document.xml.rels"]).replace(
        "</Relationships>",
        f"""<Relationship Id="rId20" Type="{DOC}/relationships/chart" Target="charts/chart1.xml"/>
</Relationships>""",
    ),
    "word/charts/chart1.xml": CHART,
    "word/charts/_rels/chart1.xml.rels": relations(
        ("rId1", "package", "../embeddings/Microsoft_Excel_Worksheet.xlsx"),
        ("rId2", f"{MS}/2011/relationships/chartStyle", "style1.xml"),
    ),
    "word/charts/style1.xml": "<x>Distinctive</x>",
    "word/embeddings/Microsoft_Excel_Worksheet.xlsx": "Distinctive workbook",
}
XLSX: Parts = {
    "xl/workbook.xml": f"""<workbook {SHEET} mc:Ignorable="x15 xr"><fileVersion
 appName="xl" codeName="{GUID}"/>
<fileSharing userName="Distinctive" reservationPassword="CC2A"/><workbookPr codeName="Distinctive"/>
<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="C:\\Users\\Distinctive\\"/>
</mc:Choice>
</mc:AlternateContent><xr:revisionPtr revIDLastSave="0" documentId="8_{GUID}"/>
<bookViews><workbookView xWindow="7" windowWidth="28800" activeTab="0" xr2:uid="{GUID}"
 xmlns:xr2="x"/></bookViews>
<sheets><sheet name="Numbers" sheetId="1" r:id="rId1"/></sheets>
<externalReferences><externalReference r:id="rId5"/></externalReferences>
<definedNames><definedName name="Rate" comment="Distinctive">Numbers!$A$1</definedName>
<definedName name="Away" hidden="1">'C:\\Users\\Distinctive\\[b.xlsx]S'!$A$1</definedName>
</definedNames>
<customWorkbookViews><customWorkbookView name="Distinctive Person - Personal View" guid="{GUID}"/>
</customWorkbookViews>
<pivotCaches><pivotCache cacheId="1" r:id="rId6"/></pivotCaches></workbook>""",
    "xl/_rels/workbook.xml.rels": relations(
        ("rId1", "worksheet", "worksheets/sheet1.xml"),
        ("rId2", "sharedStrings", "sharedStrings.xml"),
        ("rId3", "connections", "connections.xml"),
        ("rId4", f"{MS}/2017/10/relationships/person", "persons/person.xml"),
        ("rId5", "externalLink", "externalLinks/externalLink1.xml"),
        ("rId6", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"),
        ("rId7", "calcChain", "calcChain.xml"),
        ("rId8", "revisionHeaders", "revisions/revisionHeaders.xml"),
        ("rId9", "styles", "styles.xml"),
    ),
    "xl/styles.xml": f"""<styleSheet {SHEET}><fonts><font><sz val="11"/><name val="Calibri"/></font>
</fonts>
<cellStyles><cellStyle name="Distinctive style" xfId="1"/></cellStyles></styleSheet>""",
    "xl/sharedStrings.xml": f"<sst {SHEET}><si><t>{WORDS}</t></si></sst>",
    "xl/worksheets/sheet1.xml": f"""<worksheet {SHEET} xr:uid="{GUID}"><sheetPr
 codeName="Distinctive"/>
<sheetViews><sheetView workbookViewId="0"><selection activeCell="B7" sqref="B7"/></sheetView>
</sheetViews>
<sheetData><row r="1" spans="1:2"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>SUM(A2:A3)</f><v>5</v>
</c>
<c r="C1"><f>[1]S!$A$1</f><v>41</v></c><c r="D1">
<f>HYPERLINK("C:\\Users\\Distinctive\\a.xlsx","see")</f>
<v>42</v></c></row></sheetData><sheetProtection password="CC2A" algorithmName="SHA-512"/>
<protectedRanges><protectedRange name="Distinctive" securityDescriptor="O:WDG:S-1-5-21-7D15C77"/>
</protectedRanges>
<scenarios><scenario name="s" user="Distinctive" comment="Distinctive {DAY}"/></scenarios>
<customSheetViews><customSheetView guid="{GUID}"/></customSheetViews>
<conditionalFormatting sqref="A1"><cfRule type="dataBar" priority="1"><extLst>
<ext uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}"><x14:id>{GUID}</x14:id></ext></extLst></cfRule>
</conditionalFormatting>
<hyperlinks><hyperlink ref="A1" r:id="rId3" tooltip="{PATH}" display="{PATH}" xr:uid="{GUID}"/>
<hyperlink ref="A2" r:id="rId4"/></hyperlinks>
<pageSetup r:id="rId1" horizontalDpi="1200"/><drawing r:id="rId5"/><legacyDrawing r:id="rId2"/>
<customProperties><customPr name="Distinctive" r:id="rId9"/></customProperties></worksheet>""",
    "xl/worksheets/_rels/sheet1.xml.rels": relations(
        ("rId1", "printerSettings", "../printerSettings/printerSettings1.bin"),
        ("rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml"),
        ("rId3", "hyperlink", "https://example.org/a"),
        ("rId4", "hyperlink", "file:///C:/Users/Distinctive/a.xlsx"),
        ("rId5", "drawing", "../drawings/drawing1.xml"),
        ("rId6", "comments", "../comments1.xml"),
        ("rId7", f"{MS}/2017/10/relationships/threadedComment", "../threadedComments/t1.xml"),
        ("rId8", "pivotTable", "../pivotTables/pivotTable1.xml"),
        ("rId9", "customProperty", "../customProperty1.bin"),
        ("rId10", "queryTable", "../queryTables/queryTable1.xml"),
    ),
    "xl/printerSettings/printerSettings1.bin": "Distinctive printer",
    "xl/customProperty1.bin": "Distinctive",
    "xl/connections.xml": "<connections>Distinctive</connections>",
    "xl/queryTables/queryTable1.xml": "<queryTable name='Distinctive'/>",
    "xl/externalLinks/externalLink1.xml": "<externalLink>Distinctive</externalLink>",
    "xl/persons/person.xml": "<personList>Distinctive</personList>",
    "xl/threadedComments/t1.xml": f'<x dT="{DAY}">Distinctive</x>',
    "xl/calcChain.xml": "<calcChain/>",
    "xl/revisions/revisionHeaders.xml": f"<headers guid='{GUID}'>Distinctive</headers>",
    # As Excel quotes it, where a comment stands.
    "xl/drawings/vmlDrawing1.vml": f"""<xml {SPACES}><o:shapelayout v:ext="edit"/><v:shape
 id="_x0000_s1025"
 alt="Distinctive" type="#_x0000_t202" style='position:absolute;width : 1pt'><v:textbox><div
 style='text-align:left'></div></v:textbox><xvml:ClientData ObjectType="Note"><xvml:Row>0</xvml:Row>
<xvml:FmlaMacro>Distinctive</xvml:FmlaMacro></xvml:ClientData></v:shape></xml>""",
    "xl/comments1.xml": f"""<comments {SHEET}><authors><author>Distinctive Cell</author></authors>
<commentList>
<comment ref="A1" authorId="0" xr:uid="{GUID}"><text><t>A remark.</t></text></comment></commentList>
</comments>""",
    "xl/drawings/drawing1.xml": f"""<xdr:wsDr {SPACES}><xdr:absoluteAnchor><xdr:pos x="0" y="0"/>
<xdr:ext cx="9" cy="9"/><xdr:pic macro="Distinctive"><xdr:nvPicPr><xdr:cNvPr id="2"
 name="{PATH}" descr="{PATH}"/>
<xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1" r:link="rId2"/></xdr:blipFill>
<xdr:spPr/></xdr:pic>
<xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>""",
    "xl/drawings/_rels/drawing1.xml.rels": relations(
        ("rId1", "image", "../media/image1.jpeg"), ("rId2", "image", "file:///C:/Distinctive.jpg")
    ),
    "xl/media/image1.jpeg": PHOTO,
    "xl/pivotCache/pivotCacheDefinition1.xml": f"""<pivotCacheDefinition {SHEET} r:id="rId1"
 refreshedBy="Distinctive Person" refreshedDate="47974.2974" createdVersion="8" xr:uid="{GUID}">
<cacheSource
 type="worksheet"><worksheetSource ref="A1:B3" sheet="Numbers"/></cacheSource><cacheFields
 count="1">
<cacheField name="Column"><sharedItems><s v="An item."/></sharedItems></cacheField></cacheFields>
</pivotCacheDefinition>""",
    "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": relations(
        ("rId1", "pivotCacheRecords", "pivotCacheRecords1.xml")
    ),
    "xl/pivotCache/pivotCacheRecords1.xml": f"""<pivotCacheRecords {SHEET} count="1"><r><x v="0"/>
</r>
</pivotCacheRecords>""",
    "xl/pivotTables/pivotTable1.xml": f"""<pivotTableDefinition {SHEET} name="Pivot"
 cacheId="1" dataCaption="Values"
 xr:uid="{GUID}" tag="Distinctive"><location ref="D3:E5" firstHeaderRow="1"
 firstDataRow="1" firstDataCol="1"/>
</pivotTableDefinition>""",
    "xl/pivotTables/_rels/pivotTable1.xml.rels": relations(
        ("rId1", "pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml")
    ),
}
SLIDE = f"""<p:sld {SPACES}><p:cSld name="Distinctive"><p:spTree><p:nvGrpSpPr><p:cNvPr id="1"
 name=""/>
<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/><p:pic><p:nvPicPr><p:cNvPr id="4"
 name="Distinctive.jpg"
 descr="{PATH}"><a:hlinkClick r:id="rId3" action="ppaction://hlinkfile" tooltip="Distinctive"/>
</p:cNvPr><p:cNvPicPr/>
<p:nvPr userDrawn="1"><p:custDataLst><p:tags r:id="rId4"/></p:custDataLst></p:nvPr></p:nvPicPr>
<p:blipFill>
<a:blip r:embed="rId2"/></p:blipFill><p:spPr/></p:pic><p:sp><p:nvSpPr><p:cNvPr id="2"
 name="Distinctive 1"/>
<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:rPr lang="de-AT"
 dirty="0"/>
<a:t>{WORDS}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree><p:extLst><p:ext
 uri="{{BB962C8B-B14F-4D97-AF65-F5344CB8AC3E}}"><p14:creationId val="{int(ID, 16)}"/></p:ext>
</p:extLst></p:cSld></p:sld>"""
PPTX: Parts = {
    "ppt/presentation.xml": f"""<p:presentation {SPACES}><p:sldIdLst><p:sldId id="256" r:id="rId1"/>
</p:sldIdLst>
<p:modifyVerifier saltValue="{ID}"/><p:extLst><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}">
<p14:sectionLst>
<p14:section name="Distinctive" id="{GUID}"/></p14:sectionLst></p:ext></p:extLst>
</p:presentation>""",
    "ppt/_rels/presentation.xml.rels": relations(
        ("rId1", "slide", "slides/slide1.xml"),
        ("rId2", f"{MS}/2015/10/relationships/revisionInfo", "revisionInfo.xml"),
        ("rId3", f"{MS}/2016/11/relationships/changesInfo", "changesInfos/changesInfo1.xml"),
        ("rId4", "commentAuthors", "commentAuthors.xml"),
        ("rId5", f"{MS}/2018/10/relationships/authors", "authors.xml"),
        ("rId6", "presProps", "presProps.xml"),
        ("rId7", "theme", "theme/theme1.xml"),
    ),
    "ppt/theme/theme1.xml": f"""<a:theme {SPACES} name="Distinctive House"><a:themeElements>
<a:clrScheme name="Distinctive"><a:dk1><a:srgbClr val="123456"/></a:dk1></a:clrScheme>
</a:themeElements></a:theme>""",
    "ppt/presProps.xml": f"""<p:presentationPr {SPACES}>
<p:htmlPubPr title='Distinctive'/></p:presentationPr>""",
    "ppt/revisionInfo.xml": f'<x g="{GUID}" v="5"/>',
    "ppt/changesInfos/changesInfo1.xml": f'<x name="Distinctive" dt="{DAY}"/>',
    "ppt/authors.xml": '<x name="Distinctive"/>',
    "ppt/commentAuthors.xml": f"""<p:cmAuthorLst {SPACES}><p:cmAuthor id="0"
 name="Distinctive Speaker"
 initials="DS7D15C77" lastIdx="1" clrIdx="0"/></p:cmAuthorLst>""",
    "ppt/slides/slide1.xml": SLIDE,
    "ppt/slides/_rels/slide1.xml.rels": relations(
        ("rId1", "comments", "../comments/comment1.xml"),
        ("rId2", "image", "../media/image1.jpeg"),
        ("rId3", "hyperlink", "file:///C:/Distinctive.pptx"),
        ("rId4", "tags", "../tags/tag1.xml"),
    ),
    "ppt/tags/tag1.xml": "<p:tagLst>Distinctive</p:tagLst>",
    "ppt/media/image1.jpeg": PHOTO,
    "ppt/comments/comment1.xml": f"""<p:cmLst {SPACES}><p:cm authorId="0" dt="{DAY}" idx="1">
<p:pos x="1" y="1"/>
<p:text>A remark.</p:text></p:cm></p:cmLst>""",
}
FILES = {
    "docx": package("word/document.xml", DOCX),
    "xlsx": package("xl/workbook.xml", XLSX),
    "pptx": package("ppt/presentation.xml", PPTX),
}
CHARTED_DOCX = package("word/document.xml", CHARTED)
