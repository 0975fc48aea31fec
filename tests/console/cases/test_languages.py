"""Cases by the languages that a desk's members speak: said, shared, shown, suggested."""

from __future__ import annotations

import re

import pytest

from app.console.cases import speakers
from app.console.line import trusted_line
from app.console.rules import changes
from app.console.rules.merge import DeskState
from app.console.vault import Vault
from app.console.vault.collaboration import desks
from app.console.vault.records import case_lists
from tests.console.browser import Browser, opened
from tests.console.cases.cases_at_hand import some_cases
from tests.console.running_desk import begin, do, pass_on, vk
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio


async def shown(browser: Browser, path: str) -> list[str]:
    return re.findall(r'data-case="(\w+)"', (await browser.get(path)).text)


async def test_the_inbox_shows_what_one_can_read_and_what_nobody_can(line: Line) -> None:
    (spanish,) = await some_cases(line, 1, "Hola", lang="es-MX")
    (amharic,) = await some_cases(line, 1, "Selam", lang="am")
    (unsaid,) = await some_cases(line, 1, "Hm", lang="")
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get("/")).text
        assert "needs interpreter" not in page, "nobody has said anything yet"
        assert await shown(browser, "/?view=unspoken") == []
        await browser.call(
            "/team/languages",
            b"csrf=" + browser.csrf.encode() + b"&language=es&language=en&language=klingon",
            **{"content-type": "application/x-www-form-urlencoded"},
        )
        team = (await browser.get("/team")).text
        assert "Speaks English and Spanish" in team
        assert re.search(r'name="language" value="es" checked', team)
        assert await shown(browser, "/?view=spoken") == [spanish]
        assert await shown(browser, "/?view=unspoken") == [amharic], "not what names no language"
        page = (await browser.get("/")).text
        assert page.count("spoken-none") == 1
        assert page.count(", one of your languages") == 1
        case = (await browser.get(f"/cases/{amharic}")).text
        assert "Nobody in this team has said that they speak Amharic." in case
        case = (await browser.get(f"/cases/{spanish}")).text
        assert "Take it: you speak Spanish" in case
        beside = case.partition('class="beside"')[2]
        own = re.findall(r'<button[^>]*name="owner" value="([^"]+)"', beside)[0]
        await browser.post(f"/cases/{spanish}/triage", owner=own, **{"was-owner": ""})
        await browser.post(f"/cases/{amharic}/triage", owner=own, **{"was-owner": ""})
        assert "needs interpreter" not in (await browser.get("/")).text, "somebody has it"
        assert unsaid in await shown(browser, "/")


async def test_a_colleague_who_speaks_it_and_has_less_to_do_is_suggested(
    line: Line, ana: Vault, ben: Vault
) -> None:
    await begin(line, ana, ben)
    for number in range(2):
        await line.send(f"Hola {number}.", lang="es")
    for vault in (ana, ben):
        await line.sync(vault)
    do(ana, line.now, changes.speak("es"))
    do(ben, line.now, changes.speak("es ar"))
    await pass_on(line, ana, ben)
    first = listed_cases(ana)[0]
    with ana.read() as tx:
        known = trusted_line.load_in(tx)
        found = speakers.load(tx, known)
        assert found.who(first) == ["ana", "ben"]
        assert found.suggested(tx, first) == vk(ana), "both have nothing: by name"
    do(ana, line.now, changes.put(listed_cases(ana)[1].id, "owner", vk(ana)))
    with ana.read() as tx:
        assert speakers.load(tx, known).suggested(tx, first) == vk(ben)
        assert desks.state(tx, "support").spoken_by(vk(ben)) == ("es", "ar")


def listed_cases(vault: Vault) -> list[case_lists.Listed]:
    with vault.read() as tx:
        return case_lists.inbox(tx, case_lists.CaseFilter())


def test_nobody_says_what_another_speaks() -> None:
    stamp = [1, 0, "mallory", 1, 0]
    forged = {"languages": {"ana": [stamp, "am"], "mallory": [stamp, "en"]}, "rules": {}}
    assert set(DeskState.from_json(forged).languages) == {"mallory"}
