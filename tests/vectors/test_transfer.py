"""The vectors of transfers, good and bad; and that they can be made again."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from app.protocol.errors import BadTransfer
from app.protocol.identities import BundleKeys
from app.protocol.receipt import words_of
from app.protocol.secrets import Secret
from app.protocol.transfer import (
    BLOCK_BYTES_MAX,
    INVITATION_BYTES_MAX,
    open_head,
    open_invitation,
    sender_fingerprint,
    unpack,
)
from tests.vectors.make_transfer import vectors

KEPT: dict[str, Any] = json.loads(Path(__file__).with_name("transfer.json").read_bytes())


def _drain(stream: str) -> list[list[str]]:
    read = unpack(io.BytesIO(bytes.fromhex(stream)))
    return [[path, b"".join(pieces).hex()] for path, pieces in read]


def _open(head: str) -> Any:
    one = KEPT["head"]
    keys = BundleKeys(Secret(bytes.fromhex(one["keys"])))
    fetch, line = bytes.fromhex(one["fetch"]), bytes.fromhex(one["line"])
    return open_head(bytes.fromhex(head), keys, fetch, line)


def test_the_good_ones_are_read_as_they_say() -> None:
    one = KEPT["invitation"]
    invitation = open_invitation(bytes.fromhex(one["file"]))
    assert (invitation.hash.hex(), words_of(invitation.fingerprint)) == (one["hash"], one["words"])
    assert (invitation.name, invitation.line_id.hex()) == (one["name"], one["line"])
    assert invitation.expires.isoformat() == one["expires"]
    head = KEPT["head"]
    opened = _open(head["bytes"])
    assert opened.file.to_json() == head["file"]
    assert (opened.line_id.hex(), opened.vk.hex()) == (head["sender_line"], head["signer"])
    assert opened.sender_keys.hex() == head["sender_keys"]
    words = words_of(sender_fingerprint(opened.line_id, opened.vk))
    assert words == head["sender_words"]
    assert _drain(KEPT["parts"]["stream"]) == KEPT["parts"]["parts"]


@pytest.mark.parametrize("bad", KEPT["bad_invitations"], ids=lambda bad: bad[0])
def test_a_bad_invitation_is_refused(bad: list[str]) -> None:
    with pytest.raises(BadTransfer):
        open_invitation(bytes.fromhex(bad[1]))


@pytest.mark.parametrize("bad", KEPT["bad_heads"], ids=lambda bad: bad[0])
def test_a_bad_head_is_refused(bad: list[str]) -> None:
    with pytest.raises(BadTransfer):
        _open(bad[1])


@pytest.mark.parametrize("bad", KEPT["bad_parts"], ids=lambda bad: bad[0])
def test_bad_parts_are_refused(bad: list[str]) -> None:
    with pytest.raises(BadTransfer):
        _drain(bad[1])


@pytest.mark.parametrize("more", [0, 1])
def test_a_block_and_an_invitation_have_a_largest_size(more: int) -> None:
    """Too long for a file of vectors; what is just not too large is read."""
    block = bytes(BLOCK_BYTES_MAX + more)
    stream = b"\x00\x01a" + len(block).to_bytes(4) + block + bytes(6)
    file = bytes.fromhex(KEPT["invitation"]["file"]).ljust(INVITATION_BYTES_MAX + more)
    if not more:
        assert _drain(stream.hex()) == [["a", block.hex()]]
        assert open_invitation(file).name == KEPT["invitation"]["name"]
        return
    with pytest.raises(BadTransfer, match="in no form that is known"):
        _drain(stream.hex())
    with pytest.raises(BadTransfer, match="too large"):
        open_invitation(file)


def test_they_can_be_made_again() -> None:
    made = json.loads(json.dumps(vectors()))
    for each in (made, kept := json.loads(json.dumps(KEPT))):
        del each["head"]["bytes"], each["bad_heads"]  # the library encapsulates at random
    assert made == kept
