"""What an agency accepts of the console's languages is told by the console, and nothing more."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.agency import site
from app.agency.returned_review import fingerprint
from app.cli.agency import console_sentences, review
from app.cli.agency.agency_commands import app
from app.console.line.notices import Level
from app.console.pages import language_reviews
from app.console.sync.engine import SyncReport
from app.protocol.encoding import b64u
from app.protocol.site import MANIFEST
from app.reporter.review_kit.console_reviews import FILE
from app.reporter.review_kit.reviewed_sentences import Sentence
from tests.console.browser import opened
from tests.console.running_line import DAY, PASSPHRASE, Line

pytestmark = pytest.mark.anyio


class Reviewed:
    """A line whose agency takes in reviews and publishes its site; counts what is asked of it."""

    def __init__(self, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
        self.line = line
        self.asked: list[str] = []
        self.away: dict[str, int | None] = {}
        """What the site does not give, by its name: with which status, None for a dead network."""
        self.out = line.folder / "site"
        self.passphrase = line.folder / "passphrase"
        self.passphrase.write_bytes(PASSPHRASE.reveal())
        monkeypatch.setattr(review, "_today", lambda: line.today)

    def accepts(self, fine: list[Sentence], wrong: Sentence | None = None, **who: Any) -> None:
        """Take in a file as the page for reviewers saves it."""
        answers: dict[str, Any] = {one.hash: {"say": "fine"} for one in fine}
        if wrong is not None:
            answers[wrong.hash] = {"say": "wrong", "because": "It says the contrary."}
        file = self.line.folder / "review-console-fr.json"
        returned = {
            "v": 1,
            "kind": "quietline-console-review",
            "line": b64u(self.line.line_id),
            "language": "fr",
            "reviewer": {"name": "Amina", "capacity": "interpreter", **who},
            "answers": answers,
        }
        file.write_text(json.dumps(returned))
        numbers = ["--numbers", fingerprint(file.read_bytes())]
        key = ["--passphrase-file", str(self.passphrase)]
        words = ["review", "accept", str(self.line.folder / "agency"), str(file), *numbers, *key]
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
        assert ("They allow their name" in done.output) == who.get("public", False)

    def publish(self) -> None:
        folder = self.line.folder / "agency"
        site.write_site(folder, self.out, passphrase=PASSPHRASE, today=self.line.today)

    def transport(self) -> httpx.AsyncBaseTransport:
        server = self.line.transport

        class WithSite(httpx.AsyncBaseTransport):
            async def handle_async_request(its, request: httpx.Request) -> httpx.Response:
                path = self.out / request.url.path.lstrip("/")
                if path.name in self.away:
                    if (status := self.away[path.name]) is None:
                        raise httpx.ConnectError("away", request=request)
                    return httpx.Response(status)
                if not path.is_file():
                    return await server.handle_async_request(request)
                self.asked.append(path.name)
                return httpx.Response(200, content=path.read_bytes())

        return WithSite()

    async def synced(self) -> SyncReport:
        """Sync a day later."""
        self.line.now += DAY
        with closing(self.line.vault()) as vault:
            return await self.line.sync(vault, transport=self.transport())

    async def shown(self) -> dict[str, str]:
        """Return what *This computer* says of each language after another sync, by its tag."""
        await self.synced()
        async with opened(self.line) as browser:
            await browser.sign_in()
            page = (await browser.get("/machine")).text
        assert "Who has read which language" in page, page
        rows = re.findall(r'<li id="read-([^"]+)">.*?</bdi>:(.*?)</li>', page, re.S)
        return {tag: " ".join(words.split()) for tag, words in rows}


@pytest.fixture
async def reviewed(line: Line, monkeypatch: pytest.MonkeyPatch) -> Reviewed:
    with closing(line.vault()) as ana:
        await line.ready(ana)
    return Reviewed(line, monkeypatch)


@pytest.fixture(scope="module")
def french() -> list[Sentence]:
    return console_sentences.console_sentences("fr")


NOBODY = "Nobody has read it for your agency."


async def test_what_an_agency_accepts_is_told_by_its_consoles(
    reviewed: Reviewed, french: list[Sentence]
) -> None:
    reviewed.publish()
    assert not (reviewed.out / FILE).exists()
    before = await reviewed.shown()
    assert len(before) == len(console_sentences.console_languages())
    assert set(before.values()) == {NOBODY}

    reviewed.accepts(french, public=True)
    day = reviewed.line.today
    assert await reviewed.shown() == before, "told by a site that was signed after it"
    reviewed.publish()
    read = f"Read by Amina on {day.day} {day:%B} {day.year}."
    assert await reviewed.shown() == {**before, "fr": read}
    assert reviewed.asked.count(FILE) == 1

    # Somebody else doubts a sentence; no name of theirs is theirs to publish.
    reviewed.accepts([], wrong=french[0], name="Bo")
    reviewed.publish()
    doubted = await reviewed.shown()
    assert doubted["fr"] == f"{read} Not confirmed as it is now: 1 sentence."
    asked = reviewed.asked.count(FILE)
    assert await reviewed.shown() == doubted
    assert reviewed.asked.count(FILE) == asked, "what is the same is not loaded again"


async def test_a_text_that_a_release_changes_is_read_by_nobody(
    reviewed: Reviewed,
    french: list[Sentence],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reviewed.accepts(french[:100])
    reviewed.publish()
    day = reviewed.line.today
    read = f"Read on {day.day} {day:%B} {day.year}; who read it is not named."
    left = len(french) - 100
    shown = await reviewed.shown()
    assert shown["fr"] == f"{read} Not confirmed as they are now: {left} sentences."
    assert "Amina" not in (reviewed.out / FILE).read_text(), "they did not allow it"

    released = tmp_path / "languages"
    shutil.copytree(language_reviews.CATALOGUES, released)
    changed = next(one for one in french[:100] if len(one.text) > 20 and "{" not in one.text)
    catalogue = (released / "fr.po").read_text().replace(changed.text, f"{changed.text} Ou non.")
    (released / "fr.po").write_text(catalogue)
    monkeypatch.setattr(language_reviews, "CATALOGUES", released)
    assert f"now: {left + 1} sentences." in (await reviewed.shown())["fr"]


async def test_what_a_site_no_longer_has_is_told_no_longer_and_a_failing_network_takes_nothing(
    reviewed: Reviewed, french: list[Sentence]
) -> None:
    reviewed.accepts(french)
    reviewed.publish()
    signed = await reviewed.shown()
    assert signed["fr"] != NOBODY
    for status in (None, 503):
        reviewed.away = {MANIFEST: status, FILE: status}
        assert await reviewed.shown() == signed, status
    nobody = dict.fromkeys(signed, NOBODY)
    reviewed.away = {MANIFEST: 404}
    assert await reviewed.shown() == nobody, "a line without a site"
    reviewed.away = {}
    assert await reviewed.shown() == signed, "it is back"
    reviewed.accepts(french[:1])
    reviewed.publish()
    reviewed.away = {FILE: 404}
    assert await reviewed.shown() == nobody, "the manifest names a file that is not there"
    reviewed.away = {}
    assert "Read" in (await reviewed.shown())["fr"]


async def test_what_the_agency_did_not_sign_is_refused_aloud(
    reviewed: Reviewed, french: list[Sentence]
) -> None:
    reviewed.accepts(french)
    reviewed.publish()
    signed = await reviewed.shown()
    (reviewed.out / FILE).write_bytes(b'{"v":1,"languages":{}}')
    assert await reviewed.shown() == signed, "the manifest still names what is here"
    reviewed.accepts(french[:1])
    reviewed.publish()
    (reviewed.out / FILE).write_bytes(b'{"v":1,"languages":{}}')
    done = await reviewed.synced()
    assert [one.level for one in done.notices if "agency" in one.text] == [Level.ALARM]
