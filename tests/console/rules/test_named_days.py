"""Days that texts name: read by form in the line's languages, never guessed."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from app.console.rules import named_days
from app.console.rules.named_days import TEXT_MAX, find
from app.console.web.reader_languages import Languages

DAY = dt.date(2026, 3, 12)


@pytest.mark.parametrize(
    "text",
    [
        "It began on 12 March 2026 at night.",
        "March 12, 2026: they came",
        "on the 12th of March, 2026",
        "on 2026-03-12.",
        "2026/03/12",
        "seit 12.03.2026 da",
        "El 12 de marzo de 2026 llegamos",
        "le 12 mars 2026",
        "em 12 de março de 2026",
        "em 12 de marco de 2026",
        "في 12 مارس 2026",
        "في ١٢ آذار ٢٠٢٦",
        "2026年3月12日",
        "Ngày 12 tháng 3 năm 2026",
        "Marso 12, 2026",
        "เมื่อ 12 มีนาคม 2569",
        "वह १२ मार्च २०२६ को",
        "12 березня 2026 року",
        "pe 12 martie 2026",
        "am 12. März 2026",
    ],
)
def test_a_day_is_read_in_every_language_of_the_page(text: str) -> None:
    assert [one.day for one in find(text)] == [DAY]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25/03/2026", dt.date(2026, 3, 25)),
        ("03/25/2026", dt.date(2026, 3, 25)),
        ("05/05/2026", dt.date(2026, 5, 5)),
        ("29 février 2024", dt.date(2024, 2, 29)),
    ],
)
def test_only_one_order_is_a_day(text: str, day: dt.date) -> None:
    assert [one.day for one in find(text)] == [day]


def test_two_orders_that_are_both_days_are_told_as_both() -> None:
    (one,) = find("since 03/12/2026")
    assert (one.day, one.words) == (None, "3 December 2026 or 12 March 2026")


def test_the_two_days_are_joined_in_the_readers_language() -> None:
    (one,) = find("since 03/12/2026")
    french = Languages().find("fr")
    assert french is not None
    assert french.say(one.words) == "3 décembre 2026 ou 12 mars 2026"


def test_without_a_year_none_is_guessed() -> None:
    for text in ("on March 12 they", "12 de marzo", "3月12号", "12 tháng 3"):
        (one,) = find(text)
        assert (one.day, one.words) == (None, "12 March, year not said")


def test_short_names_are_read_in_the_messages_own_language_alone() -> None:
    assert find("3 out of 10 men, 12 set free") == []
    assert find("dia 12 out. 2026", "pt-BR")[0].day == dt.date(2026, 10, 12)
    assert find("12 out 2026", "en") == []


@pytest.mark.parametrize(
    "text",
    [
        "last Friday, yesterday, in two weeks, next month",
        "9/11 and 24/7, 12/03, 12-03",
        "12/03/26",
        "we may 12 times, they march 12 miles",
        "+44 7700 900345, 2026-03-12-99, 10.12.2026.4, 192.12.2026",
        "31 June 2026, 2026-13-40, 30.02.2026, 00/00/2026",
        "room 12, Marchetti 12, 12 Marchand",
        "12/03/1447, 12/03/9999",
        "",
    ],
)
def test_what_is_no_day_or_hangs_on_when_it_was_written_is_left_out(text: str) -> None:
    assert find(text) == []


def test_each_day_stands_once_in_the_order_of_the_text() -> None:
    text = "12.03.2026, then 1 April 2026, again 2026-03-12"
    assert [one.words for one in find(text)] == ["12 March 2026", "1 April 2026"]


@pytest.mark.parametrize("seed", ["1", "12 ", "12/", "March ", "12 of ", "1." * 3, "年月日1", "١٢"])
def test_a_hostile_text_takes_no_time(seed: str) -> None:
    text = (seed * TEXT_MAX)[:TEXT_MAX]
    find("warm")
    began = time.process_time()
    find(text)
    assert time.process_time() - began < 1
    many = " ".join(f"{day}.{month}.2026" for month in range(1, 13) for day in range(1, 28))
    assert len(find(many)) == named_days.DAYS_MAX
