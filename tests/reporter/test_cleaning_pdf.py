"""PDFs made anew without who wrote them, when and with what; those that cannot be, only told of."""

from __future__ import annotations

import json
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.journeys.conftest import launch
from tests.reporter.pdfs import (
    FONT,
    content,
    in_object_streams,
    inside,
    pages,
    pdf,
    same,
    simple,
    stream,
)
from tests.reporter.test_cleaning import AUTHOR, NEEDLES, PLACE, _break, _examine, _exif, _saved

WORDS = "The words of the page stay."
PHOTO = _saved("JPEG", exif=_exif())
SECRETS = [
    *NEEDLES,
    b"Distinctive",
    b"D\x00i\x00s\x00t",
    b"\x00D\x00i\x00s\x00t",
    b"2031",
    b"file:",
]
XMP = stream(
    b"/Type/Metadata/Subtype/XML",
    b"<x:xmpmeta>Distinctive Xmp 2031-05-06</x:xmpmeta>",
    deflated=True,
)
DATE = b"(D:20310506070809Z)"


def _telling() -> bytes:
    """Everything in one file that a PDF can tell besides what it shows."""
    page = (
        b"/LastModified%s/PieceInfo<</Distinctive<</Private(Distinctive)/LastModified%s>>>>"
        b"/Metadata 9 0 R/Thumb 10 0 R/StructParents 0/Tabs/S/Own(Distinctive)"
        b"/Resources<</Font<</F1 5 0 R/Thumb 5 0 R>>/XObject<</User 11 0 R/Fm 12 0 R>>"
        b"/Properties<</MC0 13 0 R/MC1<</Author(Distinctive)/Type/Pagination>>>>>>"
        b"/Annots[14 0 R 15 0 R 16 0 R 17 0 R 18 0 R 19 0 R]" % (DATE, DATE)
    )
    document = (
        b"/Metadata 9 0 R/Outlines 20 0 R/OpenAction<</S/JavaScript/JS(Distinctive)>>"
        b"/OCProperties<</OCGs[13 0 R]/D<</Order[13 0 R]/Creator(x)>>>>/Lang(en)"
        b"/StructTreeRoot 22 0 R/MarkInfo<</Marked true>>/AcroForm<</Fields[18 0 R]/DR<<>>>>"
        b"/Names<</EmbeddedFiles 23 0 R>>/AF[23 0 R]/Perms<</x 23 0 R>>"
    )
    annotation = (
        b"/Type/Annot/Rect[20 20 60 40]/T(Distinctive Reader)/M%s/CreationDate%s/NM(Distinctive)"
    )
    annotation %= (DATE, DATE)
    objects = simple(WORDS, document=document)
    # A page that is met as an outline item's destination before it is met as a page.
    objects[1] = objects[1].replace(b"/Pages", b"/Dests<</x[3 0 R/Fit]>>/Pages")
    objects[3] = objects[3].replace(b"/Resources<</Font<</F1 5 0 R>>>>", page)
    objects[4] = stream(
        b"",
        content(WORDS) + b" q 100 0 0 60 20 20 cm /User Do Q /Fm Do"
        b" BT /Thumb 9 Tf 150 90 Td (named) Tj ET",
    )
    looks = stream(b"/Type/XObject/Subtype/Form/BBox[0 0 40 20]", b"1 0 0 rg 0 0 40 20 re f")
    objects |= {
        8: b"<</Author(%s)/Creator(Distinctive Writer)/Producer(Distinctive Press)"
        b"/CreationDate%s/Title<FEFF00440069007300740069006E006300740069007600650020>>>"
        % (AUTHOR.encode(), DATE),
        9: XMP,
        10: stream(b"/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", b"Distinctive"),
        11: stream(
            b"/Type/XObject/Subtype/Image/Width 120/Height 80/BitsPerComponent 8"
            b"/ColorSpace/DeviceRGB/Filter/DCTDecode/Metadata 9 0 R/StructParent 1",
            PHOTO,
        ),
        12: stream(
            b"/Type/XObject/Subtype/Form/BBox[0 0 300 200]/LastModified%s"
            b"/PieceInfo<</X<</Private 9 0 R>>>>" % DATE,
            b"0 0 1 rg 250 150 20 20 re f",
            deflated=True,
        ),
        13: b"<</Type/OCG/Name(Layer)/Usage<</CreatorInfo<</Creator(Distinctive)>>"
        b"/User<</Type/Ind/Name(Distinctive)>>/Print<</PrintState/ON>>>>>>",
        14: b"<<%s/Subtype/Text/Contents(A remark.)/RC(Distinctive)/Subj(Distinctive)/Popup 15 0 R"
        b"/AP<</N 21 0 R>>/P 3 0 R>>" % annotation,
        15: b"<<%s/Subtype/Popup/Parent 14 0 R>>" % annotation,
        16: b"<<%s/Subtype/Link/A<</S/URI/URI(file:///home/Distinctive/a.txt)>>>>" % annotation,
        17: b"<<%s/Subtype/Link/A<</S/URI/URI(https://example.org/)/Next<</S/JavaScript/JS(Distinctive)"
        b">>>>>>" % annotation,
        18: b"<</Type/Annot/Subtype/Widget/Rect[200 20 240 40]/FT/Tx/T(name)/V(typed)/M%s"
        b"/AP<</N 21 0 R>>/AA<</F<</S/JavaScript/JS(Distinctive)>>>>/P 3 0 R>>" % DATE,
        19: b"<<%s/Subtype/Highlight/QuadPoints[20 40 60 40 20 20 60 20]/AP<</N 21 0 R>>>>"
        % annotation,
        20: b"<</Type/Outlines/First 24 0 R/Last 24 0 R/Count 1>>",
        21: looks,
        22: b"<</Type/StructTreeRoot/K<</S/P/T(Distinctive)>>>>",
        23: b"<</Names[(x)25 0 R]>>",
        24: b"<</Title(Chapter)/Parent 20 0 R/Dest[3 0 R/Fit]/SE<</T(Distinctive)>>>>",
        25: b"<</Type/Filespec/F(Distinctive.txt)>>",
    }
    deleted = dict(objects)
    deleted[4] = stream(b"", content("Distinctive words that were deleted."))
    trailer = b"/Root 1 0 R/Info 8 0 R/ID[<44697374><44697374>]"
    return pdf({4: objects[4]}, trailer, before=pdf(deleted, trailer))


@pytest.fixture(scope="module")
def telling() -> bytes:
    return _telling()


def test_a_pdf_keeps_what_it_shows_and_nobodys_name(telling: bytes, tmp_path: Path) -> None:
    assert all(secret in inside(telling) for secret in (b"Distinctive Xmp", b"deleted", b"file:"))
    found, copy = _examine(telling, tmp_path)
    assert found["cleaned"], found
    assert found["ending"] == "pdf"
    told = found["revealed"]
    assert told["author"] == AUTHOR
    assert told["device"] == "Distinctive Writer"
    assert told["place"] == pytest.approx(PLACE, abs=0.001), "of the photo inside"
    assert told["time"] == "2031-05-06 07:08"
    assert told["other"]
    assert [secret for secret in SECRETS if secret in inside(copy)] == []
    assert same(telling, copy)
    again, _ = _examine(copy, tmp_path)
    assert not any(again["revealed"].values()), again


def test_remarks_links_chapters_and_what_was_typed_stay(telling: bytes, tmp_path: Path) -> None:
    _, copy = _examine(telling, tmp_path)
    for kept in (b"(A remark.)", b"https://example.org/", b"(Chapter)", b"(typed)", b"/Highlight"):
        assert kept in copy
    assert b"/JavaScript" not in copy
    assert copy.count(b"/Type /Page\n") == 1, "a page that an outline leads to is the page"


def test_other_tools_find_nothing_either(telling: bytes, tmp_path: Path) -> None:
    _, copy = _examine(telling, tmp_path)
    (tmp_path / "copy.pdf").write_bytes(copy)
    said = subprocess.run(
        ["exiftool", "-j", "-G", "-a", tmp_path / "copy.pdf"], capture_output=True, check=True
    )
    (found,) = json.loads(said.stdout)
    of_the_file = {name for name in found if not name.startswith(("File:", "ExifTool:", "Source"))}
    harmless = {"PDFVersion", "Linearized", "PageCount", "PageLayout", "PageMode", "HasXFA"}
    assert of_the_file <= {f"PDF:{name}" for name in harmless}


def test_what_exiftool_wrote_into_a_pdf_goes_and_so_does_what_it_replaced(tmp_path: Path) -> None:
    source = tmp_path / "letter.pdf"
    source.write_bytes(pdf(simple(WORDS) | {8: b"<</Author(Distinctive First)>>"},
                           b"/Root 1 0 R/Info 8 0 R"))  # fmt: skip
    written = ["-Author=Distinctive Second", "-XMP:Creator=Distinctive Third"]
    subprocess.run(["exiftool", "-q", "-overwrite_original", *written, source], check=True)
    data = source.read_bytes()
    assert b"Distinctive First" in data
    found, copy = _examine(data, tmp_path)
    assert found["revealed"]["author"] == "Distinctive Second"
    assert b"Distinctive" not in inside(copy)
    assert same(data, copy)


def test_a_page_that_a_browser_printed(tmp_path: Path) -> None:
    html = f"""<title>Distinctive title</title><h1>{WORDS}</h1><p lang=ar dir=rtl>الكلمات تبقى</p>
      <p>中文 <a href="https://example.org/">a link</a><table border=1><tr><td>1<td>2</table>
      <canvas></canvas><script>const c = document.querySelector('canvas').getContext('2d');
      c.fillStyle = 'teal'; c.fillRect(10, 10, 80, 40)</script>"""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        page.set_content(html)
        data = page.pdf(outline=True, tagged=True)
        browser.close()
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    assert "Chrom" in found["revealed"]["device"]
    assert b"Distinctive" not in inside(copy)
    assert b"Chrom" not in inside(copy)
    assert same(data, copy)


def test_objects_that_are_packed_together_as_word_and_latex_do(tmp_path: Path) -> None:
    objects = simple(WORDS, b"/LastModified" + DATE)
    data = in_object_streams(
        objects | {8: b"<</Author(Distinctive Author)/Creator(Distinctive Word)>>"}
    )
    assert b"Distinctive" not in data
    found, copy = _examine(data, tmp_path)
    assert found["revealed"]["author"] == AUTHOR
    assert found["revealed"]["other"]
    assert b"Distinctive" not in inside(copy)
    assert same(data, copy)
    assert WORDS in pages(copy)[0][1]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK"])
def test_a_scan_keeps_every_dot(mode: str, tmp_path: Path) -> None:
    file = BytesIO()
    picture = Image.open(BytesIO(PHOTO)).convert(mode)
    picture.save(file, "PDF", author=AUTHOR, save_all=True, append_images=[picture])
    found, copy = _examine(file.getvalue(), tmp_path)
    assert found["revealed"]["author"] == AUTHOR
    assert AUTHOR.encode() not in copy
    assert same(file.getvalue(), copy)


ANNOTATED = b"/Annots[<</Type/Annot/Subtype/%s/Rect[0 0 9 9]%s>>]"
FORM = b"/AcroForm<</Fields[<</FT/Sig/T(s)/V<</Type/Sig/Name(Distinctive)>>>>]>>"
IMAGE = b"/Resources<</XObject<</X 9 0 R>>>>"
JPX = stream(b"/Subtype/Image/Width 1/Height 1/Filter/JPXDecode", b"x")
OWN = JPX.replace(b"/JPXDecode", b"/Mine")
SHOWN = stream(b"", b"/X Do")
INLINE = stream(b"", b"BI /W 1 /H 1 /CS /RGB /BPC 8 /F /DCT ID xx EI", deflated=True)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pdf(simple(WORDS), b"/Root 1 0 R/Encrypt<</Filter/Standard>>"), id="locked"),
        pytest.param(pdf(simple(WORDS, document=FORM)), id="signed"),
        pytest.param(pdf(simple(WORDS, document=b"/AcroForm<</Fields[]/XFA[]>>")), id="xfa"),
        pytest.param(pdf(simple(WORDS, ANNOTATED % (b"FileAttachment", b""))), id="a file"),
        pytest.param(pdf(simple(WORDS, ANNOTATED % (b"Sound", b""))), id="a sound"),
        pytest.param(pdf(simple(WORDS, ANNOTATED % (b"Redact", b""))), id="to be blackened"),
        pytest.param(
            pdf(simple(WORDS, b"/Group<</CS<</Type/Filespec/EF<<>>>>>>")), id="a file named"
        ),
        pytest.param(pdf(simple(WORDS, IMAGE) | {4: SHOWN, 9: JPX}), id="jpeg 2000"),
        pytest.param(
            pdf(simple(WORDS, IMAGE) | {4: SHOWN, 9: OWN}), id="an image under a filter of its own"
        ),
        pytest.param(pdf(simple(WORDS) | {4: INLINE}), id="a photo as an inline image"),
        pytest.param(pdf(simple(WORDS) | {4: stream(b"/Filter/Mine", b"x")}), id="own filter"),
        pytest.param(pdf(simple(WORDS) | {4: stream(b"/F(a.txt)", b"x")}), id="elsewhere"),
        pytest.param(
            pdf(simple(WORDS), b"/Root 7 0 R").replace(b"/Catalog", b"/Nothing"), id="none"
        ),
        pytest.param(pdf(simple(WORDS))[:200], id="cut off"),
    ],
)
def test_what_is_not_known_inside_makes_it_a_pdf_that_cannot_be_cleaned(
    data: bytes, tmp_path: Path
) -> None:
    found, _ = _examine(data, tmp_path)
    assert not found["cleaned"]
    assert found["kind"] == "pdf"


def test_a_pdf_that_cannot_be_cleaned_is_told_of(tmp_path: Path) -> None:
    name = b"\xfe\xff" + "Distinctive Zoë".encode("utf-16-be")
    data = b"%PDF-1.7\n1 0 obj <</Author (" + name + b")/Producer (Distinctive Press \\(2\\))"
    data += b"/CreationDate (D:20310506070809Z)>> endobj"
    found, copy = _examine(data, tmp_path)
    assert copy == b""
    assert found["revealed"]["author"] == "Distinctive Zoë"
    assert found["revealed"]["device"] == "Distinctive Press (2)"
    assert found["revealed"]["time"] == "2031-05-06 07:08"
    found, _ = _examine(b"%PDF-1.7 packed away", tmp_path)
    assert found["revealed"] is None


@pytest.mark.parametrize("name", ["plan.pdf", "letter.pdf"])
def test_real_files_of_latex_and_libreoffice(name: str, tmp_path: Path) -> None:
    """What LaTeX and LibreOffice write tells of people and places.

    An included PDF's path and description (PTEX.*), places named in the writer's own words, a style
    of the house in the marks of the content stream.
    """
    data = (Path(__file__).parent / "files" / name).read_bytes()
    assert b"Distinctive" in inside(data)
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    told = inside(copy)
    assert [secret for secret in (*SECRETS, b"PTEX", b"(D:20") if secret in told] == []
    assert same(data, copy)
    assert b"https://example.org" in told


KEYS = b"/Distinctive(Distinctive)/PTEX.FileName(/home/Distinctive/a.pdf)"


def test_only_keys_of_the_standard_stay_wherever_they_stand(tmp_path: Path) -> None:
    state = b"/ExtGState<</G0<</Type/ExtGState/ca 0.5%s>>>>" % KEYS
    colour = (
        b"/ColorSpace<</C0[/Separation/Spot/DeviceRGB"
        b"<</FunctionType 2/Domain[0 1]/C0[1 1 1]/C1[1 0 0]/N 1%s>>]>>" % KEYS
    )
    group = KEYS + b"/Group<</S/Transparency/CS/DeviceRGB%s>>" % KEYS
    objects = simple(WORDS, group, document=KEYS)
    objects[3] = objects[3].replace(b"/Font<<", state + colour + KEYS + b"/Font<<")
    drawn = content(WORDS) + b" /G0 gs /C0 cs 1 scn 5 5 50 50 re f"
    objects[4] = stream(KEYS, drawn, deflated=True)
    objects[5] = FONT[:-2] + KEYS + b"/FontDescriptor 9 0 R>>"
    objects[9] = b"<</Type/FontDescriptor/FontName/Helvetica/Flags 32/FontFamily(Distinctive)>>"
    data = pdf(objects)
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    assert found["revealed"]["other"]
    assert [secret for secret in (b"Distinctive", b"PTEX") if secret in inside(copy)] == []
    assert same(data, copy)


def test_what_programs_write_into_a_content_stream_goes(tmp_path: Path) -> None:
    marks = (
        b"% Distinctive remark\n/Distinctive <</MCID 0/Alt (Distinctive \\) a)>> BDC "
        + content(WORDS)
        + b" EMC /Span <</Lang (en-Distinctive)/ActualText (stands)>> BDC 9 9 5 5 re f EMC"
        b" /Distinctive MP /Distinctive <</X <44697374>>> DP /Distinctive BMC EMC"
        b" q 9 0 0 9 90 90 cm BI /W 1 /H 1 /CS /G /BPC 8 ID % EI Q /OC /MC0 BDC 1 1 5 5 re f EMC"
    )
    objects = simple(WORDS) | {4: stream(b"", marks, deflated=True)}
    layer = b"/Properties<</MC0<</Type/OCG/Name(Distinctive layer)>>>>"
    objects[3] = objects[3].replace(b"/Font<<", layer + b"/Font<<")
    data = pdf(objects)
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    told = inside(copy)
    assert [secret for secret in SECRETS if secret in told] == []
    assert b"/ActualText (stands)" in told
    assert b"/OC /MC0 BDC" in told
    assert b"(Layer 1)" in told
    assert same(data, copy)


def test_places_and_fields_keep_their_work_without_their_names(tmp_path: Path) -> None:
    page = (
        b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Contents(Distinctive)"
        b"/Dest(Distinctive.1)>>"
        b"<</Type/Annot/Subtype/Link/Rect[9 0 19 9]/A<</S/GoTo/D(Distinctive.loop)>>>>"
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(Distinctive field)/TU(Distinctive)/V(typed)"
        b"/Rect[50 50 90 70]>>]"
    )
    document = (
        b"/Names<</Dests<</Kids[<</Names[(Distinctive.1)<</D[3 0 R/Fit]>>"
        b"(Distinctive.loop)(Distinctive.loop)]>>]>>>>"
    )
    data = pdf(simple(WORDS, page, document=document))
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    told = inside(copy)
    assert [secret for secret in SECRETS if secret in told] == []
    assert b"/Fit" in told
    assert b"(field1)" in told
    assert b"(typed)" in told


def test_no_broken_pdf_makes_the_page_stumble(telling: bytes, tmp_path: Path) -> None:
    _break(telling, tmp_path, tries=150)
