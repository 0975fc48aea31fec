"""The signed directory: who reads for this line, in which desks (spec: directory). Public side.

Only the bytes that were signed are parsed; there is no second, unsigned copy to swap.
Making and signing one is the agency's (app.agency).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from app.protocol.encoding import read_json, unb64u, unhex
from app.protocol.errors import BadDirectory, BadSignature, ProtocolError
from app.protocol.recipients import Investigator
from app.protocol.signatures import TAG_DIRECTORY, TAG_ROOT, verify

VERSION = 2
STATUSES = ("active", "former", "compromised")
WARN_DAYS = 45
GRACE_DAYS = 14
INVESTIGATORS_MAX = 65_535
LABEL_MAX = 64
MESSAGE_DAYS_MAX = 3_650
TELLS = ("yes", "no", "unknown")
HOURS_MAX = 14
LANGUAGES_MAX = 32
_EPOCH = dt.date(1970, 1, 1).toordinal()
_DAY = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}\Z")
_DESK_ID = re.compile(r"[a-z0-9-]{1,64}\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]\Z")
_MIDNIGHT = "24:00"
_NO_LABEL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Hours:
    """When a desk reads, by the clock where it is.

    ``days`` are 1 (Monday) to 7; ``begin`` and ``end`` are HH:MM, ``end`` up to 24:00. An ``end``
    that is not after ``begin`` is on the next day.
    """

    days: tuple[int, ...]
    begin: str
    end: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A named group of investigators that a reporter may choose; texts by language tag.

    What a reporter reads of it before choosing: ``hours``, ``languages`` (BCP 47) that somebody
    there reads, and whether it is bound to tell immigration (``yes``, ``no``, ``unknown``). Where
    the agency has said nothing, the first two are empty.
    """

    id: str
    members: tuple[int, ...]
    name: dict[str, str]
    about: dict[str, str]
    hours: tuple[Hours, ...] = ()
    languages: tuple[str, ...] = ()
    tells_immigration: str = "unknown"

    @property
    def reads_always(self) -> bool:
        """Whether it says that somebody reads at every hour of the week."""
        always = (day for one in self.hours if _is_whole_day(one) for day in one.days)
        return set(always) == set(range(1, 8))


@dataclass(frozen=True, slots=True)
class Directory:
    """A verified directory.

    ``hash`` is SHA-256 of its signed bytes; ``roots`` are the root keys after the line's first, 32
    bytes each, and the last of all is ``root``, which signed.
    """

    hash: bytes
    line_id: bytes
    roots: tuple[bytes, ...]
    root: bytes
    version: int
    issued: dt.date
    expires: dt.date
    investigators: tuple[Investigator, ...]
    desks: tuple[Desk, ...]
    params: dict[str, Any]

    @property
    def active(self) -> tuple[int, ...]:
        """Indexes of the investigators that a batch must address, in order."""
        return tuple(i for i, one in enumerate(self.investigators) if one.status == "active")

    def follows(self, earlier: Directory) -> bool:
        """Say whether its roots begin with those of an earlier directory of the line.

        If not, a root that was replaced signed it: whoever stole that one (spec: directory, going
        back).
        """
        return self.roots[: len(earlier.roots)] == earlier.roots

    def desk_of(self, sender: int, desk_id: object) -> Desk | None:
        """Return the desk in whose name an answer may be shown, if any.

        That is the one that its body names, if its writer is active and sits there. Who has left
        speaks for no desk, since the day that an answer names is its writer's word (spec: answers).
        """
        if self.investigators[sender].status != "active":
            return None
        named = (desk for desk in self.desks if desk.id == desk_id and sender in desk.members)
        return next(named, None)

    def members(self, desk_ids: set[str]) -> set[int]:
        """Return the active members of the desks chosen. Raises BadDirectory for an unknown one."""
        unknown = desk_ids - {desk.id for desk in self.desks}
        if unknown:
            raise BadDirectory("A desk that was chosen is not in the directory.")
        chosen = {i for desk in self.desks if desk.id in desk_ids for i in desk.members}
        return chosen & set(self.active)

    def state(self, day: dt.date) -> str:
        """Say how the directory stands on a day, in one word.

        ``ok``, ``expiring`` (45 days before the end), ``grace`` (up to 14 days after: usable, with
        a notice) or ``expired``.
        """
        return self._state(day.toordinal())

    def state_at(self, seconds: int) -> str:
        """Say the same of the day (UTC) of a time in Unix seconds, however large it is."""
        return self._state(_EPOCH + seconds // 86_400)

    def _state(self, day: int) -> str:
        last = self.expires.toordinal()
        if day > last + GRACE_DAYS:
            return "expired"
        if day > last:
            return "grace"
        return "expiring" if day > last - WARN_DAYS else "ok"


def open_directory(data: bytes, line_id: bytes) -> Directory:
    """Verify a signed directory file against the line id (32 bytes) and return it.

    The chain of roots begins at the line id; each next root is signed by the one before; the last
    one signs the directory. Raises BadDirectory, BadSignature, BadPoint, WrongLength.
    """
    outer = _object(data, "directory file")
    try:
        signed = unb64u(outer["directory"])
        signature = unhex(outer["signature"], 64)
        claimed_root = unhex(outer["root"], 32)
        inner = _object(signed, "directory")
        # The chain has to be read before the signature over it can be checked; nothing else is.
        roots = _roots(inner["roots"], line_id)
    except KeyError as error:
        raise BadDirectory("The directory lacks a field.") from error
    except TypeError as error:
        raise BadDirectory("A field of the directory has the wrong form.") from error
    root = roots[-1] if roots else line_id
    if root != claimed_root:
        raise BadSignature("The directory is not signed by this line's current root key.")
    verify(TAG_DIRECTORY, root, signed, signature)
    try:
        return _read(inner, line_id, roots, hashlib.sha256(signed).digest())
    except KeyError as error:
        raise BadDirectory("The directory lacks a field.") from error
    except (TypeError, AttributeError) as error:
        raise BadDirectory("A field of the directory has the wrong form.") from error


def _object(data: bytes, name: str) -> dict[str, Any]:
    try:
        value = read_json(data)
    except ProtocolError as error:
        raise BadDirectory(f"The {name} is not JSON.") from error
    if not isinstance(value, dict):
        raise BadDirectory(f"The {name} is not a JSON object.")
    return value


def _roots(chain: object, line_id: bytes) -> tuple[bytes, ...]:
    roots: list[bytes] = []
    for link in _list(chain):
        new = unb64u(link["root"], 32)
        verify(TAG_ROOT, roots[-1] if roots else line_id, new, unb64u(link["signature"], 64))
        roots.append(new)
    return tuple(roots)


def _read(
    inner: dict[str, Any], line_id: bytes, roots: tuple[bytes, ...], digest: bytes
) -> Directory:
    if type(inner["v"]) is not int or inner["v"] != VERSION:
        raise BadDirectory("The directory is of a version this program does not know.")
    if unb64u(inner["line_id"], 32) != line_id:
        raise BadDirectory("The directory belongs to another line.")
    version = inner["version"]
    if type(version) is not int or version < 1:
        raise BadDirectory("The directory's version is not a positive number.")
    issued, expires = _day(inner["issued"]), _day(inner["expires"])
    investigators = tuple(_investigator(one, issued) for one in _list(inner["investigators"]))
    if len(investigators) > INVESTIGATORS_MAX:
        raise BadDirectory("The directory lists more investigators than a batch can hold.")
    if len({one.vk for one in investigators}) != len(investigators):
        raise BadDirectory("The directory lists an investigator twice.")
    if len({(one.dh, one.mlkem) for one in investigators}) != len(investigators):
        raise BadDirectory("Two investigators of the directory have the same keys.")
    desks = tuple(_desk(one, len(investigators)) for one in _list(inner["desks"]))
    if len({desk.id for desk in desks}) != len(desks):
        raise BadDirectory("The directory lists a desk twice.")
    return Directory(
        hash=digest,
        line_id=line_id,
        roots=roots,
        root=roots[-1] if roots else line_id,
        version=version,
        issued=issued,
        expires=expires,
        investigators=investigators,
        desks=desks,
        params=_params(inner["params"]),
    )


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise BadDirectory("A field of the directory is no list.")
    return value


def _investigator(one: dict[str, Any], issued: dt.date) -> Investigator:
    status, label = one["status"], one["label"]
    if status not in STATUSES:
        raise BadDirectory("An investigator has an unknown status.")
    if not isinstance(label, str) or not 0 < len(label) <= LABEL_MAX or _NO_LABEL.search(label):
        raise BadDirectory(f"An investigator's label is not 1 to {LABEL_MAX} characters.")
    if (status == "former") != ("left" in one):
        raise BadDirectory("Who has left must have a day of leaving, and nobody else.")
    left = _day(one["left"]) if status == "former" else None
    if left is not None and left > issued:
        raise BadDirectory("A day of leaving comes after the directory.")
    investigator = Investigator(
        vk=unb64u(one["vk"], 32),
        dh=unb64u(one["dh"], 32),
        mlkem=unb64u(one["mlkem"]),
        fetch=unb64u(one["fetch"], 32),
        signature=unb64u(one["sig"], 64),
        label=label,
        status=status,
        left=left,
    )
    investigator.verify()
    return investigator


def _desk(one: dict[str, Any], investigators: int) -> Desk:
    desk_id, members = one["id"], tuple(_list(one["members"]))
    if not isinstance(desk_id, str) or not _DESK_ID.match(desk_id):
        raise BadDirectory("A desk's id is not lower-case letters, digits and hyphens.")
    if not all(type(i) is int and 0 <= i < investigators for i in members):
        raise BadDirectory("A desk names a member that the directory does not list.")
    if len(set(members)) != len(members):
        raise BadDirectory("A desk names a member twice.")
    return Desk(
        desk_id,
        members,
        _texts(one["name"]),
        _texts(one["about"]),
        hours=_hours(one.get("hours", [])),
        languages=_languages(one.get("languages", [])),
        tells_immigration=_tells(one.get("tells_immigration", "unknown")),
    )


def _hours(value: object) -> tuple[Hours, ...]:
    spans = _list(value)
    if len(spans) > HOURS_MAX:
        raise BadDirectory(f"A desk has more than {HOURS_MAX} spans of hours.")
    return tuple(map(_span, spans))


def _span(one: dict[str, Any]) -> Hours:
    days, begin, end = tuple(_list(one["days"])), one["from"], one["to"]
    if not days or not all(type(day) is int and 1 <= day <= 7 for day in days):
        raise BadDirectory("A desk's hours are not of days from 1 to 7.")
    if list(days) != sorted(set(days)):
        raise BadDirectory("The days of a desk's hours are not in order, or one is there twice.")
    times = isinstance(begin, str) and isinstance(end, str)
    if not times or not _TIME.match(begin) or not (_TIME.match(end) or end == _MIDNIGHT):
        raise BadDirectory("A desk's hours are not from HH:MM to HH:MM.")
    if begin == end:
        raise BadDirectory("A desk's hours end when they begin.")
    return Hours(days, begin, end)


def _is_whole_day(one: Hours) -> bool:
    return (one.begin, one.end) == ("00:00", _MIDNIGHT)


def _languages(value: object) -> tuple[str, ...]:
    tags = tuple(_list(value))
    if len(tags) > LANGUAGES_MAX:
        raise BadDirectory(f"A desk reads more than {LANGUAGES_MAX} languages.")
    if not all(isinstance(tag, str) and _LANGUAGE.match(tag) for tag in tags):
        raise BadDirectory("A language that a desk reads is no language tag.")
    if len(set(tags)) != len(tags):
        raise BadDirectory("A desk names a language twice.")
    return tags


def _tells(value: object) -> str:
    if not isinstance(value, str) or value not in TELLS:
        raise BadDirectory("Whether a desk tells immigration is not yes, no or unknown.")
    return value


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise BadDirectory("A desk's name or description is not a text for each language.")
    if not value:
        raise BadDirectory("A desk lacks its name or its description.")
    return dict(value)


def _params(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadDirectory("The directory lacks its parameters.")
    days, window = value["message_days"], value["window_seconds"]
    if type(days) is not int or not 1 <= days <= MESSAGE_DAYS_MAX:
        raise BadDirectory(f"The directory's message_days is not 1 to {MESSAGE_DAYS_MAX}.")
    if type(window) is not int or window < 1 or window % 3_600:
        raise BadDirectory("The directory's window_seconds is not whole hours.")
    return dict(value)


def _day(text: object) -> dt.date:
    try:
        if isinstance(text, str) and _DAY.match(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass  # the 30th of February
    raise BadDirectory("A date of the directory is not YYYY-MM-DD.")
