"""A clean PDF has what its pages show now: no pages, fields, pictures that were taken out of it."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from tests.reporter.pdfs import FONT, content, inside, pages, pdf, same, simple, stream
from tests.reporter.test_cleaning import _examine
from tests.reporter.weighing import MEMORY, weighed

WORDS = "The words of the page stay."
SECRET = b"Distinctive"
PICTURE = b"/Type/XObject/Subtype/Image/Width 11/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 300 200]"
GONE = {
    20: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 21 0 R/Annots[22 0 R 23 0 R]"
    b"/Resources<</Font<</F1 5 0 R>>/XObject<</Im 24 0 R>>>>>>",
    21: stream(b"", content("Distinctive page") + b" /Im Do", deflated=True),
    22: b"<</Type/Annot/Subtype/Widget/FT/Tx/T(n)/V(Distinctive value)/Rect[0 0 9 9]/P 20 0 R"
    b"/AP<</N 25 0 R>>>>",
    23: b"<</Type/Annot/Subtype/Text/Contents(Distinctive remark)/Rect[0 0 9 9]>>",
    24: stream(PICTURE, SECRET),
    25: stream(FORM + b"/Resources<</Font<</F1 5 0 R>>>>", content("Distinctive look")),
}


@pytest.mark.parametrize(
    ("page", "document"),
    [
        (b"", b"/Outlines 30 0 R"),
        (b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Dest[20 0 R/Fit]>>]", b""),
        (b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/GoTo/D(x)>>>>]",
         b"/Dests<</x[20 0 R/Fit]>>"),
        (b"", b"/AcroForm<</Fields[22 0 R]>>"),
        (b"/Annots[<</Type/Annot/Subtype/Text/Contents(kept)/Rect[0 0 9 9]/IRT 23 0 R>>]", b""),
    ],
    ids=["an outline", "a link", "a named destination", "a field", "a reply to an annotation"],
)  # fmt: skip
def test_a_page_that_was_taken_out_stays_out_whatever_still_leads_to_it(
    page: bytes, document: bytes, tmp_path: Path
) -> None:
    outline = {
        30: b"<</Type/Outlines/First 31 0 R/Last 31 0 R/Count 1>>",
        31: b"<</Title(Chapter)/Parent 30 0 R/Dest[20 0 R/Fit]>>",
    }
    data = pdf(simple(WORDS, page, document) | GONE | outline)
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    assert found["revealed"]["other"]
    assert SECRET not in inside(copy)
    assert same(data, copy)
    again, _ = _examine(copy, tmp_path)
    assert not any(again["revealed"].values()), again


def test_a_field_on_a_page_keeps_what_was_typed_and_loses_its_twin_on_a_page_that_is_gone(
    tmp_path: Path,
) -> None:
    widget = b"<</Type/Annot/Subtype/Widget/Parent 42 0 R/Rect[%d 9 90 29]/MK<</CA(%s)>>>>"
    form = (
        b"/AcroForm<</Fields[42 0 R]/DA(/F1 9 Tf)/DR<</Font<</F1 5 0 R>>/XObject<</I 24 0 R>>>>>>"
    )
    data = pdf(
        simple(WORDS, b"/Annots[40 0 R]", form)
        | GONE
        | {
            40: widget % (9, b"kept"),
            41: widget % (9, SECRET),
            42: b"<</FT/Tx/T(n)/V(typed)/Kids[40 0 R 41 0 R]>>",
        }
    )
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    told = inside(copy)
    assert all(kept in told for kept in (b"(typed)", b"(kept)", b"/Helvetica"))
    assert SECRET not in told


def _shared(drawn: bytes, more: dict[int, bytes]) -> bytes:
    """One page of several that had their fonts and pictures in one dictionary."""
    objects = simple(WORDS)
    objects[3] = objects[3].replace(b"/Resources<</Font<</F1 5 0 R>>>>", b"/Resources 9 0 R")
    objects[4] = stream(b"", content(WORDS) + drawn, deflated=True)
    listed = (
        b"<</Font<</F1 5 0 R/T3 14 0 R>>/XObject<</Im#31 10 0 R/Im2 24 0 R/Fm 11 0 R>>"
        b"/Pattern<</P1 12 0 R>>/ExtGState<</G1 13 0 R>>/ColorSpace<</DefaultRGB[/CalRGB"
        b"<</WhitePoint[0.9 1 1]>>]/C1[/Pattern/DeviceRGB]>>>>"
    )
    shown = stream(PICTURE.replace(b"11", b"4"), b"\0\x40\x80\xff")
    return pdf(objects | {9: listed, 10: shown, 24: stream(PICTURE, SECRET)} | more)


USED = b"q 90 0 0 40 20 20 cm /Im1 Do Q"
TILE = b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 300 200]/XStep 300/YStep 200"
FONT3 = (
    b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65"
    b"/Widths[1]/Encoding<</Differences[65/a]>>/CharProcs<</a 15 0 R>>>>"
)
PARTS = {
    11: stream(FORM, USED),
    12: stream(TILE + b"/Resources 9 0 R", USED),
    13: b"<</Type/ExtGState/SMask<</S/Luminosity/G 11 0 R>>>>",
    14: FONT3,
    15: stream(b"", b"1 0 d0 1 0 0 1 0 0 cm /Im1 Do"),
}


@pytest.mark.parametrize(
    "drawn",
    [
        USED,
        b" /Fm Do",
        b" /C1 cs /P1 scn 0 0 300 200 re f",
        b" /G1 gs 1 0 0 rg 0 0 300 200 re f",
        b" BT /T3 40 Tf 60 60 Td (A) Tj ET",
    ],
    ids=["the page", "a form", "a pattern", "a mask", "a letter"],
)
def test_what_only_other_pages_drew_does_not_go_along(drawn: bytes, tmp_path: Path) -> None:
    data = _shared(b" 1 0 0 rg 200 20 30 30 re f" + drawn, PARTS)
    assert SECRET in data
    found, copy = _examine(data, tmp_path)
    assert found["cleaned"], found
    assert found["revealed"]["other"]
    assert SECRET not in inside(copy)
    assert same(data, copy)
    assert pages(copy)[0][0].getcolors(99999) != pages(_shared(b"", PARTS))[0][0].getcolors(99999)
    again, _ = _examine(copy, tmp_path)
    assert not any(again["revealed"].values()), again


@pytest.mark.parametrize(
    "document",
    [
        b"/Names<</EmbeddedFiles<</Kids[<</Names[(x)26 0 R]>>]>>>>",
        b"/AF[26 0 R]",
        b"/Collection<</View/T>>",
    ],
    ids=["attached", "belonging to it", "a collection"],
)
def test_a_pdf_with_files_attached_is_not_cleaned_into_one_without(
    document: bytes, tmp_path: Path
) -> None:
    file = {
        26: b"<</Type/Filespec/F(evidence.txt)/EF<</F 27 0 R>>>>",
        27: stream(b"/Type/EmbeddedFile", b"what happened"),
    }
    found, _ = _examine(pdf(simple(WORDS, document=document) | file), tmp_path)
    assert not found["cleaned"]
    assert found["kind"] == "pdf"


def _swollen(times: int) -> bytes:
    """Return a content stream of ``times`` MB of spaces, deflated."""
    deflating = zlib.compressobj(9)
    parts = [deflating.compress(b" " * 1_000_000) for _ in range(times)]
    return b"".join(parts) + deflating.flush()


@pytest.mark.parametrize("within", ["a content stream", "twice", "objects", "many"])
def test_what_swells_without_end_is_refused_before_it_fills_the_phone(
    within: str, tmp_path: Path
) -> None:
    objects = simple(WORDS)
    flat = b"/Filter/FlateDecode"
    big = _swollen(300 if within != "many" else 60)
    if within == "twice":
        flat, big = b"/Filter[/FlateDecode/FlateDecode]", zlib.compress(big, 9)
    if within == "objects":
        objects[9] = stream(b"/Type/ObjStm/N 1/First 4" + flat, big)
    else:
        objects[4] = stream(flat, big)
    if within == "many":
        objects[3] = objects[3].replace(b"4 0 R", b"[4 0 R %s]" % b" ".join(
            b"%d 0 R" % number for number in range(50, 62)))  # fmt: skip
        objects |= dict.fromkeys(range(50, 62), objects[4])
    found, most = weighed(pdf(objects | {5: FONT}), tmp_path)
    assert not found["cleaned"]
    assert most < MEMORY, "the page would be gone, with what was written"
