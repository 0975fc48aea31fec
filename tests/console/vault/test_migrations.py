"""A vault of every earlier version, with something in each of its tables, opened with today's code.

What its owner saw before is there afterwards. A version is the first so many steps; rows are
written as SQL, with the columns that tables had then.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.console.rules.body import read_body
from app.console.rules.log import Head
from app.console.search import query
from app.console.vault import (
    Kdf,
    Transaction,
    Vault,
    audit_log,
    bundle_keys,
    case_lists,
    cases,
    drafts,
    fetched_ids,
    files,
    finding,
    messages,
    notes,
    owner,
    steps,
    team,
)
from app.console.vault import vault as vault_module
from app.console.vault.audit_log import AuditEvent
from app.console.vault.case_lists import Wanted
from app.console.vault.files import FileState
from app.console.vault.team import VaultLog
from app.protocol.encoding import json_bytes
from app.protocol.identities import BundleKeys, InvestigatorIdentity
from tests.console.running_line import NOW
from tests.console.vault.test_vault import GOOD, LINE

CASES, CHAINED = 4, 6
"""From which version on there is what a desk says of a case, and the chain over what was done."""

CASE, ANSWERED = "ab" * 32, "cd" * 32
FIRST, SECOND = "01" * 16, "02" * 16
TEXT = "They keep our passports at the farm in Wisbech."
ANSWER = "Thank you. Is it safe to write to you?"


def report(mid: str, said: str, **more: Any) -> bytes:
    return json_bytes({"kind": "report", "v": 1, "mid": mid, "text": said, "lang": "en"} | more)


def insert(tx: Transaction, table: str, row: dict[str, Any]) -> None:
    """Write a row with as many of its columns as the table has; nothing if there is none."""
    known = {one.name for one in tx.execute(text(f"PRAGMA table_info({table})"))}
    named = {name: value for name, value in row.items() if name in known}
    if named:
        places = ", ".join(f":{name}" for name in named)
        tx.execute(text(f"INSERT INTO {table} ({', '.join(named)}) VALUES ({places})"), named)


def fill(tx: Transaction, version: int) -> None:
    """Something in each table that a console of this version wrote to."""
    owner.store_owner(tx, InvestigatorIdentity.generate(os.urandom), "Ana", LINE)
    insert(tx, "directory", {"id": 1, "version": 7, "file": b"signed", "seen_at": NOW})
    key = BundleKeys.generate(os.urandom).secret().reveal()
    insert(tx, "bundle_keys", {"id": 1, "not_before": NOW, "not_after": NOW + 3600}
           | {"secret": key, "uploaded": 1, "superseded_at": None})  # fmt: skip
    for case, direction, answers in (
        (CASE, "in", '{"danger_now": "yes"}'),
        (ANSWERED, "out", "{}"),
    ):
        keys = dict.fromkeys(("dh", "mlkem", "fetch", "xwing"), b"k" * 32)
        insert(tx, "conversations", keys
               | {"id": case, "first_at": NOW, "last_at": NOW, "last_direction": direction}
               | {"snippet": "They keep", "lang": "en", "desks": '["support"]'}
               | {"answers": answers, "unread": 1, "files": 1})  # fmt: skip
    body = report(FIRST, TEXT, desks=["support"], answers={"danger_now": "yes"})
    common = {"at": NOW, "sent_at": None, "problem": None}
    insert(tx, "messages", {"id": 1, "conversation": CASE, "direction": "in", "kind": "report"}
           | {"mid": FIRST, "body": body, "state": "unread"} | common)  # fmt: skip
    answer = json_bytes({"kind": "reply", "v": 1, "mid": SECOND, "text": ANSWER, "lang": "en"})
    insert(tx, "messages", {"id": 2, "conversation": ANSWERED, "direction": "out", "kind": "reply"}
           | {"mid": SECOND, "body": answer, "state": "waiting"} | common)  # fmt: skip
    insert(tx, "files", {"id": 1, "conversation": CASE, "message": 1, "position": 0}
           | {"key": b"f" * 32, "chunks": 1, "name": "photo.jpg", "type": "image/jpeg", "size": 9}
           | {"metadata": "clean", "tree": "aa" * 32, "folder": "f00d", "state": "here"}
           | {"have": 1, "sha256": "bb" * 32, "problem": None})  # fmt: skip
    for id_, outcome in ((b"s" * 16, "message"), (b"u" * 16, "unopenable")):
        insert(tx, "seen", {"id": id_, "outcome": outcome, "at": NOW, "delete_at": None}
               | {"deleted_at": None})  # fmt: skip
    insert(tx, "drafts", {"conversation": ANSWERED, "text": "half", "desk": "support"}
           | {"lang": "en", "at": NOW})  # fmt: skip
    insert(tx, "facts", {"name": "saved", "value": '["kept"]'})
    insert(tx, "private_notes", {"id": 1, "conversation": CASE, "text": "Mine alone.", "at": NOW})
    state: dict[str, Any] = {"fields": {"status": [[NOW, 0, "A", 1, 0], "in-progress"]}, "sets": {}}
    state |= {"dropped": [], "notes": {}, "edits": {}, "seen": {}, "hands": {}}
    insert(tx, "case_states", {"conversation": CASE, "desk": "support", "state": json.dumps(state)})
    row = {"desk": "support", "author": b"a" * 32, "seq": 3, "hash": b"h" * 32}
    insert(tx, "team_heads", row)
    insert(tx, "operations", row | {"id": 1, "raw": b"{}", "signature": b"s" * 64}
           | {"standing": "accepted", "packed": 1, "at": NOW})  # fmt: skip
    insert(tx, "desk_outbox", {"id": 1, "desk": "support", "recipient": None, "body": b"{}"}
           | {"at": NOW})  # fmt: skip
    for at, what in ((NOW, "message"), (NOW + 1, "opened")):
        if version >= CHAINED:
            audit_log.record(tx, AuditEvent(CASE, at, "here", what, {"of": what}))
        else:
            insert(tx, "happenings", {"conversation": CASE, "at": at, "actor": "here"}
                   | {"what": what, "detail": json.dumps({"of": what})})  # fmt: skip


def what_a_desk_said_is_there(vault: Vault) -> None:
    with vault.write() as tx:
        cases.settle(tx, CASE, ["support"])
    with vault.read() as tx:
        listed = cases.find(tx, CASE)
        assert listed is not None
        assert listed.status == "in-progress"
        assert [one.text for one in notes.of_case(tx, CASE)] == ["Mine alone."]
        assert [one.what for one in audit_log.of_case(tx, CASE)] == ["opened", "message"]
        custody = audit_log.custody(tx, CASE)
        assert (custody.count, custody.broken) == (2, None)
        journal = VaultLog(tx, bytes(32), NOW)
        assert journal.head("support", b"a" * 32) == Head(3, b"h" * 32)
        assert len(team.waiting(tx, 10)) == 1


@pytest.fixture(params=range(1, len(steps.MIGRATIONS) + 1))
def version(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def old(version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a vault that a console of this version wrote."""
    with monkeypatch.context() as then:
        then.setattr(vault_module, "MIGRATIONS", steps.MIGRATIONS[:version])
        with Vault.create(tmp_path / "vault", GOOD, Kdf.SYNTHETIC, os.urandom) as vault:
            with vault.write() as tx:
                fill(tx, version)
            chunk = vault.files / "f00d" / "0"
            chunk.parent.mkdir()
            chunk.write_bytes(b"ciphertext")
    return tmp_path / "vault"


def test_everything_that_was_there_is_there(old: Path, version: int) -> None:
    with Vault.open(old, GOOD) as vault:
        finding.read_on(vault)
        with vault.read() as tx:
            assert tx.execute(text("PRAGMA user_version")).scalar_one() == len(steps.MIGRATIONS)
            assert tx.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
            assert tx.execute(text("PRAGMA foreign_key_check")).all() == []
            who = owner.load_owner(tx)
            assert (who.label, owner.directory_file(tx)) == ("Ana", b"signed")
            (key,) = bundle_keys.all_held(tx)
            assert len(key.keys.secret()) > 0
            listed = {one.id: one for one in case_lists.inbox(tx, Wanted())}
            assert set(listed) == {CASE, ANSWERED}
            assert (listed[CASE].snippet, listed[CASE].desks) == ("They keep", ("support",))
            assert listed[CASE].unread == 1
            (message,) = messages.messages_of(tx, CASE)
            assert message.body == read_body(message.raw)
            assert (message.body.text, message.body.desks) == (TEXT, ("support",))
            assert [one.body.text for one in messages.waiting(tx)] == [ANSWER]
            draft = drafts.find(tx, ANSWERED)
            assert draft is not None
            assert draft.text == "half"
            (file,) = files.of_case(tx, CASE)
            assert (file.name, file.state, file.failures) == ("photo.jpg", FileState.HERE, 0)
            assert fetched_ids.known(tx, [b"s" * 16], NOW) == {b"s" * 16}
            assert owner.fact(tx, "saved") == ["kept"]
            found = finding.find(tx, query.expression("passports") or "", 10)
            assert [one.case for one in found] == [CASE]
            if version < CASES:
                due = [(one.id, one.due_at) for one in case_lists.inbox(tx, Wanted())]
                # Seven days to acknowledge; what was answered has 89 from then.
                assert due == [(CASE, NOW + 604_800), (ANSWERED, NOW + 89 * 86_400)], "danger first"
        if version >= CASES:
            what_a_desk_said_is_there(vault)
        assert (vault.files / "f00d" / "0").read_bytes() == b"ciphertext"


@pytest.mark.parametrize("version", range(1, len(steps.MIGRATIONS)))
def test_a_step_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Transaction) -> None:
        raise MemoryError

    broken = (*steps.MIGRATIONS[:-1], fails)
    with monkeypatch.context() as now:
        now.setattr(vault_module, "MIGRATIONS", broken)
        with pytest.raises(MemoryError):
            Vault.open(old, GOOD)
    with Vault.open(old, GOOD) as vault, vault.read() as tx:
        assert [one.id for one in messages.inbox(tx)] == sorted([CASE, ANSWERED])


FROZEN = {
    "_FIRST": "62a2c4ddccffb548",
    "_TRIED_AGAIN": "29bd2cc6a75d6ef8",
    "_RETRIES": "5c977973591d4921",
    "_CASES": "7626a96b03eba030",
    "_FINDABLE": "7541658d431e5eb9",
    "_CHAINED": "d3efb54b2c3b7eab",
    "_CHAIN_INDEX": "efb3a098857c21d8",
    "_MACHINE": "b6218853763d72f7",
    "_DEADLINES": "4debfdcc5a49b344",
    "_COUNTED": "1ef019fde2111f1f",
}


@pytest.mark.parametrize("name", FROZEN)
def test_no_step_was_changed(name: str) -> None:
    """A vault that took a step before and one that takes it today must be alike."""
    assert hashlib.sha256(getattr(steps, name).encode()).hexdigest()[:16] == FROZEN[name]
