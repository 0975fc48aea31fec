"""Vehicles' plates, found by how they are made and by what stands near them. Pure.

A plate has no checksum. Letters and digits are read as one where they stand near a word for a
plate, or near a vehicle and in an order in which some country makes them (``_MADE``); capitals that
hardly anything but a plate looks like are read anywhere, as possible. Case and what stands between
its parts do not matter; its digits are never put together with a number behind it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from app.console.occurrences.common_words import SMALL_WORDS
from app.console.occurrences.disjoint_spans import DisjointSpans
from app.console.occurrences.link_kinds import Kind, Occurrence, Sure

PLATE_MIN, PLATE_MAX, PLATE_GROUPS = 4, 10, 4
_NEAR, _FAR, _AFTER = 40, 80, 30
"""Characters between the word for a plate, or for a vehicle, and the plate; or behind it."""

_PLATE_WORD = re.compile(
    r"plates?\b|licen[cs]e\b|registration|\breg\b|matr[ií]cula|\bplacas?\b|\bchapa\b|\bplaque"
    r"|immatricul|kennzeichen|\btarga\b|înmatricul|inmatricul|num[ăa]r(?:ul)? de ma[șs]in"
    r"|номерн|держ\.? ?номер|госномер|\bplaka|\bkenteken|rejestrac|车牌|車牌|biển số|ทะเบียน|لوحة"
    r"|नंबर प्लेट|गाड़ी का नंबर",
    re.IGNORECASE,
)
_VEHICLE = re.compile(
    r"\b(?:cars?|vans?|trucks?|lorry|lorries|bus|minibus|taxi|cab|suv|jeep|pickup|motorbike"
    r"|motorcycle|scooter|vehicle|trailer|caravan|camper|drives?|drove|driving|park(?:s|ed)"
    r"|coche|carro|carrinha|auto|camioneta|cami[óo]n|furgoneta|voiture|camion(?:nette)?|fourgon"
    r"|v[ée]hicule|wagen|busje|busa?|samoch[óo]d\w*|araba\w*|minib[üu]s|transporter|macchina"
    r"|furgone|ma[șs]in[ăa]|dub[ăa]|sasakyan|kotse|xe|машин\w*|авто\w*|фургон\w*"
    r"|audi|bmw|chev(?:y|rolet)|citro[ëe]n|corolla|dacia|dodge|escalade|fiat|ford|golf|honda"
    r"|hyundai|iveco|kia|lada|lexus|mazda|mercedes|merc|nissan|opel|panda|passat|peugeot|porsche"
    r"|prius|renault|skoda|sprinter|subaru|suzuki|tesla|toyota|transit|vauxhall|volvo"
    r"|volkswagen|vw)\b|سيارة|شاحنة|车|車|รถ|कार|गाड़ी",
    re.IGNORECASE,
)
_MARKS = "\u0300-\u036f\u064b-\u065f\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_GROUPS = re.compile(
    rf"(?<![^\W_])(?<![{_MARKS}])[^\W_]{{1,10}}(?:[ .·-][^\W_]{{1,10}}(?![{_MARKS}])){{0,40}}"
    rf"(?![^\W_{_MARKS}])"
)
_NO_PLATE = re.compile(
    r"\d+(?:AM|PM|KG|KM|CM|MM|G|H|HR|HRS|MIN|MINS|ST|ND|RD|TH|S|K|M|USD|EUR|GBP|US|EU|X|YRS?|YO)"
    r"|\d+(?:FT|IN|M|H)\d{1,2}"
    r"|(?:COVID|WINDOWS|IPHONE|ROOM|FLOOR|APT|UNIT|FLAT|HOUSE|NO|NR|AGE|AGED|UNDER|OVER|G|A|H)\d+"
)
_ALIKE = str.maketrans("АВЕЅКМНОРСТУХІЈ", "ABESKMHOPCTYXIJ")
"""Cyrillic letters that stand on plates for the Latin ones that they look like."""
# Letters L, digits D; between - or nothing, elsewhere nothing. By countries that make them so.
_ORDERS = (
    "L-?D{1,3}-?L{3}", "L{3}-?D{1,3}-?L", "L{2}-?D{2}-?L{3}", "L{3}-?D{3,4}", "D{3,4}-?L{3}",
    "D-?L{3}-?D{2,3}", "D{2}-?L{3}-?D", "D-?L{2}-?D{3}", "L{2}-?D{3}-?L{1,2}", "L-?D{3}-?L{2}",
    "D{2}-?L{2}-?D{2}", "L{2}-?D{2}-?L{2}", "D{2}-?D{2}-?L{2}", "L{2}-?D{2}-?D{2}",
    "L{1,3}-?L{1,2}-?D{1,4}[EH]?", "L{2}-?D{4,6}", "L{2}-?D{4}-?L{2}", "L{1,2}-?D{4}-?L{1,2}",
    "L-?D{3}-?L{2}-?D{2,3}", "L{2,3}-?D{5}", "L{3}-?D{2,4}L{1,2}", "L{2}-?D{3,4}L{1,2}",
    "L{2}-?D{1,2}-?L{1,3}-?D{4}", "D{2}-?L{1,3}-?D{2,4}", "D{2}L-?D{4,5}", "D{2}LD-?D{4,5}",
    "D{2}L-?D{3}-D{2}", "L{3}-?DLD{2}", "L{3}-?D{2}-?D{2}", "D{1,2}L{2}-?D{1,4}", "D{4}-?L{2}",
    "L{2}-?L?D{5}",
)  # fmt: skip
_MADE = re.compile("|".join(f"(?:{one})" for one in _ORDERS).replace("[EH]", "L"))
# In Arabic's letters these stand apart, before the digits or behind them.
_MADE_APART = re.compile(r"(?:L-?){1,3}D{1,4}|D{1,4}(?:-?L){1,3}")
_ARABIC = re.compile("[\u0621-\u064a]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]-?[A-Z]-?[A-Z0-9]{5,6}")
_CHINESE_FIRST = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·. ]?[A-Za-z0-9]{5,6}"
    "(?![A-Za-z0-9])"
)
# What hardly anything but a plate of Britain, France, Ukraine, India or Brazil looks like.
_ALONE = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}\d\d ?[A-Z]{3}|[A-Z]{2}-\d{3}-[A-Z]{2}"
    r"|[ABCEHIKMOPTX]{2} ?\d{4} ?[ABCEHIKMOPTX]{2}|[A-Z]{2}[ -]?\d\d[ -]?[A-Z]{1,2}[ -]?\d{4}"
    r"|[A-Z]{3}\d[A-Z]\d\d)(?![\w-])"
)
_FLIGHT = re.compile(
    r"\b(?:flights?|vuelo|vol|v[oô]o|flug|vlucht|lot|рейс\w*|zbor(?:ul)?|chuyến)\b"
    r"|航班|رحلة|เที่ยวบิน",
    re.IGNORECASE,
)
_FLIGHT_NUMBER = re.compile(r"[A-Z]{2} ?\d{2,4}|[A-Z]\d ?\d{2,4}")
_CAPITAL_WORDS = frozenset(
    (
        "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "EUR", "GBP", "INR", "MXN", "PHP", "PLN", "RON",
        "SAR", "THB", "TRY", "UAH", "USD", "VND",
    )
)  # fmt: skip
_ACCENTED = re.compile("[à-öø-ɏḁ-ỹ]")
"""Small Latin letters with marks: a word beside a number."""
_APART = frozenset(" .·-")


def plates(plain: str, *, stated: bool) -> Iterator[Occurrence]:
    """Find letters with digits near a word for a plate; near a vehicle, and alone, as possible.

    ``stated`` says that the text answers the question about plates and the like.
    """
    cues = _Cues(plain, stated=stated)
    places = DisjointSpans()
    for chosen in (_chinese, _made, _other):
        for start, stop in chosen(plain, cues):
            if places.take(start, stop):
                yield _plate(plain, start, stop, near=cues.near(start))
    for met in _ALONE.finditer(look_alike(plain) if plain.isupper() else plain):
        start, stop = met.span()
        if places.take(start, stop):
            yield _plate(plain, start, stop, near=False)


def look_alike(plain: str) -> str:
    """Return capitals, Latin where they look it, each in its place: how plates are compared."""
    capitals = "".join(up if len(up := char.upper()) == 1 else char for char in plain)
    return capitals.translate(_ALIKE)


class _Cues:
    """Where a text speaks of plates and vehicles."""

    def __init__(self, plain: str, *, stated: bool) -> None:
        self._words = [met.end() for met in _PLATE_WORD.finditer(plain)]
        vehicles = [met.span() for met in _VEHICLE.finditer(plain)]
        self._ends = [end for _, end in vehicles]
        self._starts = [start for start, _ in vehicles]
        self._flights = [met.end() for met in _FLIGHT.finditer(plain)]
        self._stated = stated
        self.shouted = plain.isupper()

    def __bool__(self) -> bool:
        return bool(self._words or self._ends or self._stated)

    def flight(self, said: str, start: int) -> bool:
        """Say whether a stretch is a flight's number, behind the word for one."""
        behind = _behind(self._flights, start) <= _AFTER
        return behind and _FLIGHT_NUMBER.fullmatch(said.upper()) is not None

    def near(self, start: int) -> bool:
        """Say whether a word for a plate stands before this place."""
        return _behind(self._words, start) <= _NEAR

    def far(self, start: int, stop: int) -> bool:
        """Say whether a vehicle stands before a stretch or soon after it, or plates were asked."""
        ahead = bisect_left(self._starts, stop)
        return (
            self._stated
            or _behind(self._ends, start) <= _FAR
            or (ahead < len(self._starts) and self._starts[ahead] - stop <= _AFTER)
        )


def _behind(ends: list[int], start: int) -> int:
    """Return how many characters behind the last of some words something starts."""
    place = bisect_right(ends, start)
    return start - ends[place - 1] if place else _FAR + 1


def _chinese(plain: str, cues: _Cues) -> Iterator[tuple[int, int]]:
    """Yield a province's sign, a letter, five or six letters and digits: nothing else is so."""
    del cues
    for met in _CHINESE_FIRST.finditer(plain):
        if sum(char.isdecimal() for char in met[0]) >= 2:
            yield met.span()


def _made(plain: str, cues: _Cues) -> Iterator[tuple[int, int]]:
    """Yield stretches in an order in which plates are made."""
    if not cues:
        return
    for start, stop in _candidates(plain):
        said = plain[start:stop]
        shape = _shape(said)
        in_order = _MADE.fullmatch(shape) or (_ARABIC.search(said) and _MADE_APART.fullmatch(shape))
        if in_order and (cues.near(start) or cues.far(start, stop)) and _may_be(said, start, cues):
            yield start, stop


def _other(plain: str, cues: _Cues) -> Iterator[tuple[int, int]]:
    """Yield other letters with digits: in any order behind a word for a plate, else in capitals."""
    if not cues:
        return
    for start, stop in _candidates(plain):
        said, near = plain[start:stop], cues.near(start)
        if not (near or cues.far(start, stop)) or _parted(said) or not _may_be(said, start, cues):
            continue
        digits = sum(char.isdecimal() for char in said)
        if any(char.islower() for char in said):
            if near and digits >= 2 and said.isalnum() and len(said) - digits <= 6:
                yield start, stop
        elif near or (digits >= 2 and " " not in said):
            yield start, stop


def _candidates(plain: str) -> Iterator[tuple[int, int]]:
    """Yield stretches of one to four groups in a row: from the left, the longest first."""
    for met in _GROUPS.finditer(plain):
        groups = [
            (each.start() + met.start(), each.end() + met.start())
            for each in re.finditer(r"[^\W_]+", met[0])
        ]
        for first, (start, _) in enumerate(groups):
            for last in range(min(first + PLATE_GROUPS, len(groups)) - 1, first - 1, -1):
                stop = groups[last][1]
                if stop - start <= PLATE_MAX + PLATE_GROUPS:
                    yield start, stop


def _may_be(said: str, start: int, cues: _Cues) -> bool:
    """Say whether a stretch can be a plate: letters and digits, and no group is a word.

    A short word in capitals, where not all are, is none: plates have DE and NO.
    """
    squeezed = "".join(char for char in said if char.isalnum())
    digits = sum(char.isdecimal() for char in squeezed)
    if not (PLATE_MIN <= len(squeezed) <= PLATE_MAX and digits and digits < len(squeezed)):
        return False
    if _NO_PLATE.fullmatch(squeezed.upper()) or _VEHICLE.search(said) or _PLATE_WORD.search(said):
        return False
    if cues.flight(said, start):
        return False
    for group in re.findall(r"[^\W_]+", said):
        if group.isalpha() and group.islower() and (len(group) > 3 or _ACCENTED.search(group)):
            return False
        capitals = group.isupper() and not cues.shouted
        if group in _CAPITAL_WORDS or (not capitals and group.casefold() in SMALL_WORDS):
            return False
    return True


def _shape(said: str) -> str:
    return "".join("-" if char in _APART else "D" if char.isdecimal() else "L" for char in said)


def _parted(said: str) -> bool:
    """Say whether digits stand apart from digits: 4471 and 14 are two numbers."""
    return re.search(r"\d[ -]\d", said) is not None


def _plate(plain: str, start: int, stop: int, *, near: bool) -> Occurrence:
    squeezed = "".join(char for char in plain[start:stop] if char.isalnum())
    sure = Sure.LIKELY if near else Sure.MAYBE
    return Occurrence(Kind.PLATE, look_alike(squeezed), start, stop, sure)
