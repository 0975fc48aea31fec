"""A workbook as Excel of today writes it."""

from __future__ import annotations

from tests.reporter.office.office_parts import (
    DAY,
    GUID,
    MS,
    PATH,
    PHOTO,
    SHEET,
    SPACES,
    WORDS,
    Parts,
    relations,
)

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
