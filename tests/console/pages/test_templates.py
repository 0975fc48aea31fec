"""Templates of answers: those that come along, and what an agency makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from app.console.cases import own_templates
from app.console.errors import ConsoleError
from app.console.rules import answer_templates, caution
from app.console.rules.answer_templates import OwnText
from tests.console.browser import Browser, opened
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio

NAMES_THE_POLICE = {"tell-police"}


def kinds(text: str, lang: str) -> set[str]:
    found = caution.look(text, lang=lang, reporter_lang=lang, safe="yes", names=["Harbour line"])
    return {one.kind for one in found}


def every() -> Iterator[tuple[str, answer_templates.Template]]:
    for lang in answer_templates.languages():
        for one in answer_templates.for_language(lang):
            yield lang, one


def test_they_give_nobody_away_and_what_is_open_in_them_is_warned_of() -> None:
    for lang, one in every():
        expected = {"gap"} if answer_templates.GAP.search(one.english) else set()
        expected |= {"name"} if one.id in NAMES_THE_POLICE else set()
        assert kinds(one.text, lang) - {"name"} == expected - {"name"}, (one.id, lang)
        assert kinds(one.text, lang) <= expected, (one.id, lang)


def test_every_language_has_all_of_them_and_says_whether_somebody_read_them() -> None:
    names = answer_templates.names()
    assert len(names) >= 15
    assert len(answer_templates.languages()) >= 12
    for lang in answer_templates.languages():
        assert [one.id for one in answer_templates.for_language(lang)] == list(names), lang
    assert all(one.reviewed for one in answer_templates.for_language("en"))
    assert not answer_templates.for_language("th")[0].reviewed


def test_gaps_are_as_many_as_in_english() -> None:
    for lang, one in every():
        assert len(answer_templates.GAP.findall(one.text)) == len(
            answer_templates.GAP.findall(one.english)
        ), (one.id, lang)


async def chosen(browser: Browser, lang: str, id_: str) -> dict[str, str]:
    answer = await browser.get(f"/templates/{lang}/{id_}")
    assert answer.status_code == 200
    said: dict[str, str] = answer.json()
    return said


async def test_an_own_text_takes_the_place_of_one_and_goes_to_a_colleague_by_a_file(
    line: Line,
) -> None:
    async with opened(line) as browser:
        await browser.sign_in()
        came_along = await chosen(browser, "fr", "received")
        await browser.post("/templates", lang="fr", id="received", text="Merci. Bien reçu.")
        await browser.post("/templates", lang="fr", name="Our hours", text="De 9 h à 17 h.")
        page = (await browser.get("/templates?lang=fr")).text
        assert "Merci. Bien reçu." in page
        assert "Our hours" in page
        ours = await chosen(browser, "fr", "received")
        assert ours["text"] == "Merci. Bien reçu."
        assert ours["english"] == came_along["english"]
        file = (await browser.get("/templates/file")).content
        await browser.post("/templates/remove", lang="fr", id="received")
        assert await chosen(browser, "fr", "received") == came_along
        assert (await browser.get("/templates/fr/none-such")).status_code == 404
    texts = own_templates.from_file(file)
    assert [(one.lang, one.name) for one in texts] == [
        ("fr", "We have read it"),
        ("fr", "Our hours"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"templates": [{"id": "a", "name": "b", "lang": "en"}]}',
        json.dumps({"templates": [dict.fromkeys(("id", "name", "lang", "text"), 1)]}).encode(),
        b'{"more": []}',
    ],
)
def test_what_is_no_file_of_templates_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(ConsoleError, match="not a file of templates"):
        own_templates.from_file(data)


async def test_what_is_too_long_or_in_no_language_is_refused_and_nothing_is_kept(
    line: Line,
) -> None:
    longest = "a" * own_templates.TEXT_MAX
    vault = line.vault()
    for wrong in (
        OwnText("x", "Name", "en", longest + "a"),
        OwnText("x", "Name", "qq", "text"),
        OwnText("x", " ", "en", "text"),
        OwnText("x", "Name", "en", " "),
        OwnText("x", "n" * (own_templates.NAME_MAX + 1), "en", "text"),
        OwnText("a/../b", "Name", "en", "text"),
        OwnText("", "Name", "en", "text"),
    ):
        with vault.write() as tx, pytest.raises(ConsoleError, match=r"Nothing was (saved|changed)"):
            own_templates.put(tx, [wrong])
    with vault.write() as tx:
        own_templates.put(tx, [OwnText("x", "Name", "en", longest)])
        assert len(own_templates.load(tx)) == 1
        many = [OwnText(f"x{i}", "Name", "en", "a") for i in range(own_templates.MOST)]
        with pytest.raises(ConsoleError, match="room for"):
            own_templates.put(tx, many)
    vault.close()
