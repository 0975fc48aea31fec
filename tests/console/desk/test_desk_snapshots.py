"""A snapshot for a new member, made by a colleague who lies."""

from __future__ import annotations

import json
import resource
import zlib
from typing import Any

import pytest

from app.console.cases.case_model import Case
from app.console.line import trusted_line
from app.console.pages.case.desk import notes
from app.console.rules import changes
from app.console.rules.changes import LABELS, STATUS
from app.console.vault import Vault
from app.console.vault.records import cases, messages
from app.protocol.encoding import b64u
from tests.console.desk.lying import alarms_of, deliver, newcomer, say
from tests.console.running_desk import both_have_a_case, do, listed, vk
from tests.console.running_line import Line, read

pytestmark = pytest.mark.anyio

EMPTY: dict[str, Any] = {
    "fields": {},
    "sets": {},
    "dropped": [],
    "notes": {},
    "edits": {},
    "seen": {},
    "hands": {},
}


def snapshot(state: dict[str, Any], vault: Vault, case: str, desk: dict[str, Any]) -> Any:
    with vault.read() as tx:
        reporter = messages.reporter(tx, case)
        raw = [b64u(one.raw) for one in messages.messages_of(tx, case)]
    keys = [b64u(key) for key in (reporter.fetch, reporter.dh, reporter.mlkem, reporter.xwing)]
    one = {"case": case, "keys": keys, "messages": raw, "state": state}
    return {"cases": [one], "desk": desk}


def parts(vault: Vault, line: Line, to: Vault, packed: bytes) -> None:
    size = 10_800
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    id_ = "ab" * 16
    for place, piece in enumerate(pieces):
        say(vault, line, to, part=[id_, place, len(pieces), b64u(piece)])


async def test_a_snapshot_neither_rules_a_new_member_nor_speaks_for_somebody_else(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    await newcomer(line, ana, ben)
    with line.vault("dora") as dora:
        do(ana, line.now, changes.note(case, "She is 16."))
        await deliver(line, ana, dora)
        (note,) = (f"{vk(ana)}.1.0",)
        far = [2**52, 2**52]
        said = EMPTY | {
            "fields": {"status": [[*far, vk(ana), 9, 0], "closed/spam"]},
            "sets": {"labels": {"house": [f"{vk(ana)}.2.0"]}},
            "dropped": [f"{vk(ana)}.{seq}.0" for seq in range(2, 99)],
            "notes": {
                note: [[line.now, 0, vk(ana), 1, 0], "She is 26."],
                f"{vk(ana)}.0.7": [[line.now, 0, vk(ana), 0, 7], "Made up."],
                f"{vk(ana)}.1.7": [[line.now - 9, 0, vk(ana), 1, 7], "Passed on."],
            },
            "edits": {note: [[line.now + 9, 0, vk(ana), 1, 0], "She is 36."]},
            "hands": {"x": [[*far, vk(ana), 1, 0], "support", "police", ""]},
        }
        desk = {"languages": {}, "rules": {"keep-months": [[*far, vk(ben), 1, 0], "1"]}}
        content = snapshot(said, ben, case, desk)
        parts(ben, line, dora, zlib.compress(json.dumps(content).encode(), 9))
        (report,) = await deliver(line, ben, dora)
        assert "ben's console" in alarms_of(report)
        assert [one.case for one in read(dora)] == [case], "what may be believed came"
        with dora.read() as tx:
            state = cases.state(tx, case, "support")
            layers = cases.layers(tx, case, "support")
        shown = {one.now: layers.passed_on(tag) for tag, one in state.written()}
        assert shown == {"She is 16.": False, "Passed on.": True}
        assert layers.by == {vk(ben)}
        view = Case.load(dora, trusted_line.load(dora), listed(dora), line.now, unsure=False)
        by = {one.text: one.passed_on_by for one in notes(view)["team"]}
        assert by == {"She is 16.": "", "Passed on.": "ben"}
        do(ana, line.now + 1, changes.put(case, STATUS, "in-progress"))
        do(ana, line.now + 1, changes.add(case, LABELS, "van"))
        await deliver(line, ana, dora)
        assert (listed(dora).status, listed(dora).labels) == ("in-progress", ("van",))


def bomb() -> bytes:
    """Return a quarter of a megabyte that is 256 MB of empty lists: 7 GB of memory once read."""
    made = zlib.compressobj(9)
    head = b'{"cases":[' + b"[]," * 1_000_000
    packed = made.compress(head)
    for _ in range(88):
        packed += made.compress(b"[]," * 1_000_000)
    return packed + made.compress(b"[]]}") + made.flush()


async def test_a_snapshot_that_unpacks_to_gigabytes_is_refused(
    line: Line, ana: Vault, ben: Vault
) -> None:
    await both_have_a_case(line, ana, ben)
    await newcomer(line, ana, ben)
    packed = bomb()
    assert len(packed) < 300_000
    with line.vault("dora") as dora:
        parts(ben, line, dora, packed)
        for _ in range(3):
            await line.sync(ben, team_hours=1_000)
        await line.turn()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        report = await line.sync(dora, team_hours=1_000)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 300_000, "kilobytes"
        assert "ben's console" in alarms_of(report)
