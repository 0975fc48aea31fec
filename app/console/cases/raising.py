"""The priority that a main case gets from what is merged into it (ADR 0114)."""

from collections.abc import Sequence

from app.console.cases.undo import Step
from app.console.rules import changes, vocabulary
from app.console.rules.changes import DUPLICATE_OF, PRIORITY, Change
from app.console.vault import Transaction
from app.console.vault.records import cases


def raised(tx: Transaction, done: Sequence[Change]) -> list[tuple[str, str]]:
    """Return the cases into which more urgent ones are merged, and the priority that each gets.

    Also where a duplicate is found more urgent later. A duplicate is closed, and no list shows how
    urgent somebody found it. That assesses nothing: nobody has read the main case for it.
    """
    into: dict[str, list[str]] = {}
    for one in done:
        if one["do"] != "set" or not one["value"]:
            continue
        if one["name"] == DUPLICATE_OF:
            duplicate = cases.find(tx, one["case"])
            into.setdefault(one["value"], []).append(duplicate.priority if duplicate else "")
        elif one["name"] == PRIORITY and (main := cases.main_of(tx, one["case"])) != one["case"]:
            into.setdefault(main, []).append(one["value"])
    found = []
    for main, priorities in into.items():
        here = cases.find(tx, main)
        most = vocabulary.raised(here.priority, priorities) if here else ""
        if here is not None and most != here.priority:
            found.append((main, most))
    return found


def still_raised(tx: Transaction, step: Step) -> list[tuple[str, Change]]:
    """Return what main cases keep by others merged into them, where a step is taken back.

    Each with its desk. What somebody has set since is left as it is, and so is what was set by
    hand: only a step that merged, or that raised a duplicate, has raised its main case.
    """
    mains: set[str] = set()
    for one in step.made:
        if one["do"] == "set" and one["name"] == DUPLICATE_OF:
            mains.add(one["value"])
        elif one["do"] == "set" and one["name"] == PRIORITY:
            mains |= {cases.main_of(tx, one["case"])} - {one["case"]}
    found = []
    for desk, back in step.back:
        for one in back:
            if one["do"] != "set" or one["name"] != PRIORITY or one["case"] not in mains:
                continue
            main = one["case"]
            most = vocabulary.raised(one["value"], cases.priorities_merged(tx, main))
            if most != one["value"] == cases.state(tx, main, desk).get(PRIORITY):
                found.append((desk, changes.put(main, PRIORITY, most)))
    return found
