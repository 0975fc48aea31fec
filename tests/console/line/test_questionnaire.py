"""The console says answers in the words in which the line's agency asks, and in no others'."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from app.agency import site
from app.console.line import trusted_line
from app.console.line.notices import Level
from app.console.vault import Vault
from app.console.vault.collaboration import link_statements
from app.reporter.catalogue import open_catalogue
from app.reporter.content import load_content
from app.reporter.errors import ContentError
from app.reporter.form import FORM, form, regions
from app.reporter.questions import Option, Question
from tests.console.running_line import DAY, PASSPHRASE, Line, read

pytestmark = pytest.mark.anyio

HAIR = Question(
    id="hair", kind="choice", more=True, text="Hair colour", hint="", before="",
    warn_on="", warning="", options=(Option("red", "person", "Like a fox"),),
)  # fmt: skip


class WithSite(httpx.AsyncBaseTransport):
    """The line's server with a site before it; counts what is asked of the site."""

    def __init__(self, line: Line, *questions: Question) -> None:
        self._server = line.transport
        self.asked: list[str] = []
        self.files = signed(line, *questions)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.lstrip("/")
        if path not in self.files:
            return await self._server.handle_async_request(request)
        self.asked.append(path)
        return httpx.Response(200, content=self.files[path])


def signed(line: Line, *questions: Question) -> dict[str, bytes]:
    """Return the agency's site, of which there is only the form, with these questions more."""

    def render(named: site.Line, content: Path, today: object) -> Mapping[str, bytes]:
        loaded = load_content(named.line_id, named.name, content)
        local = loaded.local["en"]
        local = dataclasses.replace(local, questions=(*local.questions, *questions))
        return {f"en/{FORM}": form(open_catalogue("en"), local, named.name)}

    out = line.folder / "site"
    site.write_site(
        line.folder / "agency", out, passphrase=PASSPHRASE, today=line.today, render=render
    )
    files = (path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def said(vault: Vault) -> list[tuple[str, str]]:
    intake = trusted_line.load(vault).intake
    (message,) = read(vault)
    return [
        (intake.question(id_), intake.answer(id_, value))
        for id_, value in message.body.answers.items()
    ]


async def report(line: Line, vault: Vault) -> None:
    await line.ready(vault)
    await line.send("Help her.", answers={"hair": "red"})
    line.now += DAY


async def test_a_question_of_the_agencys_own_is_said_in_its_words(line: Line, ana: Vault) -> None:
    await report(line, ana)
    await line.sync(ana, transport=WithSite(line, HAIR))
    assert said(ana) == [("Hair colour", "Like a fox")]


async def test_the_countries_of_the_agencys_emergency_numbers_come_with_its_questions(
    line: Line, ana: Vault
) -> None:
    with ana.read() as tx:
        assert link_statements.regions_of(tx, "support") == ()
    await line.ready(ana)
    line.now += DAY
    await line.sync(ana, transport=WithSite(line))
    with ana.read() as tx:
        assert link_statements.regions_of(tx, "support") == ("US", "GB", "EU")


@pytest.mark.parametrize(
    ("emergency", "wanted"),
    [
        (
            '[{"id": "uk"}, {"id": "at"}, {"id": "uk"}, {"id": "home"}, {"number": "1"}]',
            ("GB", "AT"),
        ),
        ('[{"id": {"a": 1}}]', ()),
        ("[1]", None),
        ("3", None),
    ],
)
def test_a_form_names_countries_by_two_letters(
    emergency: str, wanted: tuple[str, ...] | None
) -> None:
    data = f'{{"emergency": {emergency}}}'.encode()
    if wanted is None:
        with pytest.raises(ContentError):
            regions(data)
    else:
        assert regions(data) == wanted


async def test_what_is_no_longer_asked_is_not_forgotten(line: Line, ana: Vault) -> None:
    await report(line, ana)
    await line.sync(ana, transport=WithSite(line, HAIR))
    line.now += DAY
    await line.sync(ana, transport=WithSite(line))
    assert said(ana) == [("Hair colour", "Like a fox")]


async def test_the_site_is_asked_once_a_day(line: Line, ana: Vault) -> None:
    await report(line, ana)
    served = WithSite(line, HAIR)
    await line.sync(ana, transport=served)
    line.now += DAY - 60
    await line.sync(ana, transport=served)
    assert served.asked == ["manifest.json", "en/form.json"]
    line.now += 60
    await line.sync(ana, transport=served)
    assert served.asked == 2 * ["manifest.json", "en/form.json"]


@pytest.mark.parametrize("changed", ["manifest.json", "en/form.json"])
async def test_questions_that_the_agency_did_not_sign_are_refused_aloud(
    line: Line, ana: Vault, changed: str
) -> None:
    await report(line, ana)
    served = WithSite(line, HAIR)
    file = bytearray(served.files[changed])
    file[-8] ^= 1
    served.files[changed] = bytes(file)
    done = await line.sync(ana, transport=served)
    assert [one.level for one in done.notices if "agency" in one.text] == [Level.ALARM]
    assert done.new_messages == 1, "messages are authenticated by themselves and come all the same"
    assert said(ana) == [("Hair", "red")]


async def test_a_line_without_a_site_is_read_in_the_programs_words(line: Line, ana: Vault) -> None:
    await report(line, ana)
    done = await line.sync(ana)
    assert [one for one in done.notices if "question" in one.text] == []
    assert said(ana) == [("Hair", "red")]
