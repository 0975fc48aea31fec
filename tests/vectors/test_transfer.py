"""The vectors of transfers, good and bad; and that they can be made again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.protocol.errors import BadTransfer
from app.protocol.transfer import BLOCK_BYTES_MAX, INVITATION_BYTES_MAX, open_invitation
from tests.vectors.make_transfer import vectors
from tests.vectors.transfer_checks import SECTIONS, read_parts

KEPT: dict[str, Any] = json.loads(Path(__file__).with_name("transfer.json").read_bytes())


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_holds(section: str) -> None:
    assert [name for name, passed in SECTIONS[section](KEPT) if not passed] == []


def test_every_member_is_looked_at() -> None:
    assert set(SECTIONS) == set(KEPT)


@pytest.mark.parametrize(
    ("section", "good"),
    [
        ("bad_invitations", KEPT["invitation"]["file"]),
        ("bad_heads", KEPT["head"]["bytes"]),
        ("bad_parts", KEPT["parts"]["stream"]),
    ],
)
def test_what_is_read_is_not_taken_for_refused(section: str, good: str) -> None:
    changed = {**KEPT, section: [["it is good", good]]}
    failing = [name for name, passed in SECTIONS[section](changed) if not passed]
    assert failing == ["refused: it is good"]


@pytest.mark.parametrize("more", [0, 1])
def test_a_block_and_an_invitation_have_a_largest_size(more: int) -> None:
    """Too long for a file of vectors; what is just not too large is read."""
    block = bytes(BLOCK_BYTES_MAX + more)
    stream = b"\x00\x01a" + len(block).to_bytes(4) + block + bytes(6)
    file = bytes.fromhex(KEPT["invitation"]["file"]).ljust(INVITATION_BYTES_MAX + more)
    if not more:
        assert read_parts(stream.hex()) == [["a", block.hex()]]
        assert open_invitation(file).name == KEPT["invitation"]["name"]
        return
    with pytest.raises(BadTransfer, match="in no form that is known"):
        read_parts(stream.hex())
    with pytest.raises(BadTransfer, match="too large"):
        open_invitation(file)


def test_they_can_be_made_again() -> None:
    made = json.loads(json.dumps(vectors()))
    for each in (made, kept := json.loads(json.dumps(KEPT))):
        del each["head"]["bytes"], each["bad_heads"]  # the library encapsulates at random
    assert made == kept
