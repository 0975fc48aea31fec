"""What links nobody: the numbers that everybody has from our own pages."""

from __future__ import annotations

from app.console.features.links.ignore_list import of_information_pack


def test_the_numbers_of_our_own_pages_are_known() -> None:
    assert ("phone", "+18883737888") in of_information_pack()
    assert ("phone", "+448000121700") in of_information_pack()
