"""A case that a desk gave up is gone from every vault of the desk, for its owner too."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import insert

from app.client.parcel import Upload
from app.console.cases import casework, retention
from app.console.errors import ConsoleError
from app.console.features.all_features import FEATURES
from app.console.line import trusted_line
from app.console.rules import changes, keeping, wording
from app.console.rules.changes import LABELS, STATUS
from app.console.rules.safety_plan import SIGNAL
from app.console.search import query
from app.console.sync import deliver
from app.console.vault import Transaction, Vault, forgetting
from app.console.vault.attachments import files
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.database.schema_version import TABLES
from app.console.vault.database.search_tables import file_words
from app.console.vault.installation import machine_log
from app.console.vault.records import cases, drafts, messages, notes
from app.console.vault.records.drafts import Draft
from app.console.vault.search import finding
from app.protocol.encoding import b64u
from app.protocol.identities import ReporterIdentity
from tests.console import decrypted
from tests.console.browser import Browser, opened
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio

WORDS = {
    "a report": "wisbechfarmxq",
    "an answer to the form": "answerqhouse",
    "a file's name": "passportzqscan",
    "a file": "insidethefilezz",
    "a reply": "replyjxwords",
    "a safety plan": "signalqzxplan",
    "a draft": "draftqqwords",
    "a note": "teamnotexkq",
    "a private note": "minealonexjq",
    "a label": "labelqxz",
    "a reason to export": "reasonzzq",
    "what links it to others": "zqlinked@example.org",
    "what a scan says": "readinthescanzq",
}


@pytest.fixture
async def line(still: Line) -> AsyncIterator[Line]:
    """Ana and Dora at one desk."""
    still.enrol("dora", ["support"])
    still.publish()
    async with still.serve():
        yield still


@pytest.fixture
def dora(line: Line) -> Iterator[Vault]:
    with line.vault("dora") as vault:
        yield vault


def act(vault: Vault, line: Line, *wanted: changes.Change) -> None:
    known = trusted_line.load(vault)
    with vault.write() as tx:
        casework.act(tx, known, "support", list(wanted), line.now)


async def share(line: Line, *vaults: Vault) -> None:
    """Everybody hears everything."""
    for vault in vaults:
        await line.sync(vault)
        await line.turn()
    await line.sync(vaults[0])


def case_of(vault: Vault, word: str) -> str:
    with vault.read() as tx:
        return next(one.id for one in messages.inbox(tx) if word in one.snippet)


async def full_case(line: Line, ana: Vault, dora: Vault) -> tuple[str, ReporterIdentity]:
    """Return a closed case with something in it of all that a case can have."""
    await line.ready(ana, dora)
    scan = Upload(WORDS["a file's name"] + ".txt", "text/plain", WORDS["a file"].encode() * 99)
    answers = {"what": WORDS["an answer to the form"]}
    reporter = await line.send(WORDS["a report"], answers=answers, files=(scan,))
    await line.send("Another one, which stays.")
    await share(line, ana, dora)
    case = case_of(ana, WORDS["a report"])
    deliver.queue_reply(
        ana, case, WORDS["a reply"], desk="support", lang="en", now=line.now, rng=os.urandom
    )
    with ana.write() as tx:
        notes.add(tx, case, WORDS["a private note"], line.now)
        detail = {"reason": WORDS["a reason to export"]}
        audit_log.record(tx, AuditEvent(case, line.now, HERE, "copied", detail))
        notes.add(tx, case, f"Writes from {WORDS['what links it to others']}", line.now)
        scanned = {"file": 1, "place": 0, "case_id": case, "at": line.now}
        tx.execute(insert(file_words).values(**scanned, text=WORDS["what a scan says"]))
        finding.add(tx, case, finding.FILE, 1, WORDS["what a scan says"])
        messages.mark_read(tx, case)
    act(ana, line, changes.note(case, WORDS["a note"]), changes.add(case, LABELS, WORDS["a label"]))
    act(ana, line, changes.put(case, SIGNAL, WORDS["a safety plan"]))
    await share(line, ana, dora)
    with ana.write() as tx:
        drafts.store(tx, case, Draft(WORDS["a draft"], "support", "en"), line.now)
    with dora.write() as tx:
        messages.mark_read(tx, case)
    act(ana, line, changes.put(case, STATUS, "closed/referred"))
    await share(line, ana, dora)
    for vault in (ana, dora):
        finding.read_on(vault)
    return case, reporter


def schedule_destruction(vault: Vault, line: Line, case: str) -> None:
    known = trusted_line.load(vault)
    with vault.write() as tx:
        assert retention.schedule_destruction(tx, known, [case], line.now) == 1


def found(vault: Vault, word: str) -> int:
    with vault.read() as tx:
        return len(finding.find(tx, query.expression(word) or "", 10))


def here(vault: Vault, case: str) -> bool:
    with vault.read() as tx:
        return messages.find(tx, case) is not None


async def later(line: Line, days: int) -> None:
    line.now += days * DAY
    await line.turn()


async def test_nothing_of_it_can_be_read_by_the_owner_with_the_key(
    line: Line, ana: Vault, dora: Vault
) -> None:
    case, _ = await full_case(line, ana, dora)
    before = decrypted.everything(ana)
    in_files = WORDS["a file"]
    for what, word in WORDS.items():
        if word != in_files:  # ciphertext beside the database
            assert word.encode() in before, what
    with ana.read() as tx:
        (folder,) = {one.folder for one in files.of_case(tx, case)}
        key = files.of_case(tx, case)[0].key.reveal()
        length = audit_log.custody(tx, case).count
    assert key in before
    assert (ana.files / folder).exists()
    assert found(ana, WORDS["a note"]) == 1
    schedule_destruction(ana, line, case)
    await share(line, ana, dora)
    assert here(ana, case), "there is a week to think better of it"
    await later(line, keeping.UNDO_DAYS)
    await share(line, ana, dora)
    for vault in (ana, dora):
        assert not here(vault, case)
        after = decrypted.everything(vault)
        for what, word in WORDS.items():
            assert word.encode() not in after, what
        assert key not in after
        assert found(vault, WORDS["a note"]) == 0
        assert found(vault, "stays") == 1
        assert (vault.files / folder).exists() is False
    with ana.read() as tx:
        (one,) = forgetting.destroyed(tx)
        assert one.case == case
        assert one.actor == b64u(trusted_line.load(ana).owner.identity.vk)
        assert one.detail["entries"] > length
        assert set(one.detail) == {"entries", "head"}
        custody = audit_log.custody(tx, case)
        assert (custody.count, custody.broken) == (1, None)
    # The desk goes on: chains are whole.
    other = case_of(ana, "Another")
    act(dora, line, changes.add(other, LABELS, "afterwards"))
    await share(line, ana, dora)
    with ana.read() as tx:
        assert cases.state(tx, other, "support").values(LABELS) == ["afterwards"]


async def test_a_hold_a_second_thought_and_a_word_from_the_reporter_keep_it(
    line: Line, ana: Vault, dora: Vault
) -> None:
    case, reporter = await full_case(line, ana, dora)
    known = trusted_line.load(dora)
    schedule_destruction(ana, line, case)
    await share(line, ana, dora)
    with dora.write() as tx:
        retention.set_legal_hold(tx, known, case, "Asked for by a court", line.now)
    await share(line, ana, dora)
    await later(line, keeping.UNDO_DAYS)
    await share(line, ana, dora)
    assert here(ana, case)
    assert here(dora, case)
    with ana.write() as tx:
        (kept,) = retention.survey(tx, trusted_line.load(ana), line.now).held
        assert kept.reason == "Asked for by a court"
        with pytest.raises(ConsoleError, match="on legal hold"):
            retention.schedule_destruction(tx, trusted_line.load(ana), [case], line.now + 1)
    with dora.write() as tx:
        retention.set_legal_hold(tx, known, case, "", line.now)
        retention.cancel_destruction(tx, known, [case], line.now)
    await share(line, ana, dora)
    assert here(ana, case), "taken back"
    schedule_destruction(ana, line, case)
    await share(line, ana, dora)
    await line.send("I am back.", reporter=reporter, kind="follow-up")
    await share(line, ana, dora)
    for vault in (ana, dora):
        with vault.write() as tx:
            messages.mark_read(tx, case)
    await later(line, keeping.UNDO_DAYS)
    await share(line, ana, dora)
    assert here(ana, case), "the reporter wrote again"
    with ana.read() as tx:
        (kept,) = retention.survey(tx, trusted_line.load(ana), line.now).scheduled
        assert kept.waits


async def test_nobodys_word_makes_the_week_shorter(line: Line, ana: Vault, dora: Vault) -> None:
    """Dora's console was changed: it names a day that is over, and lets go of holds at the end."""
    case, _ = await full_case(line, ana, dora)
    act(dora, line, changes.put(case, keeping.DESTROY_ON, "2000-01-01"))
    for _ in range(2):
        await share(line, dora, ana)
    assert here(ana, case)
    with ana.read() as tx:
        (kept,) = retention.survey(tx, trusted_line.load(ana), line.now).scheduled
        assert kept.day == keeping.destruction_day(line.now), "what it says is what it does"
    with ana.write() as tx:
        retention.set_legal_hold(tx, trusted_line.load(ana), case, "Asked for by a court", line.now)
    await share(line, ana, dora)
    await later(line, keeping.UNDO_DAYS)
    act(dora, line, changes.put(case, keeping.LEGAL_HOLD, ""))
    for _ in range(2):
        await share(line, dora, ana)
    assert here(ana, case), "a week to hold it again"
    await later(line, keeping.UNDO_DAYS)
    await share(line, ana, dora)
    assert not here(ana, case)


async def test_an_open_case_is_not_given_up(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send("Open.")
    await line.sync(ana)
    case, known = case_of(ana, "Open"), trusted_line.load(ana)
    with ana.write() as tx, pytest.raises(ConsoleError, match="Only closed"):
        retention.schedule_destruction(tx, known, [case], line.now)


async def test_whoever_comes_back_begins_anew(line: Line, ana: Vault, dora: Vault) -> None:
    """The same reporter, after all was destroyed: a new case, not given up because of the old."""
    case, reporter = await full_case(line, ana, dora)
    schedule_destruction(ana, line, case)
    await share(line, ana, dora)
    await later(line, keeping.UNDO_DAYS)
    await share(line, ana, dora)
    assert not here(ana, case)
    await line.send("It is me again.", reporter=reporter, kind="follow-up")
    await share(line, ana, dora)
    with ana.write() as tx:
        messages.mark_read(tx, case)
    act(ana, line, changes.put(case, STATUS, "closed/referred"))
    await share(line, ana, dora)
    await later(line, 30)
    await share(line, ana, dora)
    assert here(ana, case)


async def test_words_that_come_late_go_too(line: Line, ana: Vault, dora: Vault) -> None:
    """Dora was away, and had written a note: when it comes, it is not kept."""
    case, _ = await full_case(line, ana, dora)
    act(dora, line, changes.note(case, "latewordsqzx"))
    schedule_destruction(ana, line, case)
    await line.sync(ana)
    await later(line, keeping.UNDO_DAYS)
    await line.sync(ana)
    assert not here(ana, case)
    await share(line, dora, ana)
    await share(line, dora, ana)
    assert not here(ana, case)
    assert b"latewordsqzx" not in decrypted.everything(ana)
    assert here(dora, case), "she hears of it now, and has her week"
    await later(line, keeping.UNDO_DAYS)
    await share(line, dora)
    assert not here(dora, case)
    assert b"latewordsqzx" not in decrypted.everything(dora)


async def test_the_desks_rule_proposes(line: Line, ana: Vault, dora: Vault) -> None:
    case, _ = await full_case(line, ana, dora)
    known = trusted_line.load(ana)

    def proposed(tx: Transaction) -> list[str]:
        return [one.case.id for one in retention.survey(tx, known, line.now).proposed]

    await later(line, 61)
    with ana.read() as tx:
        assert proposed(tx) == [], "without a rule nothing is proposed"
    act(ana, line, changes.rule(keeping.KEEP_RULE, "2"))
    with ana.read() as tx:
        assert proposed(tx) == [case]
    act(ana, line, changes.rule(keeping.KEEP_RULE, "3"))
    with ana.read() as tx:
        assert proposed(tx) == []


async def test_at_a_desk_of_one_nobody_has_to_hear_of_it(line: Line, chris: Vault) -> None:
    await line.ready(chris)
    await line.send("alonewordsqx", desks=("police",))
    await line.sync(chris)
    case, known = case_of(chris, "alone"), trusted_line.load(chris)
    with chris.write() as tx:
        messages.mark_read(tx, case)
        said = [changes.note(case, "alonenoteqx"), changes.put(case, STATUS, "closed/no-action")]
        casework.act(tx, known, "police", said, line.now)
        retention.schedule_destruction(tx, known, [case], line.now)
    later = line.now + keeping.UNDO_DAYS * DAY
    assert retention.destroy(chris, known, later - DAY) == 0
    assert retention.destroy(chris, known, later) == 1
    after = decrypted.everything(chris)
    assert b"alonewordsqx" not in after
    assert b"alonenoteqx" not in after


@pytest.fixture
async def browser(line: Line) -> AsyncIterator[Browser]:
    async with opened(line) as one:
        await one.sign_in()
        yield one


async def test_on_the_page(browser: Browser, line: Line) -> None:
    vault = browser.console.vault
    await line.ready(vault)
    await line.send("Old and closed.")
    await line.sync(vault)
    case = case_of(vault, "Old")
    with vault.write() as tx:
        messages.mark_read(tx, case)
    refused = await browser.post("/retention/schedule", case=case, sure="yes")
    assert "Only closed cases" in refused.text
    act(vault, line, changes.put(case, STATUS, "closed/no-action"))
    wrong = await browser.post("/retention/rule", desk="support", months="0")
    assert "whole months" in wrong.text
    await browser.post("/retention/rule", desk="support", months="2")
    line.now += 70 * DAY
    page = (await browser.get("/retention")).text
    assert "Proposed by the team's rule (1)" in page.replace("&#39;", "'")
    asked = await browser.post("/retention/schedule", case=case)
    day = keeping.destruction_day(line.now)
    assert f"1 case on {day}?" in " ".join(asked.text.split())
    assert "Scheduled for destruction (0)" in (await browser.get("/retention")).text
    await browser.post("/retention/schedule", case=case, sure="yes")
    page = (await browser.get("/retention")).text
    said = wording.date(dt.date.fromisoformat(day))
    assert f"to be destroyed on {said}, by ana" in page
    shown = (await browser.get(f"/cases/{case}")).text
    assert "scheduled the case for destruction" in shown
    await browser.post("/retention/keep", case=case)
    assert "Scheduled for destruction (0)" in (await browser.get("/retention")).text
    await browser.post("/retention/hold", case=case, reason="A court <asks>")
    page = (await browser.get("/retention")).text
    assert "legal hold: A court &lt;asks&gt;" in page
    shown = (await browser.get(f"/cases/{case}")).text
    assert "Release the hold (the case can be destroyed again)" in shown
    await browser.post("/retention/hold", case=case, release="yes")
    shown = (await browser.get(f"/cases/{case}")).text
    assert "released the legal hold" in shown
    await browser.post("/retention/schedule", case=case, sure="yes")
    line.now += keeping.UNDO_DAYS * DAY
    assert retention.destroy(vault, trusted_line.load(vault), line.now) == 0, "not shared yet"
    await line.turn()
    await line.sync(vault)
    await line.sync(vault)
    page = (await browser.get("/retention")).text
    assert "Destroyed here (1)" in page
    assert (await browser.get(f"/cases/{case}")).status_code == 404


def test_every_table_that_knows_cases_is_forgotten() -> None:
    """A new table with a case's id joins PARTS or a feature's ``of_cases``, or is named here."""
    kept = {
        "case_states",  # stripped to the day and who set it
        "audit_events",  # emptied, and begun anew with that it was destroyed
        "cases",  # by its id
        "cooperation_letters",  # the reporter may prove one years after the case is destroyed
    }
    for tables in (one.tables for one in FEATURES if one.tables is not None):
        of_feature = tables.metadata.tables.items()
        naming = {name for name, one in of_feature if "case_id" in one.c}
        assert naming - kept == {one.name for one in tables.of_cases}
    knowing = {
        name for tables in TABLES for name, one in tables.tables.items() if "case_id" in one.c
    }
    forgotten = {"messages", "files", "drafts", "note_drafts", "private_notes", "findable"}
    forgotten |= {"pending_transfers"}
    forgotten |= {"case_labels", "case_referrals", "audit_events", "file_words", "previews"}
    forgotten |= {"translated_texts"}  # features/translation/test_translation.py
    forgotten |= {"link_dismissed"}
    assert knowing - kept <= forgotten
    assert machine_log.BACKED_UP  # the machine's own record names no case
