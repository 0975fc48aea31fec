"""A case that a desk scheduled is gone from every vault of the desk, for its owner too."""

from __future__ import annotations

import pytest

from app.console.cases import casework, retention
from app.console.features.all_features import FEATURES
from app.console.line import trusted_line
from app.console.rules import changes, keeping
from app.console.rules.changes import LABELS, STATUS
from app.console.vault import Vault, forgetting
from app.console.vault.attachments import files
from app.console.vault.custody import audit_log
from app.console.vault.database.schema_version import TABLES
from app.console.vault.installation import machine_log
from app.console.vault.records import cases, messages
from app.protocol.encoding import b64u
from tests.console import decrypted
from tests.console.cases.destruction.full_case import (
    WORDS,
    act,
    case_of,
    found,
    full_case,
    here,
    later,
    schedule_destruction,
    share,
)
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio


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


def test_every_table_that_knows_cases_is_forgotten() -> None:
    """A new table with a case's id joins PARTS or a feature's ``of_cases``, or is named here."""
    kept = {
        "case_states",  # stripped to the day and who set it
        "audit_events",  # emptied, and begun anew with that it was destroyed
        "cases",  # by its id
        "destroyed_into",  # the case that it was merged into, for what was merged into it
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
    forgotten |= {"merged_cases", "danger_marks"}  # cases/test_merged_cases.py
    assert knowing - kept <= forgotten
    assert machine_log.BACKED_UP  # the machine's own record names no case
