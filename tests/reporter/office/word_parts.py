"""A document as Word of today writes it."""

from __future__ import annotations

from tests.reporter.office.office_parts import (
    DAY,
    DML,
    DOC,
    GUID,
    ID,
    MS,
    PATH,
    PHOTO,
    SPACES,
    WORDS,
    Parts,
    relations,
)


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
