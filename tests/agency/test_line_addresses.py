"""Addresses of a line: only those that reporters could safely use, in one spelling."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.agency import ceremonies, rootkey
from app.agency.errors import AgencyError
from app.agency.line_addresses import clean_address, clean_onion
from app.protocol.secrets import Secret

ONION = "a" * 56 + ".onion"


@pytest.mark.parametrize(
    "address",
    [
        "http://tips.example.org",
        "tips.example.org",
        "https://x/path",
        "https://u:p@x",
        "ftp://x",
        "http://short.onion",
    ],
)
def test_an_address_that_would_harm_reporters_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(AgencyError, match=r"address|begin with"):
        ceremonies.init_agency(
            tmp_path / "new",
            name="x",
            server=address,
            passphrase=Secret(b"x"),
            rng=os.urandom,
            kdf=rootkey.SYNTHETIC,
        )
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" https://Tips.Example.org/ ", "https://tips.example.org"),
        (f"http://{ONION.upper()}", f"http://{ONION}"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert clean_address(typed) == kept


def test_what_is_no_onion_is_not_taken_for_one() -> None:
    assert clean_onion(f"http://{ONION}/") == f"http://{ONION}"
    with pytest.raises(AgencyError, match="not an onion"):
        clean_onion("https://tips.example.org")
