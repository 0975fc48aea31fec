"""Whether it is safe to write back: what is not known is said, and the newest word counts."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator

import pytest

from app.console.desk import holdings
from app.console.line import trusted_line
from app.console.rules import answer_templates, caution
from app.console.rules.body import read_body
from app.console.sync import receive
from app.console.sync.receive import OpenedMessage
from app.console.vault import Vault
from app.console.vault.installation import owner
from app.console.vault.records import messages
from app.protocol import bodies
from app.protocol.directory import open_directory
from app.protocol.envelope import Opened
from app.protocol.identities import ReporterIdentity
from tests.console.browser import Browser, opened
from tests.console.cases.cases_at_hand import listed
from tests.console.cases.test_danger import somebody, tell
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio

NOBODY_KNOWS, NOT_SURE = "Nobody knows whether it is safe", "does not know whether it is safe"
ASKING = answer_templates.asking_safety("en")


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    file = still.publish()
    async with opened(still) as one:
        with one.console.vault.write() as tx:
            version = open_directory(file, still.line_id).version
            owner.store_directory(tx, version, file, still.now)
        await one.sign_in()
        yield one


def body(number: int, answers: dict[str, str], kind: str = "message", lang: str = "en") -> bytes:
    said = {"text": f"Words {number}.", "lang": lang, "desks": ["support"], "answers": answers}
    return bodies.write_body(kind, f"{number:032x}", said)


def said(safe: str) -> dict[str, str]:
    return {"safe_to_reply": safe} if safe else {}


def chosen(page: str) -> tuple[str, str]:
    """Return the class and the words of what the case's head says of it."""
    found = re.search(r'<div class="([\w-]*)"><dt>Safe to write back</dt><dd[^>]*>([^<]+)<', page)
    assert found
    return found[1], found[2]


@pytest.mark.parametrize(
    ("safe", "head", "warned"),
    [
        ("", ("choice-unsure", "not asked, or not answered"), NOBODY_KNOWS),
        ("unknown", ("choice-unsure", "Does not know"), NOT_SURE),
        ("no", ("choice-danger", "No"), "said that it is not safe to write back"),
        ("yes", ("", "Yes"), ""),
    ],
)
async def test_a_case_says_what_is_known_of_it_before_an_answer_is_written(
    browser: Browser, safe: str, head: tuple[str, str], warned: str
) -> None:
    case = tell(browser.console.vault, somebody(), browser.console.now(), body(1, said(safe)))
    page = (await browser.get(f"/cases/{case}")).text
    assert chosen(page) == head
    form = page.partition('id="reply"')[2].partition("<textarea")[0]
    assert warned in form
    assert ("Ask whether it is safe" in form) == (warned in (NOBODY_KNOWS, NOT_SURE))
    assert ('class="notice' in form) == bool(warned)


async def test_the_question_is_put_into_the_answer_and_asks_for_no_tick(browser: Browser) -> None:
    case = tell(browser.console.vault, somebody(), browser.console.now(), body(1, {}))
    path = f"/cases/{case}"
    await browser.get(path)
    await browser.post(f"{path}/ask-safety", text="Hello.", desk="support", lang="en")
    page = (await browser.get(path)).text
    assert f"Hello.\n\n{ASKING}</textarea>" in page
    assert NOBODY_KNOWS not in page, "it is being asked"
    answer = {"text": f"Hello.\n\n{ASKING}", "desk": "support", "lang": "en"}
    sent = await browser.post(f"{path}/reply", **answer)
    assert "unsure" not in sent.headers["location"]


async def test_where_no_template_is_in_the_language_the_english_one_is_there_to_translate(
    browser: Browser,
) -> None:
    amharic = body(1, {}, lang="am")
    case = tell(browser.console.vault, somebody(), browser.console.now(), amharic)
    await browser.get(f"/cases/{case}")
    await browser.post(f"/cases/{case}/ask-safety", text="", desk="support", lang="am")
    assert f">{ASKING}</textarea>" in (await browser.get(f"/cases/{case}")).text


async def test_the_newest_word_counts(browser: Browser) -> None:
    vault, who, now = browser.console.vault, somebody(), browser.console.now()
    case = tell(vault, who, now, body(1, said("yes"), "report"))
    for day, word in enumerate(("no", "unknown", "yes", "no"), start=1):
        tell(vault, who, now + day * DAY, body(1 + day, said(word)))
        assert listed(browser, case).answers["safe_to_reply"] == word
        page = (await browser.get(f"/cases/{case}")).text
        assert chosen(page)[1] == {"no": "No", "unknown": "Does not know", "yes": "Yes"}[word]
    tell(vault, who, now + 9 * DAY, body(9, {}))
    assert listed(browser, case).answers["safe_to_reply"] == "no", "silence takes nothing back"


async def test_of_what_comes_together_the_careful_word_counts(browser: Browser) -> None:
    vault, now = browser.console.vault, browser.console.now()
    no, yes = body(2, said("no")), body(3, said("yes"))
    for pair in ((no, yes), (yes, no)):
        who = somebody()
        case = tell(vault, who, now, body(1, {}, "report"))
        tell(vault, who, now + DAY, *pair)
        assert listed(browser, case).answers["safe_to_reply"] == "no"
        tell(vault, who, now + 2 * DAY, body(4, said("yes")))
        assert listed(browser, case).answers["safe_to_reply"] == "yes", "said later"


def test_what_the_reporter_has_said_raises_no_second_caution() -> None:
    assert caution.not_known_safe("yes") is caution.not_known_safe("no") is None
    kinds = {caution.not_known_safe(safe).kind for safe in ("", "unknown", "x")}  # type: ignore[union-attr]
    assert kinds == {"not-asked-safe", "not-sure-safe"}


async def test_a_report_is_the_first_word_in_whatever_order_it_comes(browser: Browser) -> None:
    vault, now = browser.console.vault, browser.console.now()
    report, later = body(1, said("no"), "report"), body(2, said("yes"))
    for pair in ((report, later), (later, report)):
        case = tell(vault, somebody(), now, *pair)
        assert listed(browser, case).answers["safe_to_reply"] == "yes"


def pass_on(vault: Vault, who: ReporterIdentity, at: int, author: str, *raw: bytes) -> None:
    """Keep what a colleague's snapshot has."""
    with vault.write() as tx:
        known = trusted_line.load_in(tx)
        for one in raw:
            parts = (who.public, one, read_body(one), at, os.urandom)
            receive.store_message(tx, known, *parts, author=author)


async def test_an_older_yes_that_a_colleague_passes_on_does_not_hide_a_no(browser: Browser) -> None:
    vault, who, now = browser.console.vault, somebody(), browser.console.now()
    case = tell(vault, who, now, body(3, said("no")))
    pass_on(vault, who, now + DAY, "a colleague", body(2, said("yes")))
    assert listed(browser, case).answers["safe_to_reply"] == "no"


async def test_a_no_that_one_colleague_passes_on_outlasts_an_older_yes_from_another(
    browser: Browser,
) -> None:
    vault, who, now = browser.console.vault, somebody(), browser.console.now()
    case = tell(vault, who, now, body(1, {}, "report"))
    pass_on(vault, who, now + DAY, "X", body(3, said("no")))
    pass_on(vault, who, now + 2 * DAY, "Y", body(2, said("yes")))
    assert listed(browser, case).answers["safe_to_reply"] == "no"
    other = somebody()
    case = tell(vault, other, now, body(1, {}, "report"))
    pass_on(vault, other, now + DAY, "X", body(3, said("no")), body(4, said("yes")))
    assert listed(browser, case).answers["safe_to_reply"] == "yes", "one snapshot has an order"


def naming(number: int, kind: str, *desks: str) -> bytes:
    return bodies.write_body(kind, f"{number:032x}", {"text": "x", "desks": [*desks]})


async def test_older_words_that_a_colleague_passes_on_give_no_permission_back(
    browser: Browser,
) -> None:
    vault, who, now = browser.console.vault, somebody(), browser.console.now()
    both = ("support", "police")
    case = tell(vault, who, now, naming(1, "report", *both))
    tell(vault, who, now + DAY, naming(3, "withdrawal", "police"))
    pass_on(vault, who, now + 2 * DAY, "X", naming(2, "message", *both))
    assert listed(browser, case).desks == ("support",)
    assert listed(browser, case).withdrawn == ("police",)
    tell(vault, who, now + 3 * DAY, naming(4, "message", *both))
    assert listed(browser, case).desks == both, "given again by the reporter"
    new = somebody()
    again = [naming(5, "withdrawal", "police"), naming(6, "message", *both)]
    pass_on(vault, new, now, "X", naming(1, "report", *both), *again)
    assert listed(browser, messages.case_id(new.public)).desks == both, "in the snapshot's order"


def fetch(vault: Vault, at: int, *some: OpenedMessage) -> None:
    """Keep what a sync has fetched at one time."""
    known = trusted_line.load(vault)
    receive.keep(vault, known, [*some], delete_at_once=False, now=at, rng=os.urandom)


def finish(vault: Vault, at: int) -> None:
    """End a sync in which all that is listed came."""
    with vault.write() as tx:
        holdings.note_full_sync(tx, at - 1, at)


def envelope(raw: bytes, who: ReporterIdentity) -> OpenedMessage:
    return OpenedMessage(os.urandom(16), os.urandom(32), Opened(raw, who.public))


async def test_what_could_not_be_opened_at_first_takes_back_nothing_that_was_said_since(
    browser: Browser,
) -> None:
    vault, who, now = browser.console.vault, somebody(), browser.console.now()
    case = messages.case_id(who.public)
    fetch(vault, now, envelope(body(1, {}, "report"), who))
    finish(vault, now + 1)
    early = envelope(body(2, said("yes")), who)
    fetch(vault, now + DAY, OpenedMessage(early.id, os.urandom(32), None))
    finish(vault, now + DAY + 1)
    fetch(vault, now + 2 * DAY, envelope(body(3, said("no")), who))
    withdrawal = bodies.write_body("withdrawal", f"{4:032x}", {"desks": ["support"]})
    fetch(vault, now + 2 * DAY, envelope(withdrawal, who))
    finish(vault, now + 2 * DAY + 1)
    fetch(vault, now + 3 * DAY, early)
    assert listed(browser, case).answers["safe_to_reply"] == "no"
    assert listed(browser, case).desks == (), "nor is a permission given again that was withdrawn"
    finish(vault, now + 3 * DAY + 1)
    fetch(vault, now + 4 * DAY, envelope(body(5, said("yes")), who))
    assert listed(browser, case).answers["safe_to_reply"] == "yes", "said later"
    assert listed(browser, case).desks == ("support",)


async def test_until_all_that_is_listed_has_come_nobody_knows_what_was_said_last(
    browser: Browser,
) -> None:
    """One sync keeps its messages group by group, and one that ends early leaves some behind."""
    vault, who, now = browser.console.vault, somebody(), browser.console.now()
    case = messages.case_id(who.public)
    fetch(vault, now, envelope(body(1, {}, "report"), who))
    finish(vault, now + 1)
    fetch(vault, now + DAY, envelope(body(2, said("no")), who))
    fetch(vault, now + DAY + 30, envelope(body(3, said("yes")), who))
    assert listed(browser, case).answers["safe_to_reply"] == "no"


async def test_many_words_since_hide_neither_a_no_nor_a_withdrawal(browser: Browser) -> None:
    """What came since the last whole sync may be weeks of messages."""
    vault, who, now = browser.console.vault, somebody(), browser.console.now()
    case = messages.case_id(who.public)
    fetch(vault, now, envelope(naming(1, "report", "support", "police"), who))
    finish(vault, now + 1)
    fetch(vault, now + DAY, envelope(body(2, said("no")), who))
    fetch(vault, now + DAY, envelope(naming(3, "withdrawal", "police"), who))
    many = [body(100 + n, said("yes" if n % 2 else "")) for n in range(140)]
    others = [naming(300 + n, "withdrawal", "support") for n in range(70)]
    fetch(vault, now + 2 * DAY, *(envelope(one, who) for one in (*many, *others)))
    late = {"text": "x", "desks": ["support", "police"], "answers": said("yes")}
    fetch(vault, now + 3 * DAY, envelope(bodies.write_body("message", "e" * 32, late), who))
    assert listed(browser, case).answers["safe_to_reply"] == "no"
    assert listed(browser, case).desks == ()
