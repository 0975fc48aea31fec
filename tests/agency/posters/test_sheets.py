"""What is cut off a sheet is whole, whatever the address: a strip, a card, a witness's half."""

from __future__ import annotations

from collections.abc import Sequence

import pypdfium2
import pytest

from app.agency.posters.drawing import as_pdf
from app.agency.posters.poster_words import read_words
from app.agency.posters.printed_addresses import Address, addresses_of
from app.agency.posters.sheets import STRIPS, Said, sheets_of
from app.agency.posters.typefaces import typeface_of
from app.protocol.line import Line
from app.reporter.catalogue import CONTENT_FOLDER, language_of

ONION = f"http://{'abcdefghijklmnopqrstuvwxyz234567' * 2}"[: 7 + 56] + ".onion"
LONG = f"https://{'very-long-name-of-a-hotline.' * 3}org.example"
_POINTS = 72 / 25.4
_EDGE = 0.5
"""Millimetres from a cut line that nothing may be nearer to."""


def addresses(server: str, onion: str | None) -> tuple[Address, ...]:
    return addresses_of(Line(bytes(32), "Harbour", server, onion, None))


def drawn(code: str, printed: Sequence[Address]) -> dict[str, bytes]:
    """Return a language's sheets for paper, by name."""
    words = read_words(CONTENT_FOLDER, code)
    said = Said(language_of(code), typeface_of(code), words, "999", printed)
    return {one.name: as_pdf(one.html) for one in sheets_of(said) if not one.is_screen}


def letters(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float, str]]:
    """Return each letter's left, top, right and bottom on a page, in millimetres."""
    text, height = page.get_textpage(), page.get_height()
    found = []
    for index in range(text.count_chars()):
        left, bottom, right, top = (at / _POINTS for at in text.get_charbox(index))
        letter = text.get_text_range(index, 1)
        if letter.strip() and right > left:
            found.append((left, height / _POINTS - top, right, height / _POINTS - bottom, letter))
    return found


def flat(address: Address) -> str:
    """Return an address as it is printed, without spaces."""
    return address.url.removeprefix("http://") if address.is_onion else address.url


@pytest.mark.parametrize(
    ("code", "server", "onion"),
    [("en", LONG, ONION), ("en", ONION, None), ("ur", ONION, None)],
    ids=["long", "onion", "nastaliq"],
)
def test_each_part_that_is_cut_off_has_the_whole_address_and_touches_no_cut(
    code: str, server: str, onion: str | None
) -> None:
    printed = addresses(server, onion)
    sheets = drawn(code, printed)
    for name in ("poster-open", "poster-quiet"):
        with pypdfium2.PdfDocument(sheets[name]) as paper:
            assert len(paper) == 1
            placed = letters(paper[0])
        below = [one for one in placed if one[1] > 225]
        for number in range(STRIPS):
            left = 5 + 25 * number
            (strip,) = [
                [o for o in below if left <= (o[0] + o[2]) / 2 < left + 25],
            ]
            assert "".join(one[4] for one in strip).count(flat(printed[0])) == 1, (name, number)
            assert min(one[0] for one in strip) > left + _EDGE, (name, number)
            assert max(one[2] for one in strip) < left + 25 - _EDGE, (name, number)
            assert max(one[3] for one in strip) < 297 - 4, "printers do not reach the edge"
        above = "".join(one[4] for one in placed if one[1] <= 225)
        assert [above.count(flat(one)) for one in printed] == [1] * len(printed), name
    for name in ("witness-hotel", "witness-hospital"):
        with pypdfium2.PdfDocument(sheets[name]) as paper:
            placed = letters(paper[0])
        for half in (
            [one for one in placed if one[2] < 148.5 - _EDGE],
            [one for one in placed if one[0] > 148.5 + _EDGE],
        ):
            text = "".join(one[4] for one in half)
            assert [text.count(flat(one)) for one in printed] == [1] * len(printed), name
    for name in ("cards-open", "cards-quiet"):
        with pypdfium2.PdfDocument(sheets[name]) as paper:
            text = "".join(one[4] for one in letters(paper[1]))
        assert text.count(flat(printed[-1])) == 10, name
