"""What a colleague says of a case, before its report has come or after: everybody reads on.

A case's id is known to whoever makes the reporter's keys, so what is said of it can come first.
"""

from __future__ import annotations

import json
import os

import pytest

from app.console.rules import changes, referrals
from app.console.sync.outcome import SyncReport
from app.console.vault import Transaction, Vault
from app.console.vault.records import cases, messages
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.console.browser import opened
from tests.console.desk.lying import deliver, lie
from tests.console.running_desk import begin, both_have_a_case
from tests.console.running_line import Line, read

pytestmark = pytest.mark.anyio

NAME = f"{referrals.PREFIX}{'0' * 12}"
NO_TEXTS = [
    {NAME: '{"to":[]}'},
    {NAME: '{"to":{"police":1}}'},
    {NAME: '{"to":"police","with":["a"]}', f"{NAME}-state": '{"state":[],"note":{}}'},
]


def told(report: SyncReport) -> list[str]:
    return [one.text for one in report.notices]


@pytest.mark.parametrize("said", NO_TEXTS)
async def test_what_is_said_of_a_case_before_its_report_comes_keeps_no_report_out(
    line: Line, ana: Vault, ben: Vault, said: dict[str, str]
) -> None:
    await begin(line, ana, ben)
    made_up = ReporterIdentity(new_entropy(os.urandom))
    case = messages.case_id(made_up.public)
    wanted = [changes.put(case, name, value) for name, value in said.items()]
    lie(ben, line, (line.now, 0), *wanted)
    await deliver(line, ben, ana)
    await line.send("Made up.", reporter=made_up)
    await line.send("They keep our passports.")
    report = await line.sync(ana)
    assert report.full, told(report)
    assert {one.body.text for one in read(ana)} == {"Made up.", "They keep our passports."}


@pytest.mark.parametrize("text", ["\ud800", "\x00", "a\u202eb", "x" * 400])
async def test_a_referral_that_no_page_could_show_hides_no_case(
    line: Line, ana: Vault, ben: Vault, text: str
) -> None:
    case = await both_have_a_case(line, ana, ben)
    partner = json.dumps({"to": "police", "with": text})[:500]
    became = json.dumps({"state": "done", "on": "2026-01-01", "note": text, "consent": text})
    wanted = [changes.put(case, NAME, partner), changes.put(case, f"{NAME}-state", became)]
    lie(ben, line, (line.now, 0), *(one for one in wanted if changes.sensible(one)))
    await deliver(line, ben, ana)
    ana.close()
    async with opened(line) as browser:
        await browser.sign_in()
        for path in ("/list", f"/cases/{case}", *browser.places()):
            answer = await browser.get(path)
            assert answer.status_code == 200, path
        assert "They keep our passports." in (await browser.get(f"/cases/{case}")).text


async def test_a_case_whose_lists_trip_costs_the_other_letters_nothing(
    line: Line, ana: Vault, ben: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(line, ana, ben)
    tripping = ReporterIdentity(new_entropy(os.urandom))
    case = messages.case_id(tripping.public)
    lie(ben, line, (line.now, 0), changes.put(case, "status", "waiting"))
    await deliver(line, ben, ana)
    await line.send("Trips.", reporter=tripping)
    await line.send("They keep our passports.")
    refresh = cases.refresh

    def trip(tx: Transaction, of: str) -> None:
        if of == case:
            raise ZeroDivisionError
        refresh(tx, of)

    with monkeypatch.context() as patched:
        patched.setattr(cases, "refresh", trip)
        report = await line.sync(ana)
    assert [one.body.text for one in read(ana)] == ["They keep our passports."]
    assert report.unopenable == 1
    await line.turn()
    await line.sync(ana)
    assert {one.body.text for one in read(ana)} == {"Trips.", "They keep our passports."}
