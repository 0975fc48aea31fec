"""A talk as PowerPoint of today writes it."""

from __future__ import annotations

from tests.reporter.office.office_parts import (
    DAY,
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
