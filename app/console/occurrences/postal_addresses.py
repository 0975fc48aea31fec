"""Postal addresses: number and street, found by the word for a street. Pure.

Case, punctuation and the street's word, whole or shortened, do not matter. Without capitals a
street is read only by a word that is hardly anything else, and by a name without common words:
"5 people live on the street" is no address. Towns are not read, so all are possible and no more.
"""

import re
from collections.abc import Iterator

from app.console.occurrences.common_words import SMALL_WORDS
from app.console.occurrences.link_kinds import Kind, Occurrence, Sure
from app.console.search.terms import fold

_BEHIND = {
    "street": "st", "st": "st", "road": "rd", "rd": "rd", "avenue": "ave", "ave": "ave",
    "av": "ave", "lane": "ln", "ln": "ln", "drive": "dr", "dr": "dr", "boulevard": "blvd",
    "blvd": "blvd", "court": "ct", "ct": "ct", "place": "pl", "pl": "pl", "way": "way",
    "close": "close", "terrace": "ter", "ter": "ter", "square": "sq", "sq": "sq",
    "highway": "hwy", "hwy": "hwy", "parkway": "pkwy", "pkwy": "pkwy", "gardens": "gdns",
    "gdns": "gdns", "crescent": "cres", "cres": "cres", "row": "row", "mews": "mews",
    "circle": "cir", "grove": "grove", "walk": "walk", "hill": "hill", "park": "park",
    "wharf": "wharf", "quay": "quay", "alley": "alley", "trail": "trl", "pike": "pike",
    "sokak": "sok", "sokağı": "sok", "caddesi": "cad", "cad": "cad",
}  # fmt: skip
_PLAIN = frozenset(
    (
        "st", "rd", "ave", "ln", "blvd", "ter", "hwy", "pkwy", "gdns", "cres", "mews", "sok",
        "cad",
    )
)  # fmt: skip
"""What is a street's word without a capital, too; others need one, or a number of three digits."""
_HOUSE_FAR = 100
_BEFORE = {
    "rue": "rue", "avenue": "ave", "av": "ave", "av.": "ave", "boulevard": "blvd", "bd": "blvd",
    "chemin": "chemin", "place": "place", "allée": "allee", "impasse": "impasse", "quai": "quai",
    "route": "route", "calle": "calle", "c/": "calle", "avenida": "ave", "avda": "ave",
    "avda.": "ave", "carrera": "carrera", "plaza": "plaza", "paseo": "paseo", "rua": "rua",
    "travessa": "travessa", "estrada": "estrada", "largo": "largo", "praça": "praca",
    "alameda": "alameda", "via": "via", "viale": "viale", "piazza": "piazza", "corso": "corso",
    "vicolo": "vicolo", "strada": "str", "str.": "str", "bulevardul": "blvd", "aleea": "alee",
    "calea": "calea", "șoseaua": "sos", "вулиця": "ul", "вулиці": "ul", "вул.": "ul",
    "улица": "ul", "улице": "ul", "ул.": "ul", "проспект": "pr", "просп.": "pr", "пр.": "pr",
    "переулок": "per", "провулок": "per", "пров.": "per", "пер.": "per", "бульвар": "blvd",
    "ulica": "ul", "ulicy": "ul", "ul.": "ul", "aleja": "al", "al.": "al", "đường": "đường",
    "phố": "phố", "ngõ": "ngõ",
}  # fmt: skip
_CAPITAL_BEFORE = frozenset(
    ("via", "place", "al.", "largo", "corso", "route", "per", "пер.", "пр.")
)
"""Before a street's name these are other words as well, so the name needs a capital."""
_JOINED = {
    "straße": "str", "strasse": "str", "str.": "str", "str": "str", "straat": "str",
    "weg": "weg", "gasse": "gasse", "allee": "allee", "platz": "platz", "damm": "damm",
    "ufer": "ufer", "laan": "laan", "plein": "plein", "gracht": "gracht", "kade": "kade",
    "dijk": "dijk",
}  # fmt: skip
_COMPASS = {"north": "n", "south": "s", "east": "e", "west": "w"}

_PARTICLE = (
    r"(?:(?:de|du|des|la|le|les|del|los|las|el|do|da|dos|das|di|della|delle|al|of|the|van|der"
    r"|den|von|zu|zur|am|im)\s+){0,3}(?:[dlDL]['’])?"
)
_WORD = r"(?:\d{1,3}(?:st|nd|rd|th|º|ª)|[^\W\d_][\w'’.-]*)"
_NAME = rf"(?P<name>{_PARTICLE}{_WORD}(?:\s{_PARTICLE}{_WORD}){{0,3}}?)"
_HOUSE = (
    r"(?<![\w-])(?<!\d[.,:/])(?P<house>\d{1,5}(?:\s?bis|\s?ter(?!\w)|\s?[A-Za-z](?![^\W_]|\.))?)"
    r"(?:\s?[-–/]\s?\d{1,5}[A-Za-z]?)?(?![^\W_])(?!-\d)"
)
_NUMBER_WORD = (
    r"(?:\s?,?\s?(?:n[º°o]\.?|nr\.?|no\.?|num(?:ero|éro)?\.?|număr(?:ul)?|número|буд\.?|будинок"
    r"|дом|д\.?|số|رقم))?"
)


def _any_of(words: dict[str, str]) -> str:
    return "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))


_FIRST_BEHIND = re.compile(
    rf"{_HOUSE},?\s+{_NAME}\s+(?P<type>{_any_of(_BEHIND)})(?![^\W_])", re.IGNORECASE
)
_LETTER_APART = re.compile(
    rf"(?<![\w-])(?P<house>\d{{1,5}})\s(?P<name>[nsew]\.?\s{_WORD}(?:\s{_WORD}){{0,2}}?)"
    rf"\s+(?P<type>{_any_of(_BEHIND)})(?![^\W_])",
    re.IGNORECASE,
)
_FIRST_BEFORE = re.compile(
    rf"{_HOUSE},?\s+(?P<type>rue|avenue|av\.?|boulevard|bd|chemin|place|allée|impasse|quai|route"
    rf"|đường|phố)\s+(?P<name>{_PARTICLE}{_WORD}(?:\s{_PARTICLE}{_WORD}){{0,3}})",
    re.IGNORECASE,
)
_LAST_BEFORE = re.compile(
    rf"(?<![^\W_])(?P<type>{_any_of(_BEFORE)})(?:(?<=[./])\s*|\s+){_NAME}{_NUMBER_WORD}\s?,?\s?{_HOUSE}",
    re.IGNORECASE,
)
_ARABIC = re.compile(
    rf"(?P<type>شارع)\s(?P<name>\w+(?:\s\w+){{0,2}}?){_NUMBER_WORD}\s?،?\s?"
    r"(?P<house>\d{1,5})(?!\w)"
)
_BEHIND_JOINED = re.compile(
    rf"(?<![^\W_])(?P<name>[^\W\d_]{{3,20}}?)[- ]?(?P<type>{_any_of(_JOINED)})\s?{_HOUSE}",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,4}?)(?P<type>[路街巷道])(?P<house>\d{1,5})[号號]"
)


def addresses(plain: str, *, stated: bool) -> Iterator[Occurrence]:
    """Find number and street, without the town.

    ``stated`` says that the text answers the question where it is: every street's word counts.
    """
    for pattern in (_LETTER_APART, _FIRST_BEHIND):
        for met in pattern.finditer(plain):
            type_ = _BEHIND[met["type"].lower()]
            if _is_name(met["name"]) and (stated or _is_behind(met, type_)):
                yield _address(met, met["name"], type_)
    for met in _FIRST_BEFORE.finditer(plain):
        name = _cut(met["name"], capitals=met["name"].strip() != met["name"].lower().strip())
        type_ = _BEFORE[met["type"].lower()]
        if name and (stated or _capital(name) or met["type"].lower() not in _CAPITAL_BEFORE):
            yield _address(met, name, type_, end=met.start("name") + len(name))
    for met in _LAST_BEFORE.finditer(plain):
        said = met["type"].lower()
        if _is_name(met["name"]) and (
            stated or _capital(met["name"]) or said not in _CAPITAL_BEFORE
        ):
            yield _address(met, met["name"], _BEFORE[said])
    for met in _BEHIND_JOINED.finditer(plain):
        type_ = _JOINED[met["type"].lower()]
        if stated or type_ == "str" or met["name"][0].isupper():
            yield _address(met, met["name"], type_)
    for met in _ARABIC.finditer(plain):
        yield _address(met, met["name"], met["type"])
    for met in _CHINESE.finditer(plain):
        yield _address(met, met["name"], met["type"])


def _is_behind(met: re.Match[str], type_: str) -> bool:
    house = int("".join(char for char in met["house"] if char.isdecimal()))
    capital = _capital(met["name"]) or met["type"][0].isupper()
    return type_ in _PLAIN or capital or house >= _HOUSE_FAR


def _is_name(name: str) -> bool:
    """Say whether words can be a street's name: the last of them, and most, are no common ones."""
    words = re.findall(r"[^\W_]+", name)
    return (
        bool(words)
        and not _common(words[-1])
        and not (_common(words[0]) and words[0].lower() not in _PARTICLES)
        and all(not _common(word) or word.lower() in _PARTICLES for word in words)
    )


_PARTICLES = frozenset(
    (
        "de", "du", "des", "la", "le", "les", "del", "los", "las", "el", "do", "da", "dos", "das",
        "di", "della", "delle", "al", "of", "the", "van", "der", "den", "von", "zu", "zur", "am",
        "im",
    )
)  # fmt: skip


def _common(word: str) -> bool:
    """Say whether a word is a common one: not where it alone has a capital, as in Old Mill Road."""
    named = word[0].isupper() and not word.isupper()
    return not named and word.casefold() in SMALL_WORDS


def _capital(name: str) -> bool:
    return any(word[0].isupper() for word in re.findall(r"[^\W\d_]+", name))


def _cut(name: str, *, capitals: bool) -> str:
    """Return a name without the words behind it: those with capitals, else two at most."""
    kept = 0
    words = 0
    for met in re.finditer(r"[^\W_][\w'’.-]*", name):
        word = met[0]
        particle = word.lower() in _PARTICLES
        if not particle and (_common(word) or (capitals and words and not word[0].isupper())):
            break
        if not particle:
            words += 1
            kept = met.end()
        if not capitals and words == 2:
            break
    return name[:kept]


def _address(met: re.Match[str], name: str, type_: str, end: int | None = None) -> Occurrence:
    house = re.sub(r"\s", "", met["house"]).lower()
    words = re.findall(r"[^\W_]+", fold(name))
    if len(words) > 1:
        words = [_COMPASS.get(words[0], words[0]), *words[1:]]
    value = f"{house} {' '.join(words)} {type_}"
    return Occurrence(
        Kind.ADDRESS, value, met.start(), met.end() if end is None else end, Sure.MAYBE
    )
