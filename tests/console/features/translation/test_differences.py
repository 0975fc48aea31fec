"""A look back's word lists: what they mark in each language of the line, without any engine.

An engine was measured through Portuguese alone (docs/bench/look_back). This holds that the lists
are read: a lost negation, number and time are marked, and the same text is not.
"""

from __future__ import annotations

import pytest

from app.console.features.translation import differences
from app.console.features.translation.differences import Kind, find

PLANTED = {
    "ar": ("لن نُخبر الشرطة غدًا. هم ثلاثة.", "سنخبر الشرطة اليوم. هم أربعة."),
    "es": ("No avisamos mañana. Son tres.", "Avisamos hoy. Son cuatro."),
    "fil": ("Hindi namin sasabihin bukas. Tatlo sila.", "Sasabihin namin ngayon. Apat sila."),
    "fr": (
        "Nous n’avons pas écrit hier. Ils sont trois.",
        "Nous avons écrit demain. Ils sont dix.",
    ),
    "hi": ("हम आज पुलिस को नहीं बताएँगे। तीन लोग हैं।", "हम कल पुलिस को बताएँगे। चार लोग हैं।"),
    "pt": ("Não avisamos amanhã. São três.", "Avisamos hoje. São quatro."),
    "ro": ("Nu spunem mâine. Sunt trei.", "Spunem azi. Sunt patru."),
    "th": ("เราไม่บอกตำรวจวันนี้ มีสามคน", "เราบอกตำรวจพรุ่งนี้ มีสี่คน"),
    "uk": ("Ми не скажемо завтра. Їх п’ятеро.", "Ми скажемо сьогодні. Їх шість."),
    "vi": ("Chúng tôi không nói hôm qua. Có ba người.", "Chúng tôi nói hôm nay. Có bốn người."),
    "zh": ("我们今天不会告诉警察。有三十五个人。", "我们明天会告诉警察。有二十五个人。"),
}


def test_every_language_of_the_console_has_a_list() -> None:
    assert differences.languages() >= {*PLANTED, "en"}


@pytest.mark.parametrize("lang", PLANTED)
def test_a_lost_negation_number_and_time_are_marked(lang: str) -> None:
    written, came_back = PLANTED[lang]
    found = {one.kind for one in find(written, came_back, lang)}
    assert found >= {Kind.NEGATION, Kind.NUMBER, Kind.TIME}
    assert find(written, written, lang) == []


@pytest.mark.parametrize(
    ("lang", "written", "came_back"),
    [
        ("fr", "Nous ne parlons pas.", "Nous n’en parlons pas."),
        ("th", "เก้าอี้อยู่ที่นี่", "ที่นั่งอยู่ที่นี่"),
        ("zh", "别人来了。", "其他人来了。"),
        ("zh", "有十五个人。", "有15个人。"),
        ("ar", "لا تُرسِلوا شيئا", "لا ترسلوا شيئا"),
        ("ro", "Sunt şase oameni.", "Sunt șase oameni."),
        ("hi", "छह लोग हैं।", "6 लोग हैं।"),
    ],
)
def test_the_same_in_another_form_is_not_marked(lang: str, written: str, came_back: str) -> None:
    assert find(written, came_back, lang) == []
