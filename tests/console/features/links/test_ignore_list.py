"""What links nobody: the numbers that everybody has from our own pages."""

from __future__ import annotations

from app.console.features.links.ignore_list import of_information_pack


def test_the_numbers_of_our_own_pages_are_known() -> None:
    assert ("phone", "+18883737888") in of_information_pack()
    assert ("phone", "+448000121700") in of_information_pack()
    assert ("phone", "+40800800678") in of_information_pack(), (
        "of a country within the Union's page"
    )
    assert ("phone", "+18339001010") in of_information_pack()
    assert ("phone", "+4520270531") not in of_information_pack(), "a day is no number of Denmark"
