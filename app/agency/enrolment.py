"""Enrolment: an investigator's request file, checked, and its fingerprint in words.

The request travels by any means, even a bad one; what makes it trusted is that two people who know
each other's voice compare twelve words. Nothing is read or written here.

    {"v": 2, "kind": "quietline-enrolment", "line": b64u, "label": "Ana",
     "vk", "dh", "mlkem", "fetch", "sig": b64u, "tor": "descriptor:x25519:…" or absent}
"""

import json
import re
import unicodedata
from typing import Final

from app.agency.errors import Suspicious
from app.protocol.encoding import unb64u
from app.protocol.errors import BadPoint, BadSignature, ProtocolError
from app.protocol.line import Line
from app.protocol.receipt import words_of
from app.protocol.recipients import Investigator, check_encryption_keys
from app.protocol.wire import LINE_ID_BYTES, MLKEM_PUBLIC_BYTES

REQUEST_MAX: Final = 16_384
LABEL_MAX: Final = 64
KIND: Final = "quietline-enrolment"
VERSION: Final = 2
_TOR: Final = re.compile(r"descriptor:x25519:[A-Z2-7]{52}")


def read_request(data: bytes, line: Line) -> Investigator:
    """Return the investigator who asks ``line`` to be enrolled, active, every key checked.

    Raises Suspicious where the file is of another kind or for another line, a key is not canonical
    or the signature over the keys does not hold. Line and label are not signed: the twelve words
    bind them.
    """
    if len(data) > REQUEST_MAX:
        raise Suspicious("This file is too large for an enrolment request.")
    try:
        content = json.loads(data)
        if content["kind"] != KIND:
            raise ValueError("another kind of file")
        version = content["v"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Suspicious(
            "This file is not an enrolment request. The investigator makes one with "
            "`quietline console init`."
        ) from None
    if version != VERSION:
        raise Suspicious(
            "This enrolment request comes from another version of Quietline. Bring both machines "
            "to the same version."
        )
    try:
        if unb64u(content["line"], LINE_ID_BYTES) != line.line_id:
            raise Suspicious(
                "This request is for another line: the investigator's line.json is not yours. Give "
                "them yours by a way that you trust, and let them make a new vault with it."
            )
        investigator = Investigator(
            vk=unb64u(content["vk"], 32),
            dh=unb64u(content["dh"], 32),
            mlkem=unb64u(content["mlkem"], MLKEM_PUBLIC_BYTES),
            fetch=unb64u(content["fetch"], 32),
            signature=unb64u(content["sig"], 64),
            label=clean_label(content["label"]),
            status="active",
        )
        investigator.verify()
        check_encryption_keys(investigator.dh, investigator.mlkem)
    except (BadPoint, BadSignature):
        raise Suspicious(
            "The keys in this request do not hold together: it was damaged or changed on the way. "
            "Ask the investigator for it again, by another way."
        ) from None
    except (ProtocolError, KeyError, TypeError):
        raise Suspicious(
            "This enrolment request is incomplete or damaged. Ask the investigator for it again."
        ) from None
    return investigator


def tor_line(data: bytes) -> str | None:
    """Return which Tor the operator lets in at the investigators' onion, None if it says none.

    It is the text of a file NAME.auth of Tor's. The twelve words do not bind it: who changed it on
    the way lets a Tor of theirs in, which reaches an address and nothing of the line, and keeps the
    investigator's out.
    """
    try:
        said = json.loads(data)["tor"] if len(data) <= REQUEST_MAX else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return said if isinstance(said, str) and _TOR.fullmatch(said) else None


def clean_label(label: object) -> str:
    """Return a label as the directory may carry it: 1 to 64 printable characters, one line.

    Raises Suspicious. The label is public: everyone who reads the directory sees it.
    """
    text = unicodedata.normalize("NFC", label).strip() if isinstance(label, str) else ""
    if not 0 < len(text) <= LABEL_MAX or not text.isprintable():
        raise Suspicious(f"The request's label must be 1 to {LABEL_MAX} printable characters.")
    return text


def fingerprint_words(investigator: Investigator, line: Line) -> str:
    """Return the twelve English words of the same keys, label and line.json on both machines."""
    return words_of(investigator.fingerprint(line))


def same_words(typed: str, expected: str) -> bool:
    """Say whether the expected words were typed, whatever the case, spaces and commas."""
    return typed.replace(",", " ").replace("-", " ").casefold().split() == expected.split()
