"""A case's page, made of sections: each a function here and a template in templates/case/.

    reporter       what came from the reporter: choices, messages, answers, files
    danger_banner  what is to be done where somebody is in danger
    timeline       messages and acts by day, each with its place
    answer_form    the answer being written
    desk           what the desk says of it: triage, notes, duplicates, handing over, history
    referring      referrals offered, accepted, declined, done
    handing_out    exports, copies, texts for an interpreter
    event_words    what an entry of the custody log says, in words that follow a name

A section is added by one line in SECTIONS, one function ``values(case) -> dict | None`` (None hides
it) and one template, which finds what the function gave as ``its``, and the case as ``case``. Those
at ``details`` stand beside the messages on their tab (_sections.html) by their order, those of
features between them; those at ``thread`` are placed by _case.html, which finds their values under
the section's name; those at ``todo`` above what the reporter chose.
"""

from collections.abc import Iterable

from app.console.feature import Feature, Section
from app.console.pages.case import (
    answer_form,
    danger_banner,
    desk,
    handing_out,
    referring,
    reporter,
    timeline,
)
from app.sentences.translatable import say

__all__ = ["sections"]

SECTIONS: tuple[Section, ...] = (
    Section(
        "duplicate",
        say("Duplicates"),
        desk.duplicate,
        4,
        "case/duplicate.html",
        place="thread",
    ),
    Section("danger", say("Danger"), danger_banner.danger, 5, "case/danger.html", place="thread"),
    Section(
        "choices",
        say("What the reporter chose"),
        reporter.choices,
        10,
        "case/choices.html",
        place="thread",
    ),
    Section(
        "messages", say("Messages"), reporter.messages, 20, "case/messages.html", place="thread"
    ),
    Section(
        "timeline", say("Timeline"), timeline.timeline, 25, "case/timeline.html", place="thread"
    ),
    Section("reply", say("Your answer"), answer_form.reply, 30, "case/reply.html", place="thread"),
    Section("triage", say("Triage"), desk.triage, 40, "case/triage.html", tab="triage"),
    Section("notes", say("Notes"), desk.notes, 50, "case/notes.html", tab="notes"),
    Section(
        "answers", say("Intake answers"), reporter.answers, 55, "case/answers.html", tab="triage"
    ),
    Section(
        "referrals", say("Referrals"), referring.referrals, 60, "case/referrals.html", tab="triage"
    ),
    Section("files", say("Files"), reporter.files, 80, "case/files.html"),
    # Before the links, of which there may be many: a hand at the keys would go through all of them.
    Section("merged", say("Duplicates"), desk.merged, 85, "case/merged.html", tab="links"),
    Section(
        "handing",
        say("Transfer to another team"),
        desk.handing,
        110,
        "case/handing.html",
        folded=True,
        hint=say("To a team that the reporter chose, too"),
    ),
    Section(
        "interpreter",
        say("For an interpreter"),
        handing_out.interpreter,
        130,
        "case/interpreter.html",
        folded=True,
        hint=say("Single texts on paper, and a translation brought back"),
    ),
    Section(
        "evidence",
        say("Export"),
        handing_out.export,
        150,
        "case/evidence.html",
        folded=True,
        hint=say("All of the case, or a copy with parts taken out"),
    ),
    Section(
        "keeping",
        say("Retain or destroy"),
        desk.keeping_choice,
        160,
        "case/keeping.html",
        folded=True,
        hint=say("Legal hold, destruction"),
    ),
    Section(
        "history",
        say("History"),
        desk.history,
        170,
        "case/history.html",
        folded=True,
        hint=say("Every act, and the custody log"),
    ),
)
"""The console's own."""


def sections(features: Iterable[Feature]) -> list[Section]:
    """Every section, in order."""
    every = [*SECTIONS, *(section for one in features for section in one.sections)]
    return sorted(every, key=lambda section: section.order)
