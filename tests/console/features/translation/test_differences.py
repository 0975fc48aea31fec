"""A look back's word lists: what they mark in each language of the line, without any engine.

An engine was measured through Portuguese alone (docs/bench/look_back). This holds that the lists
are read: a lost negation, number and time are marked, and the same text is not.
"""

from __future__ import annotations

import pytest

from app.console.features.translation import differences
from app.console.features.translation.differences import Kind, find
from app.console.rules import answer_templates

PLANTED = {
    "ar": ("لن نُخبر الشرطة غدًا. هم ثلاثة.", "سنخبر الشرطة اليوم. هم أربعة."),
    "bn": ("আমরা আজ পুলিশকে বলিনি। তিনজন আছেন।", "আমরা কাল পুলিশকে বলেছি। চারজন আছেন।"),
    "es": ("No avisamos mañana. Son tres.", "Avisamos hoy. Son cuatro."),
    "fil": ("Hindi namin sasabihin bukas. Tatlo sila.", "Sasabihin namin ngayon. Apat sila."),
    "fr": (
        "Nous n’avons pas écrit hier. Ils sont trois.",
        "Nous avons écrit demain. Ils sont dix.",
    ),
    "hi": ("हम आज पुलिस को नहीं बताएँगे। तीन लोग हैं।", "हम कल पुलिस को बताएँगे। चार लोग हैं।"),
    "hu": ("Holnap nem szólunk. Hárman vannak.", "Ma szólunk. Négyen vannak."),
    "pt": ("Não avisamos amanhã. São três.", "Avisamos hoje. São quatro."),
    "ro": ("Nu spunem mâine. Sunt trei.", "Spunem azi. Sunt patru."),
    "sq": ("Nuk e themi nesër. Janë tre.", "E themi sot. Janë katër."),
    "th": ("เราไม่บอกตำรวจวันนี้ มีสามคน", "เราบอกตำรวจพรุ่งนี้ มีสี่คน"),
    "uk": ("Ми не скажемо завтра. Їх п’ятеро.", "Ми скажемо сьогодні. Їх шість."),
    "ur": ("ہم آج پولیس کو نہیں بتائیں گے۔ تین لوگ ہیں۔", "ہم کل پولیس کو بتائیں گے۔ چار لوگ ہیں۔"),
    "vi": ("Chúng tôi không nói hôm qua. Có ba người.", "Chúng tôi nói hôm nay. Có bốn người."),
    "zh": ("我们今天不会告诉警察。有三十五个人。", "我们明天会告诉警察。有二十五个人。"),
}


def test_every_language_of_the_line_has_a_list() -> None:
    ours = set(answer_templates.languages())
    assert differences.languages() == ours == {*PLANTED, "en"}


@pytest.mark.parametrize("lang", sorted(PLANTED))
def test_lists_know_the_words_that_answers_are_written_in(lang: str) -> None:
    """Where a template denies, counts or dates in English, it does in each language, but for a few.

    "Wrong" is "not right" in one language, and "for now" has no time in another.
    """
    known, missed = 0, []
    for one in answer_templates.for_language(lang):
        for kind in (Kind.NEGATION, Kind.NUMBER, Kind.TIME):
            # What is lost where nothing came back is what a list knows of a text.
            if any(each.kind is kind for each in find(one.english, "", "en")):
                known += 1
                if not any(each.kind is kind for each in find(one.text, "", lang)):
                    missed.append(f"{kind} in {one.id}")
    assert known > 20
    assert len(missed) <= 3, missed


@pytest.mark.parametrize("lang", PLANTED)
def test_a_lost_negation_number_and_time_are_marked(lang: str) -> None:
    written, came_back = PLANTED[lang]
    found = {one.kind for one in find(written, came_back, lang)}
    assert found >= {Kind.NEGATION, Kind.NUMBER, Kind.TIME}
    assert find(written, written, lang) == []


def test_an_ending_that_says_until_is_marked_when_it_is_lost() -> None:
    (one,) = find("Hétfőig itt vagyunk.", "Hétfőn itt vagyunk.", "hu")
    assert (one.kind, one.lost) == (Kind.TIME, ("ig",))


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
        ("hu", "Öten vannak hétfőn.", "5 ember volt ott hétfőre."),
        ("hu", "Huszonhárom nap.", "23 napja."),
        ("sq", "Janë njëzet veta.", "Janë 20 veta."),
        ("ur", "پچیس لوگ ہیں۔", "۲۵ لوگ ہیں۔"),
        ("bn", "পঁচিশজন আছেন।", "২৫ জন আছেন।"),
        ("bn", "রাতে আসুন।", "রাতের বেলা আসুন।"),
        ("bn", "আপনি আর তিনি পানি চান।", "আপনি ও তিনি জল চান।"),
        ("bn", "ছ\u09df জন।", "ছ\u09af\u09bc জন।"),
    ],
)
def test_the_same_in_another_form_is_not_marked(lang: str, written: str, came_back: str) -> None:
    assert find(written, came_back, lang) == []
