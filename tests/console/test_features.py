"""Each feature taken out by its line: the console starts, and its other pages answer.

A copy of the program without that line is run as it is on somebody's machine, over a vault in which
the feature was used; nothing that it shows leads to what is gone.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from app.console.feature import Feature
from app.console.features.all_features import FEATURES
from app.console.features.letters import held_letters
from app.console.line import trusted_line
from app.console.vault import Vault
from app.protocol import challenges
from app.protocol.identities import ReporterIdentity
from app.protocol.letter import letter_public
from app.protocol.receipt import new_entropy
from tests.console.left_out import NAMES, ROOT, take_out
from tests.console.real_console import Running, running
from tests.console.running_line import PASSPHRASE, Line, read

PHONE, SAME_PHONE = "+1 202 555 0123", "001 (202) 555-0123"
TOO_OLD, DONE = 400, 200
"""What a form answers without the page's token; practice is begun without one."""
_SHOWN = re.compile(r' (href|src|action|formaction)="([^"#]+)')


def addresses(feature: Feature, case: str) -> list[str]:
    """Return what a real console shows only with this feature, found in its routers."""
    routes = [
        route
        for pages in feature.pages
        if pages.where.includes(practice=False)
        for route in pages.router.routes
        if isinstance(route, APIRoute)
    ]
    return sorted({re.sub(r"\{[^}]*\}", case, route.path) for route in routes})


@contextmanager
def without(folder: Path, names: list[str]) -> Iterator[Path]:
    """Make a copy of the program in which these features' lines are taken out."""
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("node_modules"))
    take_out(folder, names)
    yield folder
    shutil.rmtree(folder / "app")


async def used(line: Line) -> str:
    """Make a vault in which every feature has something to show of a case; give that case."""
    with line.vault() as ana:
        await line.ready(ana)
        entropy = new_entropy(os.urandom)
        asking = {"n": bytes(16).hex(), "pk": letter_public(entropy, bytes(16)).hex()}
        reporter = ReporterIdentity(entropy)
        await line.send(f"They keep our passports. {PHONE}, says the boss.", reporter=reporter)
        await line.send(f"Another house. {SAME_PHONE} is on the door.")
        await line.send("", reporter=reporter, kind="letter-request", **asking)
        await line.sync(ana)
        case = _case_of(ana, "passports")
        if "letters" in NAMES:
            known = trusted_line.load(ana)
            with ana.write() as tx:
                held_letters.issue(tx, known, case, "cooperated", line.now, checked=True)
        return case


@pytest.fixture(scope="module")
def one_used(made: Line, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a vault that is only copied, and its case."""

    async def use() -> str:
        async with line.serve():
            return await used(line)

    line = made.copy(tmp_path_factory.mktemp("used"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(challenges, "MIN_ROWS", 64)
        return line.folder_of("ana"), asyncio.run(use())


def _case_of(vault: Vault, said: str) -> str:
    (case,) = [one.case for one in read(vault) if said in one.body.text]
    return case


def everything_shown_is_there(console: Running, pages: list[str]) -> None:
    """Every style, script, link and form of these pages leads to something; each is asked once."""
    root = "/" + console.home.split("/", 3)[3]
    for kind, shown in sorted({one for page in pages for one in _SHOWN.findall(page)}):
        address = html.unescape(shown)
        if address.startswith("http"):
            continue
        assert address.startswith(("?", f"{root}/")), address
        path = address.removeprefix(root)
        # Without the page's token no form does anything, and what is not there says so first.
        posted = kind in ("action", "formaction") and console.post(path, csrf="").status_code
        if posted not in (TOO_OLD, DONE):
            assert console.http.get(path).status_code == 200, address


@pytest.mark.parametrize("names", [[name] for name in NAMES] + [NAMES], ids="-".join)
def test_without_it_the_console_starts_and_its_other_pages_answer(
    one_used: tuple[Path, str], tmp_path: Path, names: list[str]
) -> None:
    kept, case = one_used
    vault = shutil.copytree(kept, tmp_path / "ana")
    secret = tmp_path / "secret"
    secret.write_bytes(PASSPHRASE.reveal())
    with (
        without(tmp_path / "program", names) as program,
        running(vault, secret, cwd=program) as console,
    ):
        console.sign_in()
        console.lock()
        console.unlock(secret.read_text())
        pages = {
            place: console.http.get(place)
            for place in ("/", f"/cases/{case}", "/due", "/search?q=passports", "/team", "/machine")
        }
        for feature in FEATURES:
            if feature.name in names:
                for path in addresses(feature, case):
                    assert console.http.get(path).status_code == 404, path
            places = dict.fromkeys(feature.places, "/")
            places |= dict.fromkeys(feature.settings, "/machine")
            for place, page in places.items():
                is_shown = f'{place.address}"' in pages[page].text
                wanted = feature.name not in names and place.where.includes(practice=False)
                assert is_shown == wanted, place
        for place, page in pages.items():
            assert page.status_code == 200, place
        everything_shown_is_there(console, [page.text for page in pages.values()])
        assert "They keep our passports." in pages[f"/cases/{case}"].text
        for feature in FEATURES:
            for section in (one for one in feature.sections if one.place != "todo"):
                shown = f'id="{section.name}"' in pages[f"/cases/{case}"].text
                assert shown == (feature.name not in names), section.name
        exported = console.post(f"/cases/{case}/export")
        assert exported.headers["content-type"] == "application/zip"
        assert exported.content.startswith(b"PK")
