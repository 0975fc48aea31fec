"""The parsers of everything that comes from outside, each as a function of bytes that must return.

A target gets any bytes. It may refuse them with the errors that its parser promises and nothing
else; what it takes must come out again as it went in; and an error's text holds nothing of the
input. The first byte of an input says which target it is for.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable

from app.agency.enrolment import read_request
from app.agency.errors import Suspicious
from app.protocol import challenges
from app.protocol.bodies import read_body
from app.protocol.directory import open_directory
from app.protocol.encoding import b64u, json_bytes
from app.protocol.errors import ProtocolError
from app.protocol.identities import sign, verify_key
from app.protocol.line import Line
from app.protocol.receipt import read_code
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_DIRECTORY
from app.protocol.wire import (
    ENVELOPE_BYTES,
    BundleUpload,
    Envelope,
    EpochBundles,
    check_envelope,
    split_batch,
)
from app.server.admission.proof_of_work import BadProof, ExpiredProof, Issuer
from app.server.admission.proxy_protocol import BadLine, FirstLine

ROOT = Secret(bytes(range(32)))
"""Signs what a fuzzer could not, so that it comes to what lies behind a signature."""
WORK_KEY = bytes(32)
ASKED = Line(verify_key(ROOT), "Harbour", "https://tips.example.org", None)
"""The line that a request to be enrolled is for."""
ECHO = 24
"""So many bytes of the input, found in an error's text, are an echo; fewer may be a name."""
_TOLD = (ProtocolError, Suspicious, BadProof, ExpiredProof, BadLine)


def batch(data: bytes) -> None:
    """Read a batch of one envelope or more."""
    for envelope in split_batch(data, max(1, len(data) // ENVELOPE_BYTES)):
        check_envelope(envelope)
        _same(Envelope.parse(envelope).serialise(), envelope)


def epoch_bundles(data: bytes) -> None:
    """Read what ``GET bundles`` gives."""
    _same(EpochBundles.parse(data).serialise(), data)


def upload(data: bytes) -> None:
    """Read what an investigator posts."""
    _same(BundleUpload.parse(data).serialise(), data)


def directory(data: bytes) -> None:
    """Read a directory file, as it comes."""
    open_directory(data, verify_key(ROOT))


def signed_directory(data: bytes) -> None:
    """Any bytes, signed as a directory by the root."""
    outer = {
        "directory": b64u(data),
        "signature": sign(ROOT, TAG_DIRECTORY, data).hex(),
        "root": verify_key(ROOT).hex(),
    }
    opened = open_directory(json_bytes(outer), verify_key(ROOT))
    opened.state(dt.date(2026, 1, 1))


def challenge_set(data: bytes) -> None:
    """Read what ``GET challenges`` gives."""
    challenges.parse_set(data)


def code(data: bytes) -> None:
    """Read a receipt code, as a reporter types it."""
    for secret in read_code(data.decode("utf-8", "replace")):
        _same(len(secret.reveal()), 16)


def body(data: bytes) -> None:
    """Read a message's body, as another client may write it."""
    read_body(data)


def work_header(data: bytes) -> None:
    """Read the header that carries work."""
    Issuer(WORK_KEY, os.urandom).check(data.decode("latin-1"), 0)


def proxy_line(data: bytes) -> None:
    """How a connection behind Tor or a proxy begins."""
    FirstLine("any").feed(data)


def enrolment(data: bytes) -> None:
    """Read an investigator's request to be enrolled."""
    read_request(data, ASKED)


TARGETS: tuple[Callable[[bytes], None], ...] = (
    batch,
    epoch_bundles,
    upload,
    directory,
    signed_directory,
    challenge_set,
    code,
    body,
    work_header,
    proxy_line,
    enrolment,
)
NAMES_WHAT_IS_WRONG = {code}
"""A reporter is told which word is wrong: that is on their own screen."""


def refusal(data: bytes) -> Exception | None:
    """Give an input to its target; return how it was refused, None if it was taken."""
    try:
        TARGETS[data[0] % len(TARGETS)](data[1:])
    except _TOLD as error:
        return error
    return None


def one_input(data: bytes) -> None:
    """Give an input to its target. Raises AssertionError, or whatever a parser must not raise."""
    if not data:
        return
    error, target, content = refusal(data), TARGETS[data[0] % len(TARGETS)], data[1:]
    if error is None or target in NAMES_WHAT_IS_WRONG:
        return
    said = str(error).encode()
    for at in range(len(said) - ECHO + 1):
        if said[at : at + ECHO] in content:
            raise AssertionError(f"{target.__name__} echoes {said[at : at + ECHO]!r}") from error


def _same(came_out: object, went_in: object) -> None:
    if came_out != went_in:
        raise AssertionError("what was taken is not what came")
