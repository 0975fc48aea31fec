"""The demo's ninety days: what an investigator is shown of them, and that all consoles agree."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.cli.demo import corpus, seeding
from app.cli.demo import world as worlds
from app.cli.demo.corpus import SYNTHETIC
from app.cli.demo.world import World
from app.console.cases import retention, speakers
from app.console.features.letters import held_letters
from app.console.features.links.storage import link_index, links
from app.console.features.statistics import counting
from app.console.features.statistics.storage import case_facts
from app.console.features.transfer import taking_in
from app.console.line import trusted_line
from app.console.rules import vocabulary
from app.console.rules.lifecycle import DAY
from app.console.rules.vocabulary import DISPOSITIONS, STATUSES
from app.console.vault import Transaction, Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.files import FileState
from app.console.vault.collaboration import team
from app.console.vault.custody import audit_log
from app.console.vault.records import case_lists, cases, messages
from app.console.vault.records.case_lists import CaseFilter, Listed
from app.protocol.bodies import LETTER_REQUEST, WITHDRAWAL

MANY = 1_000
EVERYTHING = CaseFilter()


@dataclass(frozen=True)
class Past:
    """A world whose three have been at work, and the moment at which that ended."""

    world: World
    now: int

    def vault(self, name: str = "ana") -> Vault:
        return Vault.open(self.world.vault(name), self.world.passphrase)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    now = int(time.time())
    today = dt.datetime.fromtimestamp(now, dt.UTC).date()
    made = worlds.make(
        tmp_path_factory.mktemp("past"),
        "http://127.0.0.1:1",
        1,
        today,
        os.urandom,
        languages=["en"],
    )
    seeding.look_back(made, now)
    return Past(made, now)


@pytest.fixture
def ana(past: Past) -> Iterator[Vault]:
    with past.vault() as vault:
        yield vault


def all_of(vault: Vault, wanted: CaseFilter = EVERYTHING) -> list[Listed]:
    with vault.read() as tx:
        return case_lists.inbox(tx, wanted, limit=MANY)


def test_there_are_cases_in_every_status_and_disposition(ana: Vault) -> None:
    found = all_of(ana)
    assert 120 <= len(found) <= 140, "a dozen more are really sent"
    assert {one.status for one in found} == set(STATUSES)
    assert {one.disposition for one in found if one.disposition} == set(DISPOSITIONS)
    assert {one.priority for one in found if one.priority} == set(vocabulary.PRIORITIES)
    assert any(one.owner for one in found)
    assert any(not one.owner and one.status != vocabulary.CLOSED for one in found)
    assert sum(bool(one.merged) for one in found) >= 4
    assert sum(bool(one.labels) for one in found) >= 50


def test_they_came_over_ninety_days_and_nothing_lies_ahead(past: Past, ana: Vault) -> None:
    found = all_of(ana)
    assert min(one.first_at for one in found) < past.now - 85 * DAY
    assert max(one.last_at for one in found) <= past.now
    weeks = {(past.now - one.first_at) // (7 * DAY) for one in found}
    assert weeks == set(range(13)), "each week has some"
    with ana.read() as tx:
        for one in found:
            events = audit_log.of_case(tx, one.id)
            assert all(event.at <= past.now for event in events)
            assert all(event.at >= one.first_at for event in events)


def test_every_text_says_that_it_is_synthetic_and_names_nobody(ana: Vault) -> None:
    with ana.read() as tx:
        texts = [m.body.text for one in all_of(ana) for m in messages.messages_of(tx, one.id)]
    assert all(text.startswith(SYNTHETIC) for text in texts if text)
    everything = " ".join(texts).replace("+61 491 570 156", "")
    # Numbers of a range for fiction alone, no address but those that nobody can own.
    assert not re.search(r"\+?\d[\d ()-]{7,}\d", everything)
    assert set(re.findall(r"@\S+?\.\w+", everything)) <= {"@example.com"}
    assert len({one.text for one in corpus.past()}) == len(corpus.past()), "no text comes twice"
    assert len({one.lang for one in corpus.past()}) == 12


def test_twelve_hang_together_by_number_plate_and_wallet(past: Past, ana: Vault) -> None:
    link_index.read_on(ana, past.now, on_progress=lambda *_: None)
    network = {one.text for one in corpus.past() if one.network}
    assert len(network) == 12
    with ana.read() as tx:
        ids = {
            one.id
            for one in all_of(ana)
            if any(m.body.text in network for m in messages.messages_of(tx, one.id))
        }
        assert len(ids) == 12
        reached, waiting = set[str](), [next(iter(ids))]
        while waiting:
            case = waiting.pop()
            reached.add(case)
            joined = {other for other in _linked(tx, case) if other in ids}
            waiting += joined - reached - set(waiting)
    assert reached == ids


def test_all_three_consoles_agree_and_no_custody_log_is_broken(past: Past) -> None:
    states: dict[tuple[str, str], list[object]] = {}
    for name, _, _ in worlds.INVESTIGATORS:
        with past.vault(name) as vault, vault.read() as tx:
            own = trusted_line.load_in(tx).own_desks()
            assert team.count_unpacked(tx) == 0, "nothing waits that the line would be sent"
            assert messages.waiting(tx) == []
            for one in case_lists.inbox(tx, CaseFilter(), limit=MANY):
                assert audit_log.custody(tx, one.id).broken is None
                for desk in own:
                    states.setdefault((one.id, desk), []).append(cases.state(tx, one.id, desk))
    compared = [found for found in states.values() if len(found) > 1]
    assert len(compared) > 100
    assert all(one == found[0] for found in compared for one in found)


def test_languages_are_said_and_some_case_is_for_each_to_take(past: Past, ana: Vault) -> None:
    with ana.read() as tx:
        known = trusted_line.load_in(tx)
        spoken = speakers.load(tx, known)
        unowned = case_lists.inbox(tx, CaseFilter(open=True, owner=("",)), limit=MANY)
    marks = {spoken.spoken(one, known.own_keys()) for one in unowned}
    assert speakers.MINE in marks, "“Take it: you speak …” appears"
    assert speakers.UNSPOKEN in marks
    assert all(spoken.said(desk) for desk in known.own_desks())


def test_something_is_late_something_due_and_somebody_waits(past: Past, ana: Vault) -> None:
    late = all_of(ana, CaseFilter(open=True, due_before=past.now))
    assert 2 <= len(late) <= 30
    soon = all_of(ana, CaseFilter(open=True, due_before=past.now + 7 * DAY))
    assert len(soon) > len(late)
    assert any(one.snoozed_until > past.now for one in all_of(ana))
    assert len(all_of(ana, CaseFilter(unread=True))) >= 10
    assert any(one.unread and one.status == "in-progress" for one in all_of(ana))


def test_what_only_few_have_is_there(past: Past, ana: Vault) -> None:
    found = all_of(ana)
    with ana.read() as tx:
        kinds = [m.body.kind for one in found for m in messages.messages_of(tx, one.id)]
        letters = held_letters.held(tx)
        pictures = [file for one in found for file in files.of_case(tx, one.id)]
        whats = {event.what for one in found for event in audit_log.of_case(tx, one.id)}
    assert kinds.count(WITHDRAWAL) == 2
    assert kinds.count(LETTER_REQUEST) == 3
    assert kinds.count("message") >= 20
    assert kinds.count("reply") >= 30
    assert len(letters) == 2
    assert len(pictures) >= 6
    assert {one.state for one in pictures} == {FileState.HERE}
    assert {"hand", "private-note", "letter-made", "note", "opened"} <= whats
    with ana.read() as tx:
        survey = retention.survey(tx, trusted_line.load_in(tx), past.now)
    assert len(survey.held) == 1
    assert len(survey.scheduled) == 1
    assert survey.proposed


def test_a_sealed_case_can_be_taken_in_by_the_other_agency(past: Past) -> None:
    folder = past.world.data / "other-agency"
    sealed = io.BytesIO((folder / "case.sealed").read_bytes())
    with Vault.open(folder / "vault", past.world.passphrase) as theirs:
        known = trusted_line.load(theirs)
        sender = taking_in.look(theirs, known, sealed, past.now)
        sealed.seek(0)
        case = taking_in.take_in(theirs, known, sender, sealed, past.now, os.urandom)
        with theirs.read() as tx:
            said = [one.body.text for one in messages.messages_of(tx, case)]
    assert corpus.words().consent in said
    assert len(said) == 2


def test_statistics_have_a_shape(past: Past, ana: Vault) -> None:
    with ana.read() as tx:
        known = trusted_line.load_in(tx)
        facts = case_facts.of_desks(tx, known.own_desks(), 0)
        referred = case_facts.referred(tx, known.own_desks(), 0)
    tables = {one.id: one for one in counting.tables(facts, referred, 13, past.now, known.intake)}
    weeks = [count for _, count in tables["tips"].rows][:-1]
    assert min(weeks) >= 2
    assert max(weeks) > 2 * min(weeks), "not one bar, and no flat line"
    assert tables["referrals"].rows
    assert sum(count > 0 for _, count in tables["languages"].rows) >= 8


def _linked(tx: Transaction, case: str) -> set[str]:
    """Return the cases in which a number, plate or wallet of this one is."""
    shared = [one for one in links.values_of(tx, case) if one.kind in ("phone", "plate", "wallet")]
    return {other for one in shared for other in links.cases_with(tx, one.id)} - {case}
