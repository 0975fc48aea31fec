"""The page for a reviewer: whole, by itself, and unable to load or send anything."""

import datetime as dt
import html
import re

from app.reporter.content import SiteContent, load_content
from app.reporter.review_kit.kit_page import make_kit
from app.reporter.review_kit.reviewed_sentences import Sentence, sentences_of

DAY = dt.date(2031, 5, 6)


def content(code: str) -> SiteContent:
    return load_content(bytes(32), "Harbour line", languages=(code,))


def kit(code: str, sentences: list[Sentence]) -> str:
    return make_kit(content(code), code, sentences, DAY).decode()


def test_it_has_every_sentence_once_its_screens_and_no_way_out() -> None:
    sentences = sentences_of(content("ar"), "ar")
    page = kit("ar", sentences)
    hashes = re.findall(r'data-hash="([^"]+)"', page)
    assert sorted(hashes) == sorted(one.hash for one in sentences)
    (rule,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    rule = html.unescape(rule)
    assert rule.startswith("default-src 'none'; script-src 'sha256-")
    assert "form-action 'none'" in rule
    assert "unsafe" not in rule
    frames = [html.unescape(one) for one in re.findall(r'srcdoc="([^"]+)"', page)]
    first = frames[0]
    assert '<html lang="ar" dir="rtl">' in first
    assert 'data-step="safety"' in first
    assert not re.search(r"<script|<a\b[^>]* href=|<link|\bsrc=", "".join(frames))
    outside = re.sub(r'srcdoc="[^"]+"', "", page)
    assert not re.search(r'\b(?:src|href)="', outside)
    assert "https://" not in outside.partition("<main>")[0]


def test_sentences_stand_with_the_screen_that_says_them_in_its_order() -> None:
    page = kit("fr", sentences_of(content("fr"), "fr"))
    safety = page.partition('<h2 id="p1">')[2].partition("</section>\n<section aria")[0]
    english = [
        re.sub(r"<[^>]+>", "", one) for one in re.findall(r'class="english">(.*?)</p>', safety)
    ]
    assert english.index("Read this first") < english.index("Are you in danger now?")
    assert english.index("Are you in danger now?") < english.index("I have a code")
    assert "Delete them" not in english
    assert '<bdi dir="ltr"><code>%(name)s</code></bdi>' in safety


def test_only_what_is_asked_for_is_in_it() -> None:
    (one,) = [each for each in sentences_of(content("fr"), "fr") if each.english == "Delete them"]
    page = kit("fr", [one])
    assert page.count("<iframe") == 1
    assert "Screen: delete" in page
