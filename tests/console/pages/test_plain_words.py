"""What the console says of acts with consequences: no word that sounds smaller than the act.

A history may be read in court, and a button by somebody who has ten seconds.
"""

import html
import re
from pathlib import Path

import pytest

from app.console import pages
from app.console.cases import casework
from app.console.line import trusted_line
from app.console.rules import changes, keeping
from app.console.rules.changes import DUE, FEEDBACK, OWNER, PRIORITY
from tests.console.browser import opened
from tests.console.cases.cases_at_hand import some_cases
from tests.console.running_line import Line

CONSOLE = Path(pages.__file__).parents[1]
SMALLER_THAN_THE_ACT = (
    r"[Ll]et go of",
    r"[Gg]iven? up\b",
    r"gave (?:the case )?up",
    r"took the (?:day|priority) off",
    r"took the feedback back",
    r"took it apart",
    r"left the case to nobody",
    r"harmed nothing",
)


@pytest.mark.parametrize("words", SMALLER_THAN_THE_ACT)
def test_no_page_says_it_in_words_that_sound_harmless(words: str) -> None:
    for path in sorted(CONSOLE.rglob("*.html")):
        for said in re.findall(r'_\("(.*?)"\)', path.read_text()):
            assert not re.search(words, said), f"{path.name}: {said}"
    of_features = [str(path.relative_to(CONSOLE)) for path in CONSOLE.glob("features/*/*.py")]
    for name in ("pages/case/desk.py", "pages/keeping_pages.py", "viewer/preview.py", *of_features):
        code = re.sub(r'"""(?s:.*?)"""', "", (CONSOLE / name).read_text())
        assert not re.search(words, code), name


@pytest.mark.anyio
async def test_the_history_names_what_was_undone(line: Line) -> None:
    (case,) = await some_cases(line, 1)
    async with opened(line) as browser:
        await browser.sign_in()
        vault = browser.console.vault
        known = trusted_line.load(vault)
        with vault.write() as tx:
            for name in (keeping.LEGAL_HOLD, keeping.DESTROY_ON, DUE, FEEDBACK, PRIORITY, OWNER):
                casework.act(tx, known, "support", [changes.put(case, name, "")], line.now)
        shown = html.unescape((await browser.get(f"/cases/{case}")).text)
    for said in (
        "released the legal hold",
        "cancelled its destruction",
        "removed the deadline",
        "removed the note that feedback was given",
        "removed the priority",
        "unassigned the case",
    ):
        assert said in shown


@pytest.mark.anyio
async def test_what_is_folded_and_what_is_red_says_what_it_is(line: Line) -> None:
    (case,) = await some_cases(line, 1, answers={"danger_now": "yes"})
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
        folded = re.findall(r'<details class="section" id="([\w-]+)">\s*<summary ([^>]*)>', page)
        assert {"never-export", "transfer", "history"} <= {name for name, _ in folded}
        assert [name for name, given in folded if 'title="' not in given] == []
        assert re.search(r'id="danger-count" title="[^"]+"', page)
        due = (await browser.get("/due")).text.partition('id="due-danger"')[2]
        assert 'tag-danger" title="As the reporter says; nobody has assessed it yet"' in due
