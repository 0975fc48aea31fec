"""Vehicles' plates and postal addresses, found by what stands near them.

Neither has a checksum: what is near a word for it, or was given as an answer to that question, is
read; all else is left alone. Pure.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from app.console.occurrences.link_kinds import Kind, Occurrence, Sure
from app.console.search.terms import fold

PLATE_MIN, PLATE_MAX, PLATE_GROUPS = 4, 9, 4
_NEAR, _FAR = 40, 80
"""Characters between the word for a plate, or for a vehicle, and the plate."""

_PLATE_WORD = re.compile(
    r"plates?\b|licen[cs]e\b|registration|\breg\b|matr[ií]cula|\bplacas?\b|\bchapa\b|\bplaque"
    r"|immatricul|kennzeichen|\btarga\b|înmatricul|inmatricul|num[ăa]r(?:ul)? de ma[șs]in"
    r"|номерн|держ\.? ?номер|госномер|\bplaka|车牌|車牌|biển số|ทะเบียน|لوحة|नंबर प्लेट|गाड़ी का नंबर",
    re.IGNORECASE,
)
_VEHICLE = re.compile(
    r"\b(?:car|van|truck|lorry|bus|minibus|taxi|cab|suv|jeep|pickup|motorbike|motorcycle|scooter"
    r"|vehicle|coche|carro|auto|camioneta|furgoneta|voiture|camion(?:nette)?|fourgon|wagen"
    r"|transporter|macchina|furgone|ma[șs]in[ăa]|dub[ăa]|sasakyan|kotse|xe|машин\w*|авто\w*"
    r"|фургон\w*)\b|سيارة|شاحنة|车|車|รถ|कार|गाड़ी",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"(?<![^\W_])[^\W_]{1,9}(?:[ .·-][^\W_]{1,9}){0,40}(?![^\W_])")
_NO_PLATE = re.compile(
    r"\d+(?:AM|PM|KG|KM|CM|MM|G|H|HR|HRS|MIN|MINS|ST|ND|RD|TH|S|K|M|USD|EUR|GBP|US|EU|X|YRS?|YO)"
    r"|(?:COVID|WINDOWS|IPHONE|ROOM|FLOOR|APT|UNIT|FLAT|HOUSE|NO|NR|AGE|AGED|UNDER|OVER|G|A|H)\d+"
)
_ALIKE = str.maketrans("АВЕЅКМНОРСТУХІЈ", "ABESKMHOPCTYXIJ")
"""Cyrillic letters that stand on plates for the Latin ones that they look like."""

_PARTICLE = (
    r"(?:(?:de|du|des|la|le|les|del|los|las|el|do|da|dos|das|di|della|delle|al|of|the|van|der"
    r"|den|von|zu|zur|am|im)\s+){0,3}(?:[dlDL]['’])?"
)
_CAP = r"(?:[A-ZÀ-ÖØ-ÞĂÂÎȘŞȚŢŁŚŻŹĐƠƯІЇЄҐЀ-Я][\w'’.-]*|\d{1,3}(?:st|nd|rd|th|º|ª)?(?=\s[A-Za-z]))"
_NAMED = rf"{_PARTICLE}{_CAP}(?:\s{_PARTICLE}{_CAP}){{0,3}}"
_ANY_NAMED = r"[^\W\d_][\w'’.-]*(?:\s[^\W\d_][\w'’.-]*){0,3}?"
_BEHIND = {
    "street": "st", "st": "st", "road": "rd", "rd": "rd", "avenue": "ave", "ave": "ave",
    "av": "ave", "lane": "ln", "ln": "ln", "drive": "dr", "dr": "dr", "boulevard": "blvd",
    "blvd": "blvd", "court": "ct", "ct": "ct", "place": "pl", "pl": "pl", "way": "way",
    "close": "close", "terrace": "ter", "square": "sq", "sq": "sq", "highway": "hwy",
    "hwy": "hwy", "parkway": "pkwy", "gardens": "gdns", "crescent": "cres", "row": "row",
    "mews": "mews", "circle": "cir",
}  # fmt: skip
_BEFORE = {
    "rue": "rue", "avenue": "ave", "av": "ave", "av.": "ave", "boulevard": "blvd", "bd": "blvd",
    "chemin": "chemin", "place": "pl", "allée": "allee", "impasse": "impasse", "calle": "calle",
    "c/": "calle", "avenida": "ave", "carrera": "carrera", "plaza": "plaza", "rua": "rua",
    "travessa": "travessa", "via": "via", "viale": "viale", "piazza": "piazza", "strada": "str",
    "str.": "str", "bulevardul": "blvd", "вулиця": "ul", "вул.": "ul", "улица": "ul", "ул.": "ul",
    "ulica": "ul", "ul.": "ul", "شارع": "شارع",
}  # fmt: skip
_HOUSE = r"(?P<house>\d{1,5}\s?(?:bis|ter|[A-Za-z](?![^\W_]))?)"
_NUMBER_WORD = r"(?:\s?,?\s?(?:n[º°o]\.?|nr\.?|no\.?|num(?:ero|éro)?\.?|número|буд\.?|д\.?|رقم))?"
_FIRST_BEHIND = rf"\b{_HOUSE},?\s+(?P<name>NAMED)\s+(?P<type>(?i:{'|'.join(_BEHIND)}))\b"
_TYPES_BEFORE = "|".join(re.escape(one) for one in sorted(_BEFORE, key=len, reverse=True))
_FIRST_BEFORE = (
    rf"\b{_HOUSE},?\s+(?P<type>(?i:rue|avenue|av\.?|boulevard|bd|chemin|place|allée|impasse))\s+"
    r"(?P<name>NAMED)"
)
_LAST_BEFORE = (
    rf"(?<![^\W_])(?P<type>(?i:{_TYPES_BEFORE}))\s*(?P<name>NAMED){_NUMBER_WORD}\s?,?\s?{_HOUSE}"
    r"(?![^\W_])"
)
_ARABIC = rf"(?P<type>شارع)\s(?P<name>\w+(?:\s\w+){{0,2}}?){_NUMBER_WORD}\s?،?\s?{_HOUSE}(?!\w)"
_GERMAN = (
    r"\b(?P<name>[A-ZÄÖÜ][\wäöüß-]{2,}?)(?P<type>straße|strasse|str\.|weg|gasse|allee|platz|damm"
    rf"|ufer)\s{_HOUSE}\b"
)


def _compiled(named: str) -> tuple[re.Pattern[str], ...]:
    forms = (_FIRST_BEHIND, _FIRST_BEFORE, _LAST_BEFORE)
    return (*(re.compile(one.replace("NAMED", named)) for one in forms), re.compile(_ARABIC),
            re.compile(_GERMAN))  # fmt: skip


_WRITTEN = _compiled(_NAMED)
_STATED = _compiled(_ANY_NAMED)
"""In the answer to "where" a street needs no capital letter."""


def addresses(plain: str, *, stated: bool) -> Iterator[Occurrence]:
    """Find number and street, without the town: two may be in two towns, so all are maybe."""
    for pattern in _STATED if stated else _WRITTEN:
        for met in pattern.finditer(plain):
            said = met["type"].casefold()
            type_ = _BEHIND.get(said) or _BEFORE.get(said) or "str"
            house = re.sub(r"\s", "", met["house"]).lower()
            name = " ".join(re.findall(r"[^\W_]+", fold(met["name"])))
            yield Occurrence(
                Kind.ADDRESS, f"{house} {name} {type_}", met.start(), met.end(), Sure.MAYBE
            )


def plates(plain: str, *, stated: bool) -> Iterator[Occurrence]:
    """Find letters with digits near a word for a plate; capitals near a vehicle are maybe."""
    words = [met.end() for met in _PLATE_WORD.finditer(plain)]
    vehicles = [met.end() for met in _VEHICLE.finditer(plain)]
    if not (words or vehicles or stated):
        return
    for met in _GROUPS.finditer(plain):
        end = 0
        for start, stop in _stretches(met):
            if start < end or not any(map(str.isdecimal, plain[start:stop])):
                continue
            near = _behind(words, start) <= _NEAR
            far = stated or _behind(vehicles, start) <= _FAR
            said = plain[start:stop]
            squeezed = "".join(char for char in said if char.isalnum())
            if not (near or far) or not _is_plate(squeezed, said, any_case=near):
                continue
            value, end = look_alike(squeezed), stop
            yield Occurrence(Kind.PLATE, value, start, stop, Sure.LIKELY if near else Sure.MAYBE)


def look_alike(plain: str) -> str:
    """Return capitals, Latin where they look it, each in its place: how plates are compared."""
    capitals = "".join(up if len(up := char.upper()) == 1 else char for char in plain)
    return capitals.translate(_ALIKE)


def _behind(ends: list[int], start: int) -> int:
    """Return how many characters behind the last of some words something starts."""
    place = bisect_right(ends, start)
    return start - ends[place - 1] if place else _FAR + 1


def _stretches(met: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield stretches of one to four groups in a row: from the left, the longest first."""
    groups = [
        (each.start() + met.start(), each.end() + met.start())
        for each in re.finditer(r"[^\W_]+", met[0])
    ]
    for first in range(len(groups)):
        for last in range(min(first + PLATE_GROUPS, len(groups)) - 1, first - 1, -1):
            yield groups[first][0], groups[last][1]


def _is_plate(squeezed: str, said: str, *, any_case: bool) -> bool:
    digits = sum(char.isdecimal() for char in squeezed)
    letters = len(squeezed) - digits
    if not (PLATE_MIN <= len(squeezed) <= PLATE_MAX and digits and letters):
        return False
    if _NO_PLATE.fullmatch(squeezed.upper()) or _VEHICLE.search(said) or _PLATE_WORD.search(said):
        return False
    if any(char.islower() for char in said):
        # In small letters only one group of them with digits, or as capitals would stand.
        whole = re.fullmatch(r"[^\W_]+", said) or re.fullmatch(
            r"[^\W\d_]{0,3}[ .-]?\d{1,4}[ .-]?[^\W\d_]{0,3}", said
        )
        return any_case and digits >= 2 and letters <= 6 and whole is not None
    return digits >= 2 or any_case
