"""Answers in the terms of the case data standard: one table, of ids that are really asked."""

from __future__ import annotations

from app.console.rules.htcds import Term, standard
from app.reporter.content import question_labels


def test_answers_are_called_what_the_standard_calls_them() -> None:
    assert standard().of("signs", "debt_bondage, isolation, restriction_of_movement") == [
        Term("MethodsOfControl", "DebtBondage", True),
        Term("MethodsOfControl", "RestrictsMovement", True),
    ]
    assert [term.value for term in standard().of("made_to_do", "farm")] == [
        "ForcedLabour",
        "A_AgricultureForestryAndFishing",
    ]
    assert standard().of("country", "uk") == [Term("hte_Country", "GB", False)]


def test_what_has_no_counterpart_is_called_nothing() -> None:
    assert standard().of("signs", "physical_and_sexual_violence") == []
    assert standard().of("where", "debt_bondage") == []
    assert standard().of("made_to_do", "unknown") == []
    assert standard().of("country", "eu") == []


def test_every_id_of_the_table_is_one_that_is_asked() -> None:
    asked = question_labels("en")
    for question, answers in standard().terms.items():
        assert answers.keys() <= asked[question][1].keys(), question
    for question in ("made_to_do", "how_it_began"):
        missing = asked[question][1].keys() - standard().terms[question].keys()
        assert missing == {"unknown"}, question


def test_every_country_that_is_offered_has_its_name_in_the_standard() -> None:
    offered = question_labels("en")["country"][1].keys()
    assert {"us", "bd", "pk", "al"} <= offered, "the countries of the site"
    unnamed = offered - standard().terms["country"].keys()
    assert unnamed <= {"eu", "int", "another", "unknown"}, "no one country"
