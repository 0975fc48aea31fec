"""Practice: made-up cases, a reporter who answers back, what was missed; and nothing real in it."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from app.cli.console.practice import make_vault
from app.cli.entry import build
from app.client.line_errors import LineError
from app.console.cases import casework
from app.console.errors import ConsoleError
from app.console.features.practice import judging, script
from app.console.features.practice.child import PracticeChild
from app.console.features.practice.exercises import (
    SYNTHETIC,
    Check,
    Exercise,
    exercises,
    find,
    read,
)
from app.console.features.practice.practice_console import SIGN_IN_WORDS, PracticeConsole
from app.console.features.practice.progress import FILE_NAME, Progress
from app.console.line import trusted_line
from app.console.rules import changes, writing_direction
from app.console.sync import deliver
from app.console.vault import Vault
from app.console.vault.records import messages
from app.console.web.console_settings import ConsoleSettings
from app.protocol.secrets import Secret
from tests.console.browser import PORT, Browser, at, opened
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("practice")
    make_vault(folder).close()
    assert [one.name for one in folder.iterdir()] == ["you"], "agency and colleague are gone"
    return folder / "you"


@pytest.fixture
def practice(template: Path, tmp_path: Path) -> Iterator[PracticeConsole]:
    kept, folder = tmp_path / "kept", tmp_path / "you"
    kept.mkdir()
    shutil.copytree(template, folder)
    console = PracticeConsole(folder, kept, ConsoleSettings(port=PORT, interval=0))
    console.adopt(Vault.open(folder, Secret(SIGN_IN_WORDS.encode())))
    yield console
    asyncio.run(console.lock())


@pytest.fixture
async def browser(practice: PracticeConsole) -> AsyncIterator[Browser]:
    async with at(practice) as one:
        yield one


def exercise(id_: str) -> Exercise:
    found = find(id_)
    assert found is not None
    return found


def answer(vault: Vault, case: str, text: str, lang: str, now: int) -> None:
    deliver.queue_reply(vault, case, text, desk="support", lang=lang, now=now, rng=os.urandom)


def do(vault: Vault, now: int, *wanted: changes.Change) -> None:
    with vault.write() as tx:
        casework.act(tx, trusted_line.load_in(tx), "support", wanted, now)


def said(vault: Vault, case: str) -> list[tuple[str, str]]:
    with vault.read() as tx:
        return [(one.direction, one.body.text) for one in messages.messages_of(tx, case)]


def missed(console: PracticeConsole) -> set[str]:
    found = judging.judge(console.vault, console.the_sitting())
    return {one.what for one in found if not one.good}


@pytest.mark.parametrize("one", exercises(), ids=lambda one: one.id)
def test_an_exercise_can_be_begun_and_looks_at_nothing_that_is_not_there(
    one: Exercise, practice: PracticeConsole
) -> None:
    sitting = practice.begin(one)
    names = {case.name for case in one.cases}
    assert all(check.what in judging.RULES for check in one.checks)
    assert all(check.case in names | {"", "any"} for check in one.checks)
    assert {rule for rule, _ in one.steps} <= {check.what for check in one.checks}
    texts = [text for acted in sitting.acted for _, text in said(practice.vault, acted.case_id)]
    assert all(text.startswith(SYNTHETIC) for text in texts if text)
    everything = " ".join(
        [*texts, *(turn.text for case in one.cases for turn in case.turns), one.task]
    )
    # Nobody's number, and no address but those that nobody can own.
    assert not re.search(r"\+?\d[\d ()-]{6,}\d", everything)
    assert set(re.findall(r"@\S+?\.\w+", everything)) <= {"@example.com"}
    # Whoever does not read the language is told what it says.
    assert all(case.lang == "en" or case.gist for case in one.cases)
    assert all(case.lang == "en" or all(t.gist for t in case.turns) for case in one.cases)
    assert missed(practice), "who does nothing misses something"


def test_an_answer_that_endangers_is_answered_in_the_script_and_named(
    practice: PracticeConsole,
) -> None:
    (acted,) = practice.begin(exercise("late")).acted
    vault = practice.vault
    answer(vault, acted.case_id, "Appelle le 555 123 4567.", "fr", practice.now())
    assert asyncio.run(practice.sync_now()) is not None
    assert "pas de numéros" in said(vault, acted.case_id)[-1][1]
    assert "answer-without" in missed(practice)
    answer(vault, acted.case_id, "Merci, nous avons lu.", "fr", practice.now())
    asyncio.run(practice.sync_now())
    assert "Je croyais que personne" in said(vault, acted.case_id)[-1][1]
    answer(vault, acted.case_id, "Merci.", "fr", practice.now())
    asyncio.run(practice.sync_now())
    assert said(vault, acted.case_id)[-1] == ("out", "Merci."), "the script ends"
    with vault.read() as tx:
        assert messages.waiting(tx) == []


def test_who_answers_where_it_is_not_safe_is_told_what_came_of_it(
    practice: PracticeConsole,
) -> None:
    (acted,) = practice.begin(exercise("silence")).acted
    id_, now = acted.case_id, practice.now()
    do(
        practice.vault,
        now,
        changes.put(id_, changes.STATUS, "acknowledged"),
        changes.put(id_, changes.PRIORITY, "urgent"),
        changes.note(id_, "Thursdays, the market. Never answer here."),
    )
    assert missed(practice) == set()
    answer(practice.vault, id_, "Hello", "ar", now)
    asyncio.run(practice.sync_now())
    assert missed(practice) == {"not-answered"}
    assert writing_direction.direction(said(practice.vault, id_)[-1][1]) == "rtl"


def test_of_answers_nothing_is_said_where_there_is_none(practice: PracticeConsole) -> None:
    practice.begin(exercise("permission"))
    whats = {one.what for one in judging.judge(practice.vault, practice.the_sitting())}
    assert "answered" in whats
    assert not whats & set(judging.OF_ANSWERS)


def test_two_cases_put_together_and_one_handed_on_are_seen(practice: PracticeConsole) -> None:
    first, second = practice.begin(exercise("house")).acted
    assert "merged" in missed(practice)
    put = changes.put(second.case_id, changes.DUPLICATE_OF, first.case_id)
    do(practice.vault, practice.now(), put)
    assert "merged" not in missed(practice)
    (acted,) = practice.begin(exercise("danger")).acted
    assert "handed" in missed(practice)
    handed = changes.hand(acted.case_id, "support", "police", "Locked in.")
    do(practice.vault, practice.now(), handed)
    assert "handed" not in missed(practice)
    (acted,) = practice.begin(exercise("permission")).acted
    check = Check("not-handed", "", "", "", frozenset(), "police")
    assert judging.holds(check, judging.look(practice.vault, practice.the_sitting()))
    handed = changes.hand(acted.case_id, "support", "police", "Anyhow.")
    do(practice.vault, practice.now(), handed)
    assert not judging.holds(check, judging.look(practice.vault, practice.the_sitting()))


def test_the_six_days_old_case_is_due_tomorrow(practice: PracticeConsole) -> None:
    (acted,) = practice.begin(exercise("late")).acted
    (one,) = judging.look(practice.vault, practice.the_sitting())
    assert one.listed.due_at is not None
    assert 0 < one.listed.due_at - practice.now() <= DAY
    assert acted.case.days_ago == 6


def test_a_refresher_is_due_sooner_after_something_was_missed(tmp_path: Path) -> None:
    kept, one, day = Progress(tmp_path), exercise("first"), dt.date(2031, 5, 6)
    assert kept.begin("  Ana  K. ") == "Ana K."
    kept.finished("Ana K.", one.id, ["note"], day)
    assert kept.of("Ana K.")[one.id].due(one) == day + dt.timedelta(14)
    kept.finished("Ana K.", one.id, [], day)
    done = Progress(tmp_path).of("Ana K.")[one.id]
    assert (done.times, done.due(one)) == (2, day + dt.timedelta(one.again_days))
    assert kept.of("Ben") == {}
    assert kept.people() == ["Ana K."]
    for bad in ("", " ", "x" * 65, "a\x00b"):
        with pytest.raises(ConsoleError):
            kept.begin(bad)
    (tmp_path / FILE_NAME).write_text('{"people": {"Ana": {"first": {"on": "soon"}}}}')
    with pytest.raises(ConsoleError, match="Move it away"):
        kept.finished("Ben", one.id, [], day)
    assert "soon" in (tmp_path / FILE_NAME).read_text(), "nothing of it was lost"


def test_an_exercise_of_an_agencys_own_is_refused_in_a_word_if_it_lacks_something() -> None:
    with pytest.raises(KeyError):
        read('id = "mine"')


async def test_no_case_goes_to_another_line_or_comes_from_one(browser: Browser) -> None:
    page = (await browser.sign_in()).text
    assert "Exercises" in page
    assert "Agency transfers" not in page
    assert (await browser.get("/transfers")).status_code == 404
    assert (await browser.get(f"/cases/{'0' * 64}/transfer")).status_code == 404


async def test_every_page_says_that_it_is_practice_and_no_page_of_the_real_one_does(
    browser: Browser, line: Line
) -> None:
    words = "Everybody here is made up"
    assert words in (await browser.get("/unlock")).text
    assert SIGN_IN_WORDS in (await browser.get("/unlock")).text
    await browser.sign_in()
    assert isinstance(browser.console, PracticeConsole)
    browser.console.begin(exercise("house"))
    (case, _) = browser.console.the_sitting().acted
    pages = ["/", "/practice", "/practice/house", "/search", "/team", "/letters", "/nowhere"]
    for path in [*pages, f"/cases/{case.case_id}"]:
        shown = (await browser.get(path)).text
        assert words in shown, path
        assert "<title>Practice · " in shown
    assert (await browser.post("/practise")).status_code == 404
    async with opened(line) as real:
        await real.sign_in()
        for path in ("/", "/search", "/team", "/letters", "/unlock"):
            shown = (await real.get(path)).text
            assert "made up" not in shown
            assert "practice-band" not in shown
        assert (await real.get("/practice")).status_code == 404
        assert (await real.post("/practice/first/begin")).status_code == 404


async def test_an_exercise_by_pages_is_remembered_for_who_did_it(browser: Browser) -> None:
    await browser.sign_in()
    signed_in = await browser.get(browser.login())
    assert signed_in.headers["location"] == "/practice", "practice opens on its exercises"
    assert "Without a name nothing is remembered" in (await browser.get("/practice")).text
    await browser.post("/practice/who", person="Ana")
    assert "8</span>" not in (await browser.get("/practice")).text
    assert (await browser.post("/practice/nothing/begin")).status_code == 404
    assert (await browser.post("/practice/noise/finish")).status_code == 400
    await browser.post("/practice/noise/begin")
    assert (await browser.post("/practice/first/finish")).status_code == 404, "it was not begun"
    shown = (await browser.get("/practice/noise")).text
    assert "is anybody there?" in shown
    done = (await browser.post("/practice/noise/finish")).text
    assert "Short is not spam" not in done, "it was not closed"
    assert "The offer is not closed as spam." in done
    assert "Due again on" in done
    page = (await browser.get("/practice")).text
    assert re.search(r"Done on .*, \d missed", page)


async def test_practice_has_no_door_and_its_sync_calls_nobody(practice: PracticeConsole) -> None:
    with pytest.raises(LineError):
        practice.line_client()
    assert (await practice.sync_now()) is not None
    assert practice.sync.failure is None


def test_a_real_vaults_folder_is_refused(still: Line) -> None:
    command = ["console", "practice", str(still.folder_of("ana"))]
    done = CliRunner().invoke(build("console"), command)
    assert (done.exit_code, "is a real case store" in done.output) == (2, True)


def test_two_clicks_start_practice_once(tmp_path: Path) -> None:
    child = PracticeChild(tmp_path / "ana")
    try:
        with ThreadPoolExecutor(2) as clicks:
            one, other = clicks.map(lambda _: child.open(), range(2))
        assert urlsplit(one).netloc == urlsplit(other).netloc
    finally:
        child.end()


def test_a_turn_is_taken_once(practice: PracticeConsole) -> None:
    (acted,) = practice.begin(exercise("first")).acted
    frightened = script.next_turn(acted, {"phone"})
    assert frightened is not None
    assert frightened.on
    others = [script.next_turn(acted, {"phone"}) for _ in range(3)]
    assert [turn is None for turn in others] == [False, False, True]
