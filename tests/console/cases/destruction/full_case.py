"""A case with something of all that a case can have, at a desk that destroys it."""

from __future__ import annotations

import os

from sqlalchemy import insert

from app.client.parcel import Upload
from app.console.cases import casework, retention
from app.console.line import trusted_line
from app.console.rules import changes
from app.console.rules.changes import LABELS, STATUS
from app.console.rules.safety_plan import SIGNAL
from app.console.search import query
from app.console.sync import deliver
from app.console.vault import Vault
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.database.search_tables import file_words
from app.console.vault.records import drafts, messages, notes
from app.console.vault.records.drafts import Draft
from app.console.vault.search import finding
from app.protocol.identities import ReporterIdentity
from tests.console.running_line import DAY, Line

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
