"""What is carried: the server's card and the consoles' keys, refused where they are damaged."""

from __future__ import annotations

import hashlib
import json

import pytest

from app.protocol.errors import BadLine
from app.protocol.line import Line
from app.setup.carried import NotCarried, ServerCard, consoles_file, line_numbers, read_consoles
from tests.setup.conftest import TOR_KEY, onion


def test_a_card_is_read_back(card: ServerCard) -> None:
    assert ServerCard.parse(card.serialise()) == card
    on_web = ServerCard("Línea", onion(), onion(), "https://tips.example.org")
    assert ServerCard.parse(on_web.serialise()) == on_web


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kind", "quietline-else"),
        ("v", 2),
        ("reporters", "http://short.onion"),
        ("investigators", None),
        ("web", "http://tips.example.org"),
        ("web", "https://tips.example.org/page"),
        ("line_name", "two\nlines"),
        ("line_name", "x" * 81),
    ],
)
def test_another_file_is_refused(card: ServerCard, key: str, value: object) -> None:
    content = json.loads(card.serialise()) | {key: value}
    with pytest.raises(NotCarried, match="copy it again"):
        ServerCard.parse(json.dumps(content).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"[" * 100_000, b"\xff"])
def test_no_json_is_no_card(data: bytes) -> None:
    with pytest.raises(NotCarried):
        ServerCard.parse(data)


def test_keys_of_consoles_are_read_back() -> None:
    assert read_consoles(consoles_file({"a1": TOR_KEY})) == {"a1": TOR_KEY}
    assert read_consoles(consoles_file({})) == {}


@pytest.mark.parametrize(
    "consoles", [{"../x": TOR_KEY}, {"a": "descriptor:x25519:short"}, {"": TOR_KEY}, [1], {"a": 1}]
)
def test_a_key_that_would_open_the_onion_to_all_is_refused(consoles: object) -> None:
    with pytest.raises(NotCarried):
        read_consoles(json.dumps({"v": 1, "consoles": consoles}).encode())


def test_a_lines_numbers_are_those_of_its_root_key() -> None:
    digest = hashlib.sha256(bytes(32)).digest()
    expected = [int.from_bytes(digest[at : at + 2], "big") for at in (0, 2, 4, 6, 8)]
    assert [int(one) for one in line_numbers(bytes(32)).split()] == expected
    assert all(len(one) == 5 for one in line_numbers(bytes(31) + b"\1").split())


@pytest.mark.parametrize("member", ["name", "server", "onion", "investigators"])
@pytest.mark.parametrize("hidden", ["\x1b[8m", "\n", "\x9b", "\u202e", "\u2066"])
def test_what_a_terminal_obeys_is_in_no_line(member: str, hidden: str) -> None:
    """A set-up shows these to root before anything of them is believed."""
    line = Line(bytes(32), "خط\u200cما", onion(), onion(), onion())
    assert Line.parse(line.serialise()) == line
    content = json.loads(line.serialise())
    content[member] += hidden
    with pytest.raises(BadLine, match="cannot be seen"):
        Line.parse(json.dumps(content).encode())
