"""What of a text can link two reports: found however it is written, and nothing else found."""

from __future__ import annotations

import time
from itertools import pairwise

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.console.occurrences import names
from app.console.occurrences.finding_occurrences import find
from app.console.occurrences.link_kinds import TRACES, WHERE, WHO, Sure, mark

# Text, part, and what is found in it: kind and value.
FOUND = [
    ("Mail A.B+x@GMail.com.", "", [("email", "ab@gmail.com")]),
    ("see https://www.Example.com/ad/123?utm_source=x&id=5#top).", "",
     [("url", "example.com/ad/123?id=5")]),
    ("example.com/ad/123/?id=5 and wa.me/12025550123", "",
     [("url", "example.com/ad/123?id=5"), ("phone", "+12025550123")]),
    ("instagram.com/Red_Door/ or @red_door", "", [("username", "red_door")] * 2),
    ("snap: Lily.88, telegram is fast", "", [("username", "lily.88")]),
    ("t.me/red_door_bot", "", [("username", "red_door_bot")]),
    ("pay BE71 0961 2345 6769 today", "", [("account", "BE71096123456769")]),
    ("BTC 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "",
     [("wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")]),
    ("0x52908400098527886E0F7030069857D2E4169EE7", "",
     [("wallet", "0x52908400098527886e0f7030069857d2e4169ee7")]),
    ("A van, plate AB-12 CDE, white", "", [("plate", "AB12CDE")]),
    ("matrícula 1234 bcd", "", [("plate", "1234BCD")]),
    ("авто АА1234ВВ", "", [("plate", "AA1234BB")]),
    ("لوحة ٧٥٣٢ أ ب ج", "", [("plate", "7532أبج")]),
    ("ทะเบียน กข ๑๒๓๔", "", [("plate", "กข1234")]),
    ("XYZ 123", TRACES, [("plate", "XYZ123")]),
    ("12 Harbour Road, Springfield", "", [("address", "12 harbour rd")]),
    ("at 12 harbour rd", WHERE, [("address", "12 harbour rd")]),
    ("12 rue de la Paix", "", [("address", "12 de la paix rue")]),
    ("Hauptstraße 12 a", "", [("address", "12a haupt str")]),
    ("вул. Хрещатик 12", "", [("address", "12 хрещатик ul")]),
    ("14 example lane, E14", "", [("address", "14 example ln")]),
    ("14, EXAMPLE LN.", "", [("address", "14 example ln")]),
    ("White van EX-4471 14 Example Lane Friday nights", "",
     [("plate", "EX4471"), ("address", "14 example ln")]),
    ("van wx07 plm 12 men", "", [("plate", "WX07PLM")]),
    ("Foreman drives KX19ABZ", "", [("plate", "KX19ABZ")]),
    ("I saw KX19 ABZ again", "", [("plate", "KX19ABZ")]),
    ("车牌号：京A·88K21", "", [("plate", "京A88K21")]),
    ("Lindenweg 4, lindenstr. 4", "", [("address", "4 linden weg"), ("address", "4 linden str")]),
    ("88 W. 3rd Street, 88 west 3rd st", "", [("address", "88 w 3rd st")] * 2),
    ("pay big_mike at example.com", "", [("email", "big_mike@example.com")]),
    ("邮箱haiwai.work@example.cn", "", [("email", "haiwai.work@example.cn")]),
    ("Her name is Maria Lopez.", "", [("name", "lopez maria")]),
    ("Maria Lopez and her brother Juan Lopez", WHO,
     [("name", "lopez maria"), ("name", "juan lopez")]),
    ("اسمه أحمد علي ويعمل هناك", "", [("name", "احمد علي")]),
    ("احمد علي، محمد حسن", WHO, [("name", "احمد علي"), ("name", "حسن محمد")]),
]  # fmt: skip

# A false link endangers people: none of this is anything.
NOT_FOUND = [
    "On 12.05.2024 at 10:30 I paid 2000000 for room 12b, 24H, and COVID19 came.",
    "My case number is 2024-118-223344 and the flight was LH 1234 on 3 May.",
    "I saw it on facebook.com and www.google.com and instagram.com/explore",
    "Five people live on the street at 5 people a room. End.Then it went on.",
    "BE71 0961 2345 6768 is mistyped, and 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb too",
    "Maria told me. She went to New York on Monday Morning with Anna.",
    "The boss is tall. They call him Boss. His name is Ivan.",
    "Write to @admin or @everyone",
    "The bus at E14 9GE, flight PR102 by car, a 2 hour drive, the van at 10 of us, bmw 320 and",
    "They work at home for 500 eur, 14 girls on the street, 3 very close, a car 1200 USD",
]


def values(text: str, part: str = "", *regions: str) -> list[tuple[str, str]]:
    found = find(text, part=part, regions=regions or ("US",))
    return [(one.kind.value, one.value) for one in found]


@pytest.mark.parametrize(("text", "part", "wanted"), FOUND)
def test_it_is_found_and_stands_where_it_says(
    text: str, part: str, wanted: list[tuple[str, str]]
) -> None:
    assert values(text, part) == wanted
    for one in find(text, part=part, regions=("US",)):
        assert text[one.start : one.end].strip() == text[one.start : one.end]
        assert one.start < one.end


@pytest.mark.parametrize("text", NOT_FOUND)
def test_nothing_is_found_where_nothing_is(text: str) -> None:
    assert values(text) == []


def test_a_word_before_at_makes_no_email_of_a_website() -> None:
    assert values("They work at example.com") == [("url", "example.com")]


DIGITS = {
    "arabic": "٠١٢٣٤٥٦٧٨٩", "persian": "۰۱۲۳۴۵۶۷۸۹", "devanagari": "०१२३४५६७८९",
    "bengali": "০১২৩৪৫৬৭৮৯", "thai": "๐๑๒๓๔๕๖๗๘๙", "full width": "０１２３４５６７８９",
    "ascii": "0123456789",
}  # fmt: skip
PLANS = ["US", "GB", "DE", "FR", "ES", "UA", "RO", "TH", "IN", "EG", "PH", "VN", "CN", "BR"]


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str, str]:
    """Return a country, one of its numbers as E.164, and that number as it may be written."""
    region = draw(st.sampled_from(PLANS))
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert example is not None
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    form = draw(st.sampled_from(["plus", "zeros", "national", "spread"]))
    if form == "national":
        said = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    else:
        said = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if form == "zeros":
        said = said.replace("+", "00")
    if form == "spread":
        said = "".join(char for char in said if char in "+0123456789")
        said = draw(st.sampled_from([" ", "-", ".", ""])).join(said)
    else:
        said = said.replace(" ", draw(st.sampled_from([" ", "-", ".", "\u00a0", "\u202f"])))
    table = str.maketrans(DIGITS["ascii"], draw(st.sampled_from(sorted(DIGITS.values()))))
    around = draw(
        st.sampled_from(["{}", "call {} now", "هاتف {}", "โทร {}", "\u202a{}\u202c", "({})"])
    )
    return region, e164, around.format(said.translate(table))


@settings(max_examples=300)
@given(spellings())
def test_a_number_is_the_same_in_any_spelling_and_any_digits(
    given: tuple[str, str, str],
) -> None:
    region, e164, text = given
    assert values(text, "", region) == [("phone", e164)]


def test_a_number_without_its_country_needs_the_desks_and_is_less_sure() -> None:
    assert values("call 0664 1234567", "", "AT") == [("phone", "+436641234567")]
    assert values("call 0664 1234567", "", "") == []
    (told,) = find("call 0664 1234567", regions=("AT",))
    (whole,) = find("call +43 664 1234567")
    assert (told.value, told.sure, whole.sure) == (whole.value, Sure.LIKELY, Sure.SAME)


def test_ofcoms_numbers_for_drama_are_read_and_those_near_them_are_not() -> None:
    for said in ("07700 900345", "(0)7700-900-345", "+44 7700 900 345", "0044(0)7700900345"):
        assert values(f"ring {said} now", "", "GB") == [("phone", "+447700900345")], said
    for said in ("020 7946 0321", "0161 496 0222", "01632 960045", "0808 157 0990"):
        digits = said[1:].replace(" ", "")
        assert values(f"ring {said}", "", "GB") == [("phone", f"+44{digits}")], said
    for said in ("07700 901345", "07700 9003451", "x07700 900345", "+447700 9003 45 6"):
        assert values(f"ring {said}", "", "GB") == [], said
    assert values("ring 07700 900345", "", "US") == []
    assert values("ring +44 7700 900345", "", "US") == [("phone", "+447700900345")]


def test_a_number_is_read_by_the_first_country_that_has_it_and_is_then_only_possible() -> None:
    text = "call (202) 555-0143, or 0664 1234567"
    (american, austrian) = find(text, regions=("US", "AT"))
    assert (american.value, american.sure) == ("+12025550143", Sure.LIKELY)
    assert (austrian.value, austrian.sure) == ("+436641234567", Sure.MAYBE)


SAME_NAME = [
    ("maria lopez", "maria lopes"), ("ali mohammed", "ali muhamad"),
    ("aleksei ivanov", "alexey ivanov"), ("hussein omar", "husain omer"),
]  # fmt: skip
OTHER_NAME = [("john smith", "jane smith"), ("li wei", "li mei"), ("maria lopez", "pedro lopez")]


def test_names_that_may_be_one_share_a_key_and_others_are_not_taken_for_one() -> None:
    for one, other in SAME_NAME:
        assert names.may_be_one(one, other), (one, other)
        assert names.keys(one) & names.keys(other), (one, other)
    for one, other in OTHER_NAME:
        assert not names.may_be_one(one, other), (one, other)


def test_a_mark_says_no_value_and_is_the_same_from_both_sides() -> None:
    assert mark("name", "a b", "b c") == mark("name", "b c", "a b") != mark("name", "a b", "a b")


@given(st.text(max_size=300), st.sampled_from(["", WHO, WHERE, TRACES]))
def test_whatever_is_written_is_read_without_an_error(text: str, part: str) -> None:
    spans = sorted((one.start, one.end) for one in find(text, part=part, regions=("US",)))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


HOSTILE = ["a.", "1 ", "a@", "12 A A A A ", "Aa ", "name is ", "plate 1a ", "DE00 ", "+1 ",
           "12 Rue de la ", "( ", "w@a.b.", "http://", "bc1", "-", "नाम ", "اسمه ",
           "شارع ا "]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("part", ["", WHO, WHERE, TRACES])
def test_a_text_made_to_be_slow_costs_by_its_length_alone(piece: str, part: str) -> None:
    def cost(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        find(text, part=part, regions=("US",))
        return time.process_time() - began

    # Four times as long is four times the work, and sixteen times where each word reads them all.
    for _ in range(3):  # a processor that others use, too, makes one of them longer
        if (long := cost(16_000)) < 0.2 or long < 10 * cost(4_000):
            return
    pytest.fail(f"{long:.1f} s of processor time")
