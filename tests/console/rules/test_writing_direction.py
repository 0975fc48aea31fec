"""A letter is shown from the side from which it is written, its numbers as they are dialled."""

from __future__ import annotations

import pytest

from app.console.rules.writing_direction import direction, numbers_whole

WALLET = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"


@pytest.mark.parametrize(
    "text",
    [
        "لا يسمحون لي بالخروج",
        f"المحفظة {WALLET} عند المدير",
        "KX19 ABZ رقم السيارة التي تأخذ البنات",
        "اكتبوا إلى boss.man@example.com أو https://example.com/hiring/abroad",
        "הם לקחו לי את הדרכון EX51 KLM",
    ],
)
def test_what_is_written_from_the_right_begins_there_whatever_it_names(text: str) -> None:
    assert direction(text) == "rtl"


@pytest.mark.parametrize(
    "text", ["They call him محمد here.", WALLET, "+44 7700 900345", "", "他们拿走了我的护照。"]
)
def test_all_else_begins_at_the_left(text: str) -> None:
    assert direction(text) == "ltr"


@pytest.mark.parametrize(
    "number",
    [
        "+44 7700 900345",
        "+447700900345",
        "07700 900345",
        "+351 (21) 123-4567",
        "(020) 7946 0958",
        "+63\N{NO-BREAK SPACE}917 123 4567",
    ],
)
def test_a_telephone_number_stands_as_it_is_dialled(number: str) -> None:
    shown = numbers_whole(f"هاتفه <b> {number}.")
    assert shown == f'هاتفه &lt;b&gt; <bdi dir="ltr">{number}</bdi>.'


@pytest.mark.parametrize(
    "text", ["01.02.2026 03.02.2026 04.02.2026", "0 1 2", "KX19 07700", "bc10 123 4567"]
)
def test_other_numbers_stay_as_the_writer_set_them(text: str) -> None:
    assert numbers_whole(text) == text
