"""What a machine has to open strangers' files with is said, on the page and by the command."""

from __future__ import annotations

import json
import os

import pytest
from typer.testing import CliRunner

from app.cli.console import doctor
from app.cli.console.console_commands import app
from app.console.viewer import sandbox_report
from app.console.viewer.host import Machine
from app.console.viewer.previewable import Kind
from tests.console.browser import opened
from tests.console.running_line import Line

BARE = Machine(None, seccomp=False, converters={Kind.FILM: "/usr/bin/ffmpeg"})
WALLED = Machine("/usr/bin/bwrap", seccomp=True, proc=True, converters={Kind.FILM: "/bin/x"})


def _ask(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> tuple[int, dict[str, bool]]:
    monkeypatch.setattr(doctor, "look", lambda: machine)
    done = CliRunner().invoke(app, ["doctor", "--json"])
    said = json.loads(done.stdout)
    assert said["well"] == (done.exit_code == 0)
    return done.exit_code, {one["name"]: one["here"] for one in said["parts"]}


def test_missing_sandbox_are_something_found_and_missing_converters_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, here = _ask(BARE, monkeypatch)
    assert code == 1
    assert not here["bubblewrap"]
    assert not here["ffmpeg"], "it is there, but without the sandbox it is not used"
    code, here = _ask(WALLED, monkeypatch)
    assert code == 0
    assert here["ffmpeg"]
    assert not here["LibreOffice"]


@pytest.mark.anyio
async def test_the_page_says_it_in_words(line: Line) -> None:
    async with opened(line) as browser:
        await browser.sign_in()
        browser.console.viewing.machine = BARE
        page = (await browser.get("/machine")).text
        assert "until the package bubblewrap is installed" in page
        assert page.count('class="part-missed"') == 2


@pytest.mark.parametrize(("user", "said"), [(0, True), (1_000, False)])
def test_who_runs_it_as_root_is_told_what_does_not_hold(
    monkeypatch: pytest.MonkeyPatch, user: int, said: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    words = " ".join(one.words for one in sandbox_report.parts(BARE))
    assert ("No limit of processes binds root" in words) is said
