"""Links between cases: found when a text is stored, gone with it, told, and dismissed for good."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.console.cases.undo import Undo, take_back
from app.console.errors import ConsoleError
from app.console.features.links import linking, unlinking
from app.console.features.links.linking import FoundLinks, Rules
from app.console.features.links.storage import link_index, links
from app.console.line import trusted_line
from app.console.rules import changes, linked
from app.console.rules.body import read_body
from app.console.vault import Vault
from app.console.vault.collaboration import link_statements
from app.console.vault.installation import owner
from app.console.vault.records import adding, cases, messages, notes
from app.protocol.bodies import write_body
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.console.running_desk import both_have_a_case, do, pass_on
from tests.console.running_line import Line, read

pytestmark = pytest.mark.anyio

PHONE = "call +1 202 555 0123"
SAME_PHONE = "his number: 001 (202) 555-0123"


@pytest.fixture
def ana(still: Line) -> Iterator[Vault]:
    """Ana's vault after it has seen the directory."""
    with still.vault("ana") as vault:
        with vault.write() as tx:
            owner.store_directory(tx, 1, (still.folder / "directory.json").read_bytes(), still.now)
        yield vault


def keep(vault: Vault, said: str, desks: tuple[str, ...] = ("support",), **answers: str) -> str:
    """Keep a report as if it had come; return its case."""
    reporter = ReporterIdentity(new_entropy(os.urandom)).public
    body = {"lang": "en", "text": said, "files": [], "desks": list(desks), "answers": answers}
    raw = write_body("report", os.urandom(16).hex(), body)
    with vault.write() as tx:
        adding.store_incoming(tx, reporter, raw, read_body(raw), 1_790_000_000)
        case = messages.case_id(reporter)
        cases.settle(tx, case, trusted_line.load_in(tx).own_desks())
    return case


def found(vault: Vault, case: str) -> FoundLinks:
    link_index.read_on(vault, 1_790_000_000)
    known = trusted_line.load(vault)
    with vault.read() as tx:
        return linking.of_case(tx, Rules(tx, known), case)


def linked_with(vault: Vault, case: str) -> set[str]:
    return {link.other for _, some in found(vault, case).links for link in some}


def rows(vault: Vault) -> dict[str, int]:
    """How much is kept of what was found."""
    names = ("values", "occurrences", "keys", "alike", "news", "queue")
    with vault.read() as tx:
        return {
            name: int(tx.execute(text(f"SELECT count(*) FROM link_{name}")).scalar_one())
            for name in names
        }


def test_two_reports_with_one_number_are_linked_and_the_words_around_it_are_there(
    ana: Vault,
) -> None:
    one, two = keep(ana, PHONE), keep(ana, "x", traces=SAME_PHONE)
    keep(ana, "call +1 202 555 0199")
    assert linked_with(ana, one) == {two}
    assert linked_with(ana, two) == {one}
    ((value, (link,)),) = found(ana, one).links
    with ana.read() as tx:
        ((place,),) = links.places(tx, [link.theirs.id], [two]).values()
    assert value.value == "+12025550123"
    assert (place.part, place.text[place.start : place.stop]) == ("traces", "001 (202) 555-0123")


def test_names_are_linked_as_maybe_and_never_more(ana: Vault) -> None:
    one, two = keep(ana, "Her name is Maria Lopez."), keep(ana, "x", who_does_it="Maria Lopes")
    keep(ana, "Her name is Pedro Ruiz.")
    ((_, (link,)),) = found(ana, one).links
    assert (link.other, link.sure.name, link.theirs.value) == (two, "MAYBE", "lopes maria")


def test_what_was_found_goes_with_its_text_in_the_same_transaction(ana: Vault) -> None:
    one, two = keep(ana, "nothing"), keep(ana, "Her name is Maria Lopez.")
    link_index.read_on(ana, 1)
    empty = rows(ana)
    with ana.write() as tx:
        notes.add(tx, one, f"{PHONE}, name is Maria Lopes", 1)
    assert linked_with(ana, one) == {two}
    with ana.write() as tx:
        notes.remove(tx, one, notes.of_case(tx, one)[0].id)
    assert rows(ana) == empty
    with ana.write() as tx:
        tx.execute(text("DELETE FROM messages"))
    assert rows(ana) == dict.fromkeys(empty, 0)


def test_a_teams_note_links_as_it_stands_now(ana: Vault) -> None:
    one, two = keep(ana, PHONE), keep(ana, "nothing")
    do(ana, 1_790_000_000, changes.note(two, SAME_PHONE))
    assert linked_with(ana, one) == {two}
    with ana.read() as tx:
        ((tag, _),) = cases.state(tx, two, "support").written()
    do(ana, 1_790_000_001, changes.edit(two, tag, "it was another number"))
    assert linked_with(ana, one) == set()


def test_what_we_wrote_ourselves_links_nothing(ana: Vault) -> None:
    one, two = keep(ana, PHONE), keep(ana, "nothing")
    raw = write_body("reply", os.urandom(16).hex(), {"text": SAME_PHONE, "desk": "support"})
    with ana.write() as tx:
        adding.queue_outgoing(tx, two, read_body(raw), raw, 1)
    assert linked_with(ana, one) == set()


def test_our_own_numbers_link_nobody_and_what_is_everywhere_is_common(ana: Vault) -> None:
    one, two = (keep(ana, "I called 1-888-373-7888 and +44 8000 121 700") for _ in range(2))
    assert linked_with(ana, one) == set()
    assert {why for _, why in found(ana, one).ignored} == {linking.OUR_OWN}
    many = [keep(ana, PHONE) for _ in range(links.COMMON)]
    assert len(linked_with(ana, many[0])) == links.COMMON - 1
    many.append(keep(ana, PHONE))
    assert linked_with(ana, many[0]) == set()
    assert [value.value for value in found(ana, many[0]).common] == ["+12025550123"]
    assert two not in many


def test_a_desks_country_reads_again_what_was_stored(ana: Vault) -> None:
    one, two = keep(ana, "0664 1234567"), keep(ana, "+43 664 1234567")
    assert linked_with(ana, one) == set()
    known = trusted_line.load(ana)
    with ana.write() as tx:
        unlinking.choose_region(tx, known, "support", "AT", 1)
        with pytest.raises(ConsoleError, match="no such country"):
            unlinking.choose_region(tx, known, "support", "XX", 1)
    assert linked_with(ana, one) == {two}
    assert rows(ana)["news"] == 0


def test_the_agencys_countries_hold_where_the_desk_chose_none(ana: Vault) -> None:
    one, two = keep(ana, "ring 07700 900345"), keep(ana, "+44 7700 900 345")
    three, four = keep(ana, "(202) 555-0143"), keep(ana, "+12025550143")
    assert linked_with(ana, one) == set()
    with ana.write() as tx:
        link_statements.take_over_agency(tx, ("GB", "US"))
    assert linked_with(ana, one) == {two}
    assert linked_with(ana, three) == {four}
    ((_, (link,)),) = found(ana, three).links
    assert link.sure.name == "MAYBE"  # the second country's
    known = trusted_line.load(ana)
    with ana.write() as tx:
        unlinking.choose_region(tx, known, "support", "US", 1)
    assert linked_with(ana, one) == set()
    ((_, (link,)),) = found(ana, three).links
    assert link.sure.name == "LIKELY"
    with ana.write() as tx:
        unlinking.choose_region(tx, known, "support", linked.NO_REGION, 1)
    assert linked_with(ana, one) == linked_with(ana, three) == set()
    with ana.write() as tx:
        unlinking.choose_region(tx, known, "support", "", 1)
    assert linked_with(ana, one) == {two}
    assert rows(ana)["news"] == 0


def test_texts_are_read_in_slices_and_what_is_read_again_is_no_news(ana: Vault) -> None:
    some = [keep(ana, PHONE) for _ in range(5)]
    link_index.read_on(ana, 1)
    known = trusted_line.load(ana)
    with ana.write() as tx:
        links.seen(tx)
        unlinking.choose_region(tx, known, "support", "US", 1)
        assert link_index.index(tx, 1, batch=2) == 3
        link_index.index(tx, 1)
    assert linked_with(ana, some[0]) == set(some[1:])
    assert rows(ana)["news"] == rows(ana)["queue"] == 0
    keep(ana, SAME_PHONE)
    link_index.read_on(ana, 1)
    assert rows(ana)["news"] == 1


def test_a_link_is_dismissed_with_a_reason_from_both_sides_and_linked_again(ana: Vault) -> None:
    one, two = keep(ana, PHONE), keep(ana, SAME_PHONE)
    three = keep(ana, PHONE)
    ((_, some),) = found(ana, one).links
    (link,) = [each for each in some if each.other == two]
    known = trusted_line.load(ana)
    with ana.write() as tx:
        here, there = cases.find(tx, one), cases.find(tx, two)
        assert here is not None
        assert there is not None
        with pytest.raises(ConsoleError, match="Say why"):
            unlinking.dismiss(tx, known, here, there, link.mark, "", 1)
        back, made = unlinking.dismiss(tx, known, here, there, link.mark, "the landlord's", 1)
    assert back
    assert made
    assert linked_with(ana, one) == linked_with(ana, two) == {three}
    ((_, said),) = found(ana, two).dismissed
    assert (said.desk, said.why) == ("support", "the landlord's")
    with ana.write() as tx:
        unlinking.link_again(tx, known, two, one, link.mark, 2)
    assert linked_with(ana, two) == {one, three}


def test_what_a_colleague_says_since_is_not_undone(ana: Vault) -> None:
    known = trusted_line.load(ana)
    undo = Undo()
    with ana.write() as tx:
        back, made = unlinking.ignore(tx, known, "support", "phone", "+12025550123", "taxi", 1)
        undo.add("Ignored.", back, made)
        unlinking.ignore(tx, known, "support", "phone", "+12025550123", "the embassy", 2)
        step = undo.take(undo.last() or 0)
        assert step is not None
        take_back(tx, known, step, 3)
        (stands,) = unlinking.ignored_at(tx, "support")
    assert stands.why == "the embassy"


def test_a_desk_that_may_not_see_both_is_told_nothing(ana: Vault) -> None:
    one, two = keep(ana, PHONE, ("support",)), keep(ana, SAME_PHONE, ("police",))
    ((_, (link,)),) = found(ana, one).links
    known = trusted_line.load(ana)
    with ana.write() as tx:
        here, there = cases.find(tx, one), cases.find(tx, two)
        assert here is not None
        assert there is not None
        assert unlinking.dismiss(tx, known, here, there, link.mark, "no", 1) == ((), ())
        assert tx.execute(text("SELECT count(*) FROM operations")).scalar_one() == 0
    assert linked_with(ana, one) == linked_with(ana, two) == set()
    with ana.write() as tx:
        unlinking.link_again(tx, known, one, two, link.mark, 2)
    assert linked_with(ana, one) == {two}


def test_a_judgement_in_no_known_form_changes_nothing(ana: Vault) -> None:
    one, two = keep(ana, PHONE), keep(ana, SAME_PHONE)
    bad = ["", "{", "[1,2,3]", '["a","b","c"]', "[[]]", '{"a":1,"b":2,"c":3}',
           '["' + two + '","' + "0" * 32 + '","\\ud800"]']  # fmt: skip
    do(ana, 1, *(changes.add(one, linked.UNLINKED, value) for value in bad))
    do(ana, 2, *(changes.rule(f"ignored-{n}", value) for n, value in enumerate(bad)))
    do(ana, 3, changes.rule(linked.REGION, "nowhere"))
    assert linked_with(ana, one) == {two}
    with ana.read() as tx:
        assert links.dismissed(tx, one) == []
        assert links.ignored(tx, ["support"]) == {}


async def test_both_owners_are_told_and_a_dismissal_reaches_the_other_console(
    line: Line, ana: Vault, ben: Vault
) -> None:
    one = await both_have_a_case(line, ana, ben)
    known = {vault: trusted_line.load(vault) for vault in (ana, ben)}
    do(ben, line.now, changes.put(one, "owner", known[ben].own_keys()[0]))
    do(ben, line.now, changes.note(one, PHONE))
    await pass_on(line, ana, ben)
    await line.send(SAME_PHONE)
    for vault in (ana, ben):
        await line.sync(vault)
    (two,) = {message.case for message in read(ana)} - {one}
    do(ana, line.now, changes.put(two, "owner", known[ana].own_keys()[0]))
    for vault in (ana, ben):
        await pass_on(line, ana, ben)
        assert linked_with(vault, one) == {two}
        (notice,) = linking.notices(vault, known[vault])
        assert "A case of yours" in notice.text
    ((_, (link,)),) = found(ana, two).links
    with ana.write() as tx:
        here, there = cases.find(tx, two), cases.find(tx, one)
        assert here is not None
        assert there is not None
        unlinking.dismiss(tx, known[ana], here, there, link.mark, "a taxi office", line.now)
    await pass_on(line, ana, ben)
    assert linked_with(ben, one) == set()
    ((_, said),) = found(ben, one).dismissed
    assert (said.who, said.why) == (known[ana].own_keys()[0], "a taxi office")
    assert linking.notices(ben, known[ben]) == []
    with ben.write() as tx:
        unlinking.ignore(tx, known[ben], "support", "phone", "+12025550123", "taxi", line.now)
        unlinking.link_again(tx, known[ben], one, two, link.mark, line.now)
    await pass_on(line, ana, ben)
    assert found(ana, one).ignored[0][1] == "taxi"
    with ana.write() as tx:
        unlinking.unignore(tx, known[ana], "support", "phone", "+12025550123", line.now)
    await pass_on(line, ana, ben)
    assert linked_with(ben, one) == {two}
