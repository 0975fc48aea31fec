"""Whose letter it is: what a verifier asks and the holder of a code proves, in both languages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.protocol.encoding import b64u, json_bytes
from app.protocol.errors import BadProof, BadSignature
from app.protocol.letter import LetterRef, ProofRequest, check_proof, letter_public, prove
from app.protocol.secrets import Secret
from tests.protocol.javascript import JavaScript, Refused

MINE, THEIRS = Secret(bytes(range(16))), Secret(bytes(range(16, 32)))
LAWYER = "Law office M. Okafor, Leeds"


def _letter(holder: Secret, number: int) -> LetterRef:
    n = bytes([number]) * 16
    return LetterRef(n, letter_public(holder, n), hashlib.sha256(n).digest())


REQUEST = ProofRequest(LAWYER, bytes(16), (_letter(THEIRS, 1), _letter(MINE, 2), _letter(MINE, 3)))


@pytest.fixture(scope="module")
def js() -> Iterator[JavaScript]:
    bridge = JavaScript()
    yield bridge
    bridge.close()


def test_the_holder_proves_the_first_letter_that_is_theirs(js: JavaScript) -> None:
    proof = prove(MINE, REQUEST)
    assert proof is not None
    assert check_proof(proof, REQUEST) == REQUEST.letters[1]
    text = REQUEST.to_text()
    assert js("proveLetter", mk=MINE.reveal(), text=text) == proof
    broken = "\n".join(text[at : at + 40] for at in range(0, len(text), 40))
    assert js("proveLetter", mk=MINE.reveal(), text=f"  {broken}\r\n") == proof
    assert ProofRequest.from_text(f"  {broken}\r\n") == REQUEST


def test_another_code_proves_nothing(js: JavaScript) -> None:
    other = Secret(bytes(16))
    assert prove(other, REQUEST) is None
    assert js("proveLetter", mk=other.reveal(), text=REQUEST.to_text()) is None


def test_a_proof_is_for_one_verifier_one_nonce_and_one_letter() -> None:
    proof = prove(MINE, REQUEST)
    assert proof is not None
    for other in (
        replace(REQUEST, verifier=LAWYER + "!"),
        replace(REQUEST, nonce=bytes(15) + b"\1"),
        replace(REQUEST, letters=REQUEST.letters[:1]),
        replace(REQUEST, letters=(replace(REQUEST.letters[1], letter=bytes(32)),)),
    ):
        with pytest.raises(BadSignature):
            check_proof(proof, other)


def _text(**changed: object) -> str:
    letter = {"n": "00" * 16, "pk": "00" * 32, "letter": "00" * 32}
    fields = {"v": 1, "kind": "letter-proof-request", "verifier": LAWYER, "nonce": "00" * 16}
    return b64u(json_bytes({**fields, "letters": [letter], **changed}))


BROKEN = {
    "words": "a letter, please",
    "another version": _text(v=2),
    "another kind": _text(kind="letter-proof"),
    "nobody asks": _text(verifier=" "),
    "a name with a control character": _text(verifier="Law\u0000yer"),
    "a name too long": _text(verifier="ü" * 101),
    "a short nonce": _text(nonce="00" * 15),
    "no letter": _text(letters=[]),
    "no list": _text(letters={}),
    "too many letters": _text(letters=[{}] * 501),
    "a letter without a key": _text(letters=[{"n": "00" * 16, "letter": "00" * 32}]),
    "a letter that is none": _text(letters=[None]),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_request_is_refused(js: JavaScript, text: str) -> None:
    with pytest.raises(BadProof):
        ProofRequest.from_text(text)
    with pytest.raises(Refused):
        js("proveLetter", mk=MINE.reveal(), text=text)


def test_what_is_no_proof_is_refused() -> None:
    for text in ("", "no", REQUEST.to_text(), b64u(json_bytes({"v": 1, "kind": "letter-proof"}))):
        with pytest.raises(BadProof):
            check_proof(text, REQUEST)


def test_nobody_is_asked_what_nobody_can_read() -> None:
    with pytest.raises(BadProof, match="who asks"):
        replace(REQUEST, verifier="").to_text()
