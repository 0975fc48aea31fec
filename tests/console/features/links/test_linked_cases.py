"""With how many others each of many cases is linked: as their own pages say, in a few questions."""

from __future__ import annotations

from sqlalchemy import event

from app.console.features.links import link_views, linking, unlinking
from app.console.features.links.link_news import by_value
from app.console.features.links.linked_cases import linked_cases
from app.console.features.links.storage import link_index, links
from app.console.line import trusted_line
from app.console.occurrences.link_kinds import mark
from app.console.vault import Vault
from app.console.vault.records import cases
from tests.console.features.links.test_linking import PHONE, SAME_PHONE, ana, keep, linked_with

__all__ = ["ana"]


def linked(vault: Vault, *some: str) -> dict[str, set[str]]:
    link_index.read_on(vault, 1)
    known = trusted_line.load(vault)
    with vault.read() as tx:
        return {case: set(others) for case, others in linked_cases(tx, known, some).items()}


def test_it_says_what_each_cases_page_says(ana: Vault) -> None:
    one, two = keep(ana, f"{PHONE}, her name is Maria Lopez."), keep(ana, SAME_PHONE)
    three, four = keep(ana, "x", who_does_it="Maria Lopes"), keep(ana, "nothing")
    five = keep(ana, "+1-888-373-7888")  # a helpline's number links nobody
    six = keep(ana, "+1-888-373-7888")
    common = [keep(ana, "van, plate AB12 CDE") for _ in range(links.COMMON + 3)]
    every = (one, two, three, four, five, six, *common)
    wanted = {case: linked_with(ana, case) for case in every}
    assert wanted[one] == {two, three}
    assert wanted[common[0]] == set()
    assert linked(ana, *every) == {case: others for case, others in wanted.items() if others}
    assert linked(ana) == {}


def test_what_is_no_match_is_not_counted_from_either_side(ana: Vault) -> None:
    one, two = keep(ana, PHONE), keep(ana, SAME_PHONE)
    assert linked(ana, one, two) == {one: {two}, two: {one}}
    known = trusted_line.load(ana)
    with ana.write() as tx:
        here, there = cases.find(tx, one), cases.find(tx, two)
        assert here
        assert there
        number = mark("phone", "+12025550123", "+12025550123")
        unlinking.dismiss(tx, known, here, there, number, "A taxi office", 1)
    assert linked(ana, one, two) == {}


def test_many_cases_take_as_many_questions_as_one(ana: Vault) -> None:
    some = [keep(ana, f"{PHONE[:-1]}{n % 4}, plate AB1{n % 7} CDE") for n in range(30)]
    link_index.read_on(ana, 1)
    known = trusted_line.load(ana)

    def questions(count: int) -> int:
        asked: list[str] = []
        with ana.read() as tx:
            event.listen(tx.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
            assert len(linked_cases(tx, known, some[:count])) == count
        return len(asked)

    assert questions(1) <= questions(30) + 1 <= 8


def test_a_cases_page_reads_each_text_once_however_much_is_found_in_it(ana: Vault) -> None:
    said = f"{PHONE}, plate AB12 CDE, boss@example.org, @bigboss77 on Telegram"
    case, *others = [keep(ana, f"{number}: {said}") for number in range(10)]
    link_index.read_on(ana, 1)
    known, asked = trusted_line.load(ana), []
    with ana.read() as tx:
        event.listen(tx.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
        found = link_views.of_case(tx, known, case).linked
    assert {one.kind: len(one.others) for one in found} == dict.fromkeys(
        ("phone", "plate", "email", "username"), len(others)
    )
    assert all(other.evidence for one in found for other in one.others)
    assert len(asked) <= len(others) + 5 * len(found)


def test_one_number_in_many_cases_is_one_row_of_what_is_new(ana: Vault) -> None:
    first = keep(ana, PHONE)
    link_index.read_on(ana, 1)
    later = [keep(ana, SAME_PHONE) for _ in range(7)]
    keep(ana, "plate AB12 CDE")
    link_index.read_on(ana, 2)
    known = trusted_line.load(ana)
    with ana.read() as tx:
        (row,) = by_value(linking.news(tx, known))
    assert row.value.value == "+12025550123"
    assert set(row.fresh) == set(later)
    assert row.others == (first,)
