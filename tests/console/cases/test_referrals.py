"""Referrals: offered, accepted with consent, declined, done; in the history and at colleagues'."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import text

from app.console.rules import referrals
from app.console.rules.changes import VALUE_MAX
from app.console.vault import Vault
from app.console.vault.records import cases
from tests.console.browser import opened
from tests.console.cases.cases_at_hand import some_cases, vault_of
from tests.console.running_desk import both_have_a_case, do, pass_on
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio


async def test_a_referral_goes_its_way_and_nobody_is_referred_who_has_not_agreed(
    line: Line,
) -> None:
    case, _ = await some_cases(line, answers={"needs": "shelter"})
    async with opened(line) as browser:
        await browser.sign_in()
        path = f"/cases/{case}"
        page = (await browser.get(path)).text
        assert "The reporter asked for: A safe place" in page
        await browser.post(
            f"{path}/referrals", to="shelter", state="offered", note="Bed from Friday",
            **{"with": "Casa <i>Sol</i>"},
        )  # fmt: skip
        page = (await browser.get(path)).text
        assert "Casa &lt;i&gt;Sol&lt;/i&gt;" in page
        (referral,) = re.findall(r'name="referral" value="(\w+)"', page)
        refused = await browser.post(f"{path}/referrals", referral=referral, state="accepted")
        assert (refused.status_code, "nobody is referred" in refused.text) == (400, True)
        for wrong in ({"referral": "0" * 12}, {"to": "trafficker"}, {"state": "sold"}):
            given = {"referral": referral, "state": "declined"} | wrong
            if "to" in wrong:
                del given["referral"]
            assert (await browser.post(f"{path}/referrals", **given)).status_code == 400
        tomorrow = dt.datetime.fromtimestamp(line.now + 2 * DAY, dt.UTC).date().isoformat()
        late = await browser.post(
            f"{path}/referrals", referral=referral, state="declined", on=tomorrow
        )
        assert late.status_code == 400
        await browser.post(
            f"{path}/referrals", referral=referral, state="accepted", consent="“Yes, please.”"
        )
        await browser.post(f"{path}/referrals", referral=referral, state="done", note="Arrived")
        page = (await browser.get(path)).text
        assert "Agreed: <bdi>“Yes, please.”</bdi>" in page, "consent goes along"
        assert "Arrived" in page
        history = page.partition('class="history"')[2]
        assert "began a referral to: Shelter" in history
        assert (
            "noted a referral as “Done”: Arrived (how the reporter agreed: “Yes, please.”)"
            in history
        )
        with vault_of(browser).read() as tx:
            counted = tx.execute(text("SELECT kind, state FROM case_referrals")).all()
        assert [tuple(row) for row in counted] == [("shelter", "done")]


async def test_colleagues_see_a_referral_and_two_at_once_lose_none(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    today = dt.date(2026, 11, 24)
    first, second = "a" * 12, "b" * 12
    do(ana, line.now, referrals.offer(case, first, "lawyer", "Ms Ortiz"))
    await pass_on(line, ana, ben)
    do(ana, line.now, referrals.step(case, first, "accepted", today, "", "On the phone."))
    do(ben, line.now, referrals.offer(case, second, "doctor", ""))
    do(ben, line.now + 60, referrals.step(case, first, "declined", today, "Too far.", ""))
    await pass_on(line, ana, ben)
    seen = []
    for vault in (ana, ben):
        with vault.read() as tx:
            seen.append(referrals.of_case(cases.state(tx, case, "support")))
    assert seen[0] == seen[1]
    assert [(one.kind, one.state, one.consent) for one in seen[0]] == [
        ("lawyer", "declined", ""),
        ("doctor", "offered", ""),
    ]


async def test_whoever_declined_is_asked_again_before_they_are_referred(line: Line) -> None:
    case, _ = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        path = f"/cases/{case}/referrals"
        await browser.post(path, to="lawyer", state="accepted", consent="Yes.")
        page = (await browser.get(f"/cases/{case}")).text
        (referral,) = re.findall(r'name="referral" value="(\w+)"', page)
        assert "Agreed: <bdi>Yes.</bdi>" in page
        await browser.post(path, referral=referral, state="declined", note="Changed her mind")
        assert "Agreed:" not in (await browser.get(f"/cases/{case}")).text
        refused = await browser.post(path, referral=referral, state="done")
        assert (refused.status_code, "nobody is referred" in refused.text) == (400, True)
        again = await browser.post(path, referral=referral, state="done", consent="Yes, now.")
        assert again.status_code == 303


def test_the_longest_texts_fit_into_one_value_whole() -> None:
    full = '"' * 500
    case, day = "a" * 64, dt.date(2026, 11, 24)
    for change in (
        referrals.offer(case, "a" * 12, "labour-inspectorate", full),
        referrals.step(case, "a" * 12, "accepted", day, full, full),
    ):
        assert len(change["value"]) < VALUE_MAX, "nothing was cut"
    with pytest.raises(ValueError, match="no consent"):
        referrals.step(case, "a" * 12, "done", day, "", " \n ")
