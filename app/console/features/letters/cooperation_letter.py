"""A cooperation letter from the agency's side: its bytes, made and checked (spec: letter).

A letter names nobody. It says that the holder of a code reported in a month and cooperated.
"""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from app.console.errors import ConsoleError
from app.protocol.directory import Directory, open_directory
from app.protocol.encoding import b64u, json_bytes, read_json, unb64u, unhex
from app.protocol.errors import ProtocolError
from app.protocol.identities import InvestigatorIdentity, sign
from app.protocol.letter import LetterRef
from app.protocol.signatures import TAG_LETTER, verify
from app.sentences.translatable import say

STATEMENT_BYTES_MAX = 2_000
_VERSION, _KIND = 1, "cooperation-letter"
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Translation:
    """A letter's statement in another language, to be read beside the English, which counts."""

    language: str
    """BCP 47."""
    statement: str


@dataclass(frozen=True, slots=True)
class VerifiedLetter:
    """A letter whose signature and signer were checked against the line's agency."""

    agency: str
    month: str
    statement: str
    signer: str
    directory_day: dt.date
    """The day on which the directory that it brings was signed: its signer was active then."""
    ref: LetterRef
    translation: Translation | None = None


def requested(body: bytes) -> tuple[bytes, bytes] | None:
    """Return ``n`` (16 bytes) and ``pk`` (32) of a letter-request's body, None for any other."""
    try:
        said = read_json(body)
        if said.get("v") != 1 or said.get("kind") != "letter-request":
            return None
        return unhex(said.get("n"), 16), unhex(said.get("pk"), 32)
    except (ProtocolError, AttributeError):
        return None


def write(
    identity: InvestigatorIdentity,
    directory: Directory,
    directory_file: bytes,
    *,
    agency: str,
    month: str,
    statement: str,
    n: bytes,
    pk: bytes,
    translation: Translation | None = None,
) -> tuple[bytes, LetterRef]:
    """Return the letter's file and how a proof names it.

    ``month`` is YYYY-MM: nothing finer is ever said. ``translation`` is signed with it.

    Raises ConsoleError for a statement that is none.
    """
    text = _checked(statement)
    said: dict[str, Any] = {
        "v": _VERSION,
        "kind": _KIND,
        "line": directory.line_id.hex(),
        "agency": agency,
        "month": month,
        "statement": text,
        "n": n.hex(),
        "pk": pk.hex(),
        "signer": identity.vk.hex(),
        "directory": {"version": directory.version, "sha256": directory.hash.hex()},
    }
    if translation is not None:
        statement = _checked(translation.statement)
        said["translation"] = {"language": translation.language, "statement": statement}
    letter = json_bytes(said)
    file = {
        "letter": b64u(letter),
        "signature": sign(identity.signing_seed, TAG_LETTER, letter).hex(),
        "directory": b64u(directory_file),
    }
    return json_bytes(file) + b"\n", LetterRef(n, pk, _digest(letter))


def open_letter(file: bytes, line_id: bytes) -> VerifiedLetter:
    """Read a letter's file; everything comes from the signed bytes.

    Raises ConsoleError for one that this line's agency does not vouch for.
    """
    try:
        outer = read_json(file.strip())
        letter = unb64u(outer["letter"])
        directory = open_directory(unb64u(outer["directory"]), line_id)
        said: dict[str, Any] = read_json(letter)
        vk = unhex(said["signer"], 32)
        verify(TAG_LETTER, vk, letter, unhex(outer["signature"], 64))
        if (said["v"], said["kind"], unhex(said["line"], 32)) != (_VERSION, _KIND, line_id):
            raise ConsoleError(say("This is no letter of this hotline."))
        named = said["directory"]
        if (named["version"], unhex(named["sha256"], 32)) != (directory.version, directory.hash):
            raise ConsoleError(say("This letter names another directory than the one in its file."))
        signer = next((one for one in directory.investigators if one.vk == vk), None)
        if signer is None:
            raise ConsoleError(say("Whoever signed this letter is not in the agency's directory."))
        if signer.status != "active":
            raise ConsoleError(
                say(
                    "Whoever signed this letter ({label}) is {status} in the directory that it "
                    "brings, and not active in it: it is not the agency's word. Ask the agency.",
                    label=signer.label,
                    status=signer.status,
                )
            )
        return VerifiedLetter(
            str(said["agency"]),
            str(said["month"]),
            str(said["statement"]),
            signer.label,
            directory.issued,
            LetterRef(unhex(said["n"], 16), unhex(said["pk"], 32), _digest(letter)),
            _translation(said.get("translation")),
        )
    except (ProtocolError, KeyError, TypeError) as error:
        if isinstance(error, ProtocolError):
            raise ConsoleError(
                say(
                    "This is no letter that this hotline's agency vouches for, or it was changed. "
                    "{reason}",
                    reason=error,
                )
            ) from None
        raise ConsoleError(
            say("This is no letter that this hotline's agency vouches for, or it was changed.")
        ) from None


def _checked(statement: str) -> str:
    text = " ".join(statement.split())
    if not text or len(text.encode()) > STATEMENT_BYTES_MAX:
        raise ConsoleError(
            say(
                "A letter's statement has 1 to {statement_bytes_max} bytes.",
                statement_bytes_max=STATEMENT_BYTES_MAX,
            )
        )
    return text


def _translation(said: Any) -> Translation | None:
    """Return a letter's translation, None where it has none. Raises KeyError, TypeError."""
    if said is None:
        return None
    language, statement = said["language"], said["statement"]
    if not isinstance(language, str) or not _TAG.fullmatch(language):
        raise TypeError
    if not isinstance(statement, str) or len(statement.encode()) > STATEMENT_BYTES_MAX:
        raise TypeError
    return Translation(language, statement)


def _digest(letter: bytes) -> bytes:
    return hashlib.sha256(letter).digest()
