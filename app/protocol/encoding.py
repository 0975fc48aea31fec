"""Text forms of bytes (spec: README, notation): base64url, lower-case hex, JSON.

Each form has one spelling: what is not canonical is refused, so that nothing signed or hashed can
be written in two ways, nor read in two.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any, NoReturn

from app.protocol.errors import ProtocolError, WrongLength

_B64U = re.compile(r"[A-Za-z0-9_-]*\Z")
_HEX = re.compile(r"(?:[0-9a-f]{2})*\Z")
_WHOLE = re.compile(r"(?:0|-?[1-9][0-9]{0,15})\Z")
JSON_DEPTH_MAX = 32
JSON_NUMBER_MAX = 2**53 - 1
"""Every language reads whole numbers up to here exactly."""


def b64u(data: bytes) -> str:
    """Return base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64u(text: object, size: int | None = None) -> bytes:
    """Read base64url without padding; ``size`` is the length demanded, in bytes.

    Raises ProtocolError if it is no canonical base64url, WrongLength for another size.
    """
    if not isinstance(text, str) or not _B64U.match(text):
        raise ProtocolError("This is not base64url.")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise ProtocolError("This is not base64url.") from error
    if b64u(data) != text:  # no malleability: unused bits must be zero
        raise ProtocolError("This is not canonical base64url.")
    return _sized(data, size)


def unhex(text: object, size: int | None = None) -> bytes:
    """Read lower-case hex; ``size`` is the length demanded, in bytes.

    Raises ProtocolError if it is no lower-case hex, WrongLength for another size.
    """
    if not isinstance(text, str) or not _HEX.match(text):
        raise ProtocolError("This is not lower-case hexadecimal.")
    return _sized(bytes.fromhex(text), size)


def json_bytes(value: Any) -> bytes:
    """Return compact UTF-8 JSON with sorted keys."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    ).encode()


def read_json(data: bytes) -> Any:
    """Read JSON that every reader reads alike (spec: README, JSON). Raises ProtocolError.

    Refused: what is not UTF-8 or begins with a byte order mark, a member name twice in one object,
    more than 32 levels, and any number but whole ones from -(2^53 - 1) to 2^53 - 1.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_members,
            parse_int=_whole,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ProtocolError("This is not JSON.") from error
    _check_depth(value)
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ProtocolError("An object of this JSON has a member twice.")
    return members


def _whole(text: str) -> int:
    if not _WHOLE.match(text) or abs(int(text)) > JSON_NUMBER_MAX:
        _no_number(text)
    return int(text)


def _no_number(_: str) -> NoReturn:
    raise ProtocolError("A number of this JSON is not a whole one that everyone reads alike.")


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(JSON_DEPTH_MAX):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    if any(isinstance(one, dict | list) for one in level):
        raise ProtocolError(f"This JSON has more than {JSON_DEPTH_MAX} levels.")


def _sized(data: bytes, size: int | None) -> bytes:
    if size is not None and len(data) != size:
        raise WrongLength(f"Expected {size} bytes, got {len(data)}.")
    return data
