"""What an investigator does to cases on the pages: one, many, back again; and what is refused."""

from __future__ import annotations

import os
import re

import pytest

from app.console.desk import outgoing
from app.console.line import trusted_line
from app.console.rules.body import read_body
from app.console.sync import receive
from app.console.vault.custody import audit_log
from app.console.vault.installation import settings
from app.console.vault.records import cases, messages, notes
from app.console.web import case_views
from app.protocol import bodies
from app.protocol.identities import ReporterIdentity
from app.protocol.secrets import Secret
from tests.console.browser import HOME, opened
from tests.console.cases.cases_at_hand import listed, some_cases, vault_of
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio


async def test_a_case_is_taken_labelled_closed_and_all_of_it_taken_back(line: Line) -> None:
    case, _ = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
        (own,) = re.findall(r'<option value="([^"]+)"[^>]*data-own', page)
        path = f"/cases/{case}/triage"
        await browser.post(path, owner=own, **{"was-owner": ""})
        await browser.post(path, label="  the   hotel ")
        await browser.post(path, priority="urgent", **{"was-priority": ""})
        await browser.post(path, status="closed/referred", **{"was-status": "new"})
        one = listed(browser, case)
        assert (one.owner, one.labels, one.priority) == (own, ("the hotel",), "urgent")
        assert (one.status, one.disposition) == ("closed", "referred")
        assert "Closed: Referred." in (await browser.get("/")).text
        for _ in range(4):
            await browser.post("/undo")
        one = listed(browser, case)
        assert (one.owner, one.labels, one.priority, one.status) == ("", (), "", "new")
        with vault_of(browser).read() as tx:
            done = [each.what for each in audit_log.of_case(tx, case)]
        assert done.count("set") == 6, "taking back is said like any change"


async def test_what_a_colleague_changed_meanwhile_is_left_alone(line: Line) -> None:
    case, _ = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        path = f"/cases/{case}/triage"
        await browser.post(path, priority="life-safety", **{"was-priority": ""})
        # A page opened before still says that there is no priority, and sets the status alone.
        old = {"priority": "", "was-priority": "", "was-status": "new"}
        await browser.post(path, status="in-progress", **old)
        one = listed(browser, case)
        assert (one.priority, one.status) == ("life-safety", "in-progress")


async def test_nobody_writes_over_what_they_have_not_seen(line: Line) -> None:
    case, _ = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        path = f"/cases/{case}/triage"
        await browser.post(path, priority="life-safety", **{"was-priority": ""})
        late = await browser.post(path, priority="routine", **{"was-priority": ""})
        assert late.status_code == 400
        assert "since this page was shown: Immediate danger. Nothing was done." in late.text
        assert f'href="/cases/{case}"' in late.text
        assert listed(browser, case).priority == "life-safety"
        await browser.post(path, priority="life-safety", **{"was-priority": ""})
        await browser.post(path, priority="urgent", **{"was-priority": "life-safety"})
        assert listed(browser, case).priority == "urgent"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "gone"),
        ("status", "closed"),
        ("status", "closed/nothing"),
        ("priority", "very"),
        ("owner", "somebody"),
        ("due", "2026-02-30"),
    ],
)
async def test_nonsense_is_refused_in_a_sentence(line: Line, name: str, value: str) -> None:
    case, _ = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        answer = await browser.post(f"/cases/{case}/triage", **{name: value, f"was-{name}": "x"})
        assert answer.status_code == 400
        assert "Nothing was done." in answer.text
        assert listed(browser, case).status == "new"


async def test_undo_leaves_what_was_changed_since(line: Line) -> None:
    case, _ = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        path = f"/cases/{case}/triage"
        await browser.post(path, status="in-progress", **{"was-status": "new"})
        step = browser.console.undo.last()
        await browser.post(path, status="waiting", **{"was-status": "in-progress"})
        await browser.post("/undo", step=str(step))
        assert listed(browser, case).status == "waiting"


async def test_many_are_closed_only_after_their_number_was_said(line: Line) -> None:
    chosen = await some_cases(line, 3)
    async with opened(line) as browser:
        await browser.sign_in()
        form = {"csrf": browser.csrf, "case": chosen[:2], "status": "closed/spam", "back": "/"}
        headers = {"origin": HOME}
        asked = await browser.shown(await browser.http.post("/cases", data=form, headers=headers))
        assert "2 cases: Closed: Spam?" in asked.text
        assert listed(browser, chosen[0]).status == "new"
        await browser.http.post("/cases", data=form | {"sure": "yes"}, headers=headers)
        assert [listed(browser, one).status for one in chosen] == ["closed", "closed", "new"]
        offer = await browser.get("/")
        assert "2 cases: Closed: Spam." in offer.text
        step = re.search(r'name="step" value="(\d+)"', offer.text)
        assert step is not None
        for one in chosen:
            await browser.get(f"/cases/{one}")  # read, so that they are put away
        assert len(re.findall("data-case=", (await browser.get("/")).text)) == 1
        await browser.post("/undo", step=step[1])
        assert listed(browser, chosen[0]).status == "new"
        away = await browser.http.post(
            "/cases", data=form | {"status": "new", "back": "//evil.test"}, headers=headers
        )
        assert browser.within(away).headers["location"] == "/"


async def test_what_is_unread_is_never_put_away(line: Line) -> None:
    case, _ = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.post(f"/cases/{case}/triage", status="closed/spam", **{"was-status": "new"})
        assert case in (await browser.get("/")).text, "nobody has read it"
        await browser.get(f"/cases/{case}")
        assert case not in re.findall(r'data-case="(\w+)"', (await browser.get("/")).text)


async def test_notes_for_the_team_and_for_oneself(line: Line) -> None:
    case, _ = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        path = f"/cases/{case}/notes"
        await browser.post(path, text="<b>For all</b>\r\nof us")
        await browser.post(path, text="For me", private="yes")
        page = (await browser.get(f"/cases/{case}")).text
        assert "&lt;b&gt;For all&lt;/b&gt;\nof us" in page
        assert "For me" in page
        with vault_of(browser).read() as tx:
            state = cases.state(tx, case, "support")
            ((tag, note),) = state.written()
            ((kept),) = notes.of_case(tx, case)
        assert "For me" not in str(state.to_json()), "it stays in this vault"
        await browser.post(path, text="Only for us", edit=tag)
        await browser.post(path, remove=str(kept.id))
        page = (await browser.get(f"/cases/{case}")).text
        assert "Only for us" in page
        assert "edited" in page
        assert "For me" not in page
        assert note.now == "<b>For all</b>\nof us"
        await browser.post(path, edit=tag, withdraw="yes")
        assert "Withdrawn" in (await browser.get(f"/cases/{case}")).text
        assert (await browser.post(path, text=" ")).status_code == 400


async def test_a_note_is_kept_whole_and_once(line: Line) -> None:
    case, _ = await some_cases(line)
    path = f"/cases/{case}/notes"
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
        (name,) = re.findall(r'name="page" value="(\w+)" form="note-new"', page)
        for _ in range(2):
            await browser.post(path, text="Called the shelter.", page=name)
        shown = (await browser.get(f"/cases/{case}")).text
        (tag,) = re.findall(r'name="edit" value="([^"]+)"', shown)
        await browser.post(path, edit=tag, text="ግ" * 4_000 + " the end")
        with vault_of(browser).read() as tx:
            written = [one.now for _, one in cases.state(tx, case, "support").written()]
        assert "".join(written).count("ግ") == 4_000
        assert written[-1].endswith("the end")


async def test_a_duplicate_is_merged_found_under_its_main_case_and_taken_apart(
    line: Line,
) -> None:
    case, main = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        for one in (case, main):
            await browser.get(f"/cases/{one}")
        name = case_views.case_name(main)
        merged = await browser.post(f"/cases/{case}/merge", into=f" {name.upper()} ")
        assert merged.headers["location"].endswith(main)
        assert listed(browser, case).merged == main
        assert listed(browser, case).disposition == "duplicate"
        assert case_views.case_name(case) in (await browser.get(f"/cases/{main}")).text
        assert case not in re.findall(r'data-case="(\w+)"', (await browser.get("/")).text)
        other_way = await browser.post(f"/cases/{main}/merge", into=case_views.case_name(case))
        assert other_way.status_code == 400
        assert "itself a duplicate" in other_way.text
        nobody = await browser.post(f"/cases/{main}/merge", into="no-such")
        nobody = await browser.get(nobody.headers["location"])
        assert "Nothing was merged" in nobody.text
        assert listed(browser, main).merged == ""
        await browser.post(f"/cases/{case}/merge")
        assert (listed(browser, case).merged, listed(browser, case).status) == ("", "new")


async def test_danger_does_not_go_away_with_a_duplicate(line: Line) -> None:
    (plain,) = await some_cases(line, 1)
    (danger,) = await some_cases(line, 1, "Now", answers={"danger_now": "yes"})
    async with opened(line) as browser:
        await browser.sign_in()
        for one in (danger, plain):
            await browser.get(f"/cases/{one}")
        await browser.post(f"/cases/{danger}/merge", into=case_views.case_name(plain))
        assert listed(browser, plain).rank == 5, "as one whose own reporter is in danger, untaken"
        shown = (await browser.get("/")).text
        assert re.findall(r'data-case="(\w+)"', shown) == [plain]
        assert "tag-danger" in shown
        page = (await browser.get(f"/cases/{plain}")).text
        assert "In danger now, says a case merged into this one" in page
        assert f'href="/cases/{danger}">{case_views.case_name(danger)}' in page
        await browser.post(f"/cases/{danger}/merge")
        assert not listed(browser, plain).danger, "taken apart, each speaks for itself"
        assert listed(browser, danger).danger


async def test_a_case_is_handed_over_only_to_a_desk_that_its_reporter_chose(line: Line) -> None:
    case, _ = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        path = f"/cases/{case}"
        assert "chose no other team" in (await browser.get(path)).text
        refused = await browser.post(f"{path}/hand", desk="police", reason="They can help.")
        assert refused.status_code == 400
        assert "The reporter did not choose that team" in refused.text
    (both, _) = await some_cases(line, name="Both", desks=("support", "police"))
    async with opened(line) as browser:
        await browser.sign_in()
        path = f"/cases/{both}"
        assert (await browser.post(f"{path}/hand", desk="police", reason=" ")).status_code == 400
        question = await browser.post(f"{path}/hand", desk="police", reason="They can help.")
        assert "afterwards nobody can undo it" in question.text
        # Not "with the next sending" of an hour that is over: it goes with the next sync then.
        with browser.console.vault.write() as tx:
            settings.store(tx, outgoing.Turn(last=line.now - 900, next=line.now - 300))
        question = await browser.post(f"{path}/hand", desk="police", reason="They can help.")
        assert "It goes with the next sending. Until then" in question.text
        assert listed(browser, both).status == "new"
        form = {"desk": "police", "reason": "They can help.", "sure": "yes"}
        await browser.post(f"{path}/hand", **form)
        assert listed(browser, both).disposition == "referred"
        # Undone in time, on the case's page and by the toast: the other team never hears of it.
        await browser.post(f"{path}/hand", undo="yes")
        assert listed(browser, both).status == "new"
        await browser.post(f"{path}/hand", **form)
        await browser.post("/undo")
        assert listed(browser, both).status == "new"
        await line.turn()
        with browser.console.vault.read() as tx:
            assert cases.state(tx, both, "support").hands == {}
        await browser.post(f"{path}/hand", **form)
        again = await browser.post(f"{path}/hand", **form)
        assert "to be transferred already" in again.text
        page = (await browser.get(path)).text
        assert "They can help." in page
        assert "Undo the transfer" in page
    with line.vault() as ana, line.vault("chris") as chris:
        for vault in (ana, chris):
            await line.sync(vault)
        await line.turn()
        await line.sync(chris)
        with chris.read() as tx:
            (hand,) = cases.state(tx, both, "police").hands.values()
    assert hand.reason == "They can help."
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.get(path)
        late = await browser.post(f"{path}/hand", undo="yes")
        assert "was sent already" in late.text
        assert listed(browser, both).disposition == "referred"


async def test_words_after_a_case_was_closed_are_said_to_be(line: Line) -> None:
    case, other = await some_cases(line)
    said = "its reporter has written since"
    async with opened(line) as browser:
        await browser.sign_in()
        for one in (case, other):
            await browser.get(f"/cases/{one}")
            form = {"status": "closed/no-action", "was-status": "new"}
            await browser.post(f"/cases/{one}/triage", **form)
        assert said not in (await browser.get(f"/cases/{case}")).text
        line.now += DAY
        reporter = ReporterIdentity(Secret(bytes(16)))
        with vault_of(browser).write() as tx:
            known = trusted_line.load_in(tx)
            # A follow-up and its report come together, and not in their order.
            for kind, text in (("message", "They come at six."), ("report", "They keep us.")):
                raw = bodies.write_body(kind, os.urandom(16).hex(), {"text": text})
                body = read_body(raw)
                receive.store_message(tx, known, reporter.public, raw, body, line.now, os.urandom)
        shown = (await browser.get("/")).text
        assert "They come at six." in shown
        new = messages.case_id(reporter.public)
        form = {"status": "closed/spam", "was-status": "new"}
        await browser.post(f"/cases/{new}/triage", **form)
        line.now += DAY
        with vault_of(browser).write() as tx:
            raw = bodies.write_body("withdrawal", os.urandom(16).hex(), {"desks": ["support"]})
            receive.store_message(
                tx, known, reporter.public, raw, read_body(raw), line.now, os.urandom
            )
        assert "Permission withdrawn" in (await browser.get("/")).text
        assert said in (await browser.get(f"/cases/{new}")).text
        assert said not in (await browser.get(f"/cases/{other}")).text
