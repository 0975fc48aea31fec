"""The rendered site as a browser and a frightened reader meet it."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from markupsafe import escape

from app.protocol.encoding import b64u
from app.reporter.build import BUILT, PAGES, render_site
from app.reporter.catalogue import language_of
from app.reporter.content import SiteContent
from app.reporter.errors import MissingPart
from app.server.epochs.signed_site import SiteFile
from tests.reporter.conftest import DAY, LINE_ID, LINE_NAME, Page, read_page, tags

CLIENT = PAGES.parent / "client" / "src" / "app"
FIRST_SCREEN_BYTES = 20_000  # compressed, page and style together
WHOLE_WAY_BYTES = 75_000  # as an onion's browser gets it: what is asked for is in test_size.py
TELLING = re.compile(
    r"report|tip\b|traffick|police|victim|crime|secret|denunci|trata|víctima|polic|بلاغ|اتجار|شرطة"
    r"|举报|贩运|警察|受害|báo cáo|buôn người|cảnh sát|nạn nhân|แจ้ง|ค้ามนุษย์|ตำรวจ|तस्करी|पुलिस|पीड़ित",
    re.IGNORECASE,
)


def start_pages(pages: dict[str, Page]) -> dict[str, Page]:
    return {path: page for path, page in pages.items() if re.fullmatch(r"[\w-]+/index.html", path)}


def own_pages(pages: dict[str, Page]) -> dict[str, Page]:
    """All but the neutral page that leaving leads to, and the screens that are loaded later."""
    return {path: page for path, page in pages.items() if not re.search("measures|later", path)}


def test_the_same_content_gives_the_same_bytes_in_another_process(site: dict[str, bytes]) -> None:
    program = (
        "import datetime, hashlib, sys\n"
        "from app.reporter.build import render_site\n"
        "from app.reporter.content import load_content\n"
        f"day = datetime.date({DAY.year}, {DAY.month}, {DAY.day})\n"
        f"site = render_site(load_content({LINE_ID!r}, {LINE_NAME!r}), day)\n"
        "print(hashlib.sha256(repr(list(site.items())).encode()).hexdigest())\n"
    )
    seed = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    run = subprocess.run(
        [sys.executable, "-c", program], env=seed, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == hashlib.sha256(repr(list(site.items())).encode()).hexdigest()


def test_every_language_has_its_pages_and_the_root_leads_to_all(
    pages: dict[str, Page], content: SiteContent
) -> None:
    offered = [a.attributes["href"] for a in pages["index.html"].all("a") if "lang" in a.attributes]
    assert offered == [f"/{tag}/" for tag in tags(content).values()]
    for tag in tags(content).values():
        assert {f"{tag}/index.html", f"{tag}/help/index.html"} <= pages.keys()
        assert pages[f"{tag}/index.html"].only("html").attributes["lang"] == tag
    assert pages["ar/index.html"].only("html").attributes["dir"] == "rtl"


def test_nothing_in_a_page_needs_more_than_the_content_security_policy_allows(
    pages: dict[str, Page],
) -> None:
    for path, page in pages.items():
        for element in page.elements:
            events = [name for name in element.attributes if name.startswith("on")]
            assert not events, f"{path}: {element}"
            assert "style" not in element.attributes, f"{path}: {element}"
            assert element.tag not in {"style", "iframe", "base", "object", "embed"}, path
            assert "javascript:" not in element.attributes.get("href", ""), path
        for script in page.all("script"):
            inline = "src" not in script.attributes
            assert not inline or script.attributes["type"] == "application/json", path


def test_nothing_is_loaded_from_elsewhere_and_everything_referred_to_exists(
    site: dict[str, bytes], pages: dict[str, Page]
) -> None:
    for path, page in pages.items():
        whole = [page, pages[path.replace("later/", "")]]  # what is loaded later joins the start
        ids = {each.attributes.get("id") for one in whole for each in one.elements}
        for element in page.elements:
            for name in ("href", "src"):
                target = element.attributes.get(name)
                if target is None or target.startswith(("data:", "tel:")):
                    continue
                if target.startswith("#"):
                    assert target[1:] in ids | {"write", "return"}, f"{path}: {target}"
                    continue
                assert target.startswith("/"), f"{path}: {target} leads elsewhere"
                file = target[1:] + ("index.html" if target.endswith("/") else "")
                assert file in site, f"{path}: {target} is not part of the site"
    for name, data in site.items():
        if name.endswith(".css"):
            assert b"url(" not in data, f"{name} loads something"
            assert b"@import" not in data, f"{name} loads something"


def drawn_by(first: str) -> set[str]:
    """Return the icons that a script draws, and all that it imports at once."""
    waiting, read = [first], dict[str, str]()
    while waiting:
        name = waiting.pop()
        if name not in read:
            read[name] = (CLIENT / name).read_text()
            waiting += re.findall(
                r"^(?:im|ex)port .*?from '\./([\w-]+\.js)'", read[name], re.M | re.S
            )
    sources = "".join(read.values())
    names = set(re.findall(r"\bicon\('([\w-]+)'\)", sources))
    return {f"i-{name}" for name in names | set(re.findall(r"\[/.+/, '([\w-]+)'\]", sources))}


def test_icons_that_the_script_draws_are_in_every_page(pages: dict[str, Page]) -> None:
    at_once, later = drawn_by("main.js"), drawn_by("other-ways.js")
    assert at_once
    assert later - at_once
    for path, page in start_pages(pages).items():
        drawn = {symbol.attributes["id"] for symbol in page.all("symbol")}
        assert at_once <= drawn, path
        come = pages[path.replace("index", "later/index")].all("symbol")
        assert later <= drawn | {symbol.attributes["id"] for symbol in come}, path


def test_pictures_of_buttons_are_in_the_page_or_drawn_with_them(pages: dict[str, Page]) -> None:
    """Whoever goes by pictures alone sees nothing where a drawing is missing."""
    source = (CLIENT / "by-picture.js").read_text()
    table, pictures = (source.split(f"const {name} = ")[1] for name in ("DRAWN", "PICTURES"))
    drawn = {f"i-{name}" for name in re.findall(r"^  ([\w-]+): '", table.split("};")[0], re.M)}
    named = {f"i-{name}" for name in re.findall(r"', '([\w-]+)'\]", pictures.split("];")[0])}
    assert len(named) > 8
    for path, page in start_pages(pages).items():
        symbols = {symbol.attributes["id"] for symbol in page.all("symbol")}
        assert named - drawn <= symbols, path
        assert not drawn & symbols, "two of one name"


def test_another_language_is_the_same_page_in_it(
    site: dict[str, bytes], pages: dict[str, Page], content: SiteContent
) -> None:
    asked = [path for path in own_pages(pages) if re.search("/(help|info)/", path)]
    assert len(asked) > 100
    for path in asked:
        rest = path.removesuffix("index.html").split("/", 1)[1]
        html = site[path].decode()
        offered = html.split('<ul class="languages">')[1].split("</ul>")[0]
        links = re.findall(r'href="(/[^"]*)"', offered)
        assert links == [f"/{tag}/{rest}" for tag in tags(content).values()], path


def test_help_and_rights_are_offered_where_nothing_can_be_lost_any_more(
    site: dict[str, bytes],
) -> None:
    for path, screens in (
        ("en/index.html", ["done"]),
        ("en/later/index.html", ["answers", "sent"]),
    ):
        for name in screens:
            shown = site[path].decode().split(f'data-step="{name}"')[1].split("</section>")[0]
            assert 'href="/en/info/us/" data-inside data-rights' in shown, name


def test_who_comes_back_sees_whom_to_call_before_the_code_is_typed_and_read(
    site: dict[str, bytes], content: SiteContent
) -> None:
    later = site["en/later/index.html"].decode()
    for name in ("code", "answers"):
        shown = later.split(f'data-step="{name}"')[1].split("</section>")[0]
        assert "Are you in danger now?" in shown
        for number in content.local["en"].emergency:
            assert f'href="tel:{number.number}"' in shown, name


def test_there_is_no_way_to_send_words_without_the_script(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert not page.all("form"), path
        for button in page.all("button"):
            assert button.attributes["type"] == "button", path
        shown = [s for s in page.all("section") if "hidden" not in s.attributes]
        assert len(shown) <= 1, f"{path}: more than one screen before the script runs"


def test_without_the_script_the_page_says_so_and_help_can_be_read(
    site: dict[str, bytes], pages: dict[str, Page], content: SiteContent
) -> None:
    for code, tag in tags(content).items():
        assert b"JavaScript" in site[f"{tag}/index.html"] or code == "ar"
        assert pages[f"{tag}/index.html"].all("noscript")
        assert "hidden" not in pages[f"{tag}/help/index.html"].all("section")[0].attributes
        for helpline in content.local[code].helplines:
            assert helpline.entry.phone in site[f"{tag}/help/index.html"].decode()


def test_titles_are_neutral_and_every_page_and_screen_has_its_own(pages: dict[str, Page]) -> None:
    titles: dict[str, list[str]] = {}
    for path, page in pages.items():
        language = page.only("html").attributes["lang"]
        titles.setdefault(language, []).append(page.only("title").text.strip())
        steps = [
            s.attributes["data-title"] for s in page.all("section") if "data-title" in s.attributes
        ]
        assert len(set(steps)) == len(steps), f"{path}: two screens share a title: {steps}"
        titles[language] += [step for step in steps if step not in titles[language]]
    for language, known in titles.items():
        for title in known:
            assert title
            assert not TELLING.search(title), f"{language}: {title!r} tells what the page is"
            assert LINE_NAME not in title, language
    for language in titles:
        whole = [
            page.only("title").text.strip()
            for path, page in pages.items()
            if path.startswith(f"{language}/")
        ]
        assert len(set(whole)) == len(whole), f"{language}: pages share a title"


def test_leaving_is_second_in_the_tab_order_and_leads_to_a_page_of_the_site(
    pages: dict[str, Page], site: dict[str, bytes]
) -> None:
    for path, page in own_pages(pages).items():
        links = [e for e in page.elements if e.tag in {"a", "button", "input", "textarea"}]
        assert links[0].attributes["href"] == "#main", f"{path}: first comes the skip link"
        assert "data-exit" in links[1].attributes, f"{path}: leaving comes second"
        assert links[1].attributes["rel"] == "noreferrer", path


def test_the_page_that_leaving_leads_to_tells_nothing_of_where_one_was(
    site: dict[str, bytes], content: SiteContent
) -> None:
    for tag in tags(content).values():
        text = site[f"{tag}/measures/index.html"].decode()
        assert "app.js" not in text
        assert "site.css" not in text
        assert 'href="/"' not in text
        assert f'href="/{tag}/"' not in text
        assert LINE_NAME not in text


def test_the_page_knows_its_line_and_a_hostile_name_stays_text(content: SiteContent) -> None:
    name = '</script><script src="x">&"'
    site = render_site(replace(content, line_name=name, languages=("en",)), DAY)
    page = read_page(site["en/index.html"])
    assert [s.attributes.get("src") for s in page.all("script")] == ["/assets/app.js", None]
    data = json.loads(page.all("script")[1].text)
    assert data["line"] == b64u(LINE_ID)
    assert name not in site["en/index.html"].decode()


def test_the_agencys_questions_numbers_and_exit_are_in_the_page(
    site: dict[str, bytes], pages: dict[str, Page], content: SiteContent
) -> None:
    for code, tag in tags(content).items():
        text = site[f"{tag}/index.html"].decode()
        here, later = (
            [s.attributes.get("data-step") for s in pages[path].all("section")]
            for path in (f"{tag}/index.html", f"{tag}/later/index.html")
        )
        for question in content.local[code].questions:
            assert (f"question-{question.id}" in later) == question.more
            assert (f"question-{question.id}" in here) != question.more
        for number in content.local[code].emergency:
            assert f'href="tel:{number.number}"' in text
        data = json.loads(pages[f"{tag}/index.html"].all("script")[1].text)
        assert data["exit"] == content.exit_url


def test_english_sentences_have_fewer_than_twenty_words(site: dict[str, bytes]) -> None:
    """For who reads a second language, afraid, with two minutes."""
    long = []
    for path, data in site.items():
        if not (path.startswith("en/") and path.endswith((".html", ".json"))):
            continue
        text = re.sub(r"</?(?:b|bdi|span|a|small|strong)\b[^>]*>", "", unescape(data.decode()))
        for piece in re.split(r'<[^>]*>|"|(?<=[.?!:;])\s', text):
            words = re.findall(r"[\w’'-]*[a-z][\w’'-]*", piece)
            if len(words) >= 20:
                long.append((path, piece))
    assert long == []


def test_fields_are_kept_from_the_browsers_memory(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        for tag in ("input", "textarea"):
            for element in page.all(tag):
                assert element.attributes.get("autocomplete") == "off", f"{path}: {element}"
        for area in page.all("textarea"):
            # Some browsers send what is spell-checked to their maker.
            assert area.attributes.get("spellcheck") == "false", path


def test_the_first_screen_is_small(site: dict[str, bytes], content: SiteContent) -> None:
    style = len(gzip.compress(site["assets/site.css"], 9))
    for tag in tags(content).values():
        page = len(gzip.compress(site[f"{tag}/index.html"], 9))
        assert page + style <= FIRST_SCREEN_BYTES, tag


def test_a_screen_reader_is_told_that_the_codes_words_are_english(
    pages: dict[str, Page], content: SiteContent
) -> None:
    for code, tag in tags(content).items():
        (words,) = [
            e for e in pages[f"{tag}/index.html"].all("ol") if "data-receipt" in e.attributes
        ]
        own_list = language_of(code).word_list is not None
        assert words.attributes.get("lang", tag) == (tag if own_list else "en")


def test_the_whole_way_to_sent_is_small_in_every_language(
    site: dict[str, bytes], content: SiteContent
) -> None:
    """In gzip, which is all that browsers ask for on an onion; Brotli is a seventh smaller."""

    def weight(name: str) -> int:
        return len(SiteFile("", site[name], True).encoded("gzip")[1])

    parts = ("site.css", "app.js", "shared.js", "core.js", "core-shared.js")
    always = sum(weight(f"assets/{name}") for name in parts)
    for code in content.languages:
        language = language_of(code)
        own = language.word_list  # without one, codes are numbers and no list is loaded
        words = weight(f"assets/words-{own}.txt") if own else 0
        whole = always + weight(f"{language.tag}/index.html") + words
        assert 60_000 < whole <= WHOLE_WAY_BYTES, code


def test_an_address_where_nothing_is_has_a_page_of_the_site_that_tells_nothing(
    site: dict[str, bytes], pages: dict[str, Page], content: SiteContent
) -> None:
    page = pages["404.html"]
    offered = {a.attributes["href"] for a in page.all("a") if "lang" in a.attributes}
    assert offered == {f"/{tag}/" for tag in tags(content).values()}
    text = site["404.html"].decode()
    assert "{" not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    shown = re.sub(r"<script.*?</script>|<[^>]*>", " ", text, flags=re.DOTALL)
    assert not TELLING.search(shown)
    assert LINE_NAME not in shown


def test_days_are_told_in_the_readers_order(site: dict[str, bytes]) -> None:
    day = r"Do not rely on it after (\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{1,2}, \d{4})"
    days = {
        country: set(re.findall(day, site[f"en/info/{country}/index.html"].decode()))
        for country in ("us", "uk", "eu")
    }
    assert all(days.values())
    assert all(re.match(r"[A-Z]", one) for one in days["us"])
    assert all(re.match(r"\d", one) for one in days["uk"] | days["eu"])


def test_a_missing_bundle_is_named(content: SiteContent, tmp_path: Path) -> None:
    with pytest.raises(MissingPart, match=r"site\.css"):
        render_site(content, DAY, bundle=tmp_path)
    for name in BUILT:
        (tmp_path / name).write_text("")
    with pytest.raises(MissingPart, match="words-english"):
        render_site(content, DAY, bundle=tmp_path)


def test_the_form_asks_in_every_language_what_the_pages_ask(
    site: dict[str, bytes], content: SiteContent
) -> None:
    forms = {path: json.loads(data) for path, data in site.items() if path.endswith("/form.json")}
    assert len(forms) == len(content.languages)
    english = forms["en/form.json"]
    asked = [each.id for each in content.local["en"].questions]
    for path, form in forms.items():
        documents = [path.replace("form.json", name) for name in ("index.html", "later/index.html")]
        page = "".join(site[each].decode() for each in documents)
        assert [each["id"] for each in form["questions"]] == asked
        assert form["phrases"].keys() == english["phrases"].keys()
        assert all(form["phrases"].values())
        for question in form["questions"]:
            assert str(escape(question["text"])) in page
