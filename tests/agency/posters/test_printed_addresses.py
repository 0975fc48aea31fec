"""The line's addresses on paper: just these, in letters that can be copied."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.agency.errors import AgencyError
from app.agency.posters.printed_addresses import addresses_of
from app.protocol.line import Line

ONION = f"http://{'abcdefghijklmnopqrstuvwxyz234567' * 2}"[: 7 + 56] + ".onion"
DESK = f"http://{'z' * 56}.onion"
LINE = Line(bytes(32), "Harbour", "https://tips.example.org", ONION, DESK)


def test_the_web_address_comes_first_then_the_onion_and_never_the_investigators() -> None:
    assert [one.url for one in addresses_of(LINE)] == ["https://tips.example.org", ONION]
    assert [one.is_onion for one in addresses_of(LINE)] == [False, True]
    only = replace(LINE, server=ONION)
    assert [one.url for one in addresses_of(only)] == [ONION]
    none = replace(LINE, onion=None)
    assert [one.url for one in addresses_of(none)] == ["https://tips.example.org"]


def test_an_onion_is_printed_in_groups_of_four_which_together_are_it() -> None:
    _, onion = addresses_of(LINE)
    assert [len(line.split()) for line in onion.lines] == [4, 4, 4, 3]
    *groups, last = " ".join(onion.lines).split()
    assert ({len(group) for group in groups}, last) == ({4}, ".onion")
    assert "http://" + "".join(onion.lines).replace(" ", "") == ONION


def test_a_web_address_goes_on_below_after_a_dot_alone() -> None:
    web, _ = addresses_of(replace(LINE, server="https://tips.harbour-mission.example.org:8443"))
    assert web.pieces == [["https://", "tips.", "harbour-mission.", "example.", "org:8443"]]


def test_every_code_is_coarse_enough_for_the_smallest_place_and_has_white_around() -> None:
    for address in addresses_of(LINE):
        path, width = address.modules()
        assert 21 / width > 0.4, "millimetres of a module on a strip"
        corners = [run.split("h")[0].split() for run in path.split("M")[1:]]
        assert min(int(x) for x, _ in corners) == min(int(y) for _, y in corners) == 4


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("https://tips.example.org/hu", "no path"),
        ("https://tips.example.org?poster=7", "no parameter"),
        ("https://tips.example.org#7", "no parameter"),
        (f"https://{'long.' * 25}example.org", "too long"),
        ("https://bücher.example.org", "xn--"),
    ],
)
def test_what_is_more_than_an_address_or_cannot_be_scanned_is_refused(
    address: str, complaint: str
) -> None:
    with pytest.raises(AgencyError, match=complaint):
        addresses_of(replace(LINE, server=address))
