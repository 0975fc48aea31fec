"""What is done to cases from the list and from a case's page: one at a time or many together.

Each goes through ``casework``. What closes more than one case is asked about first, with the number
of cases; everything that can be is offered to be taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.console.cases import assessing, casework, raising
from app.console.cases.undo import take_back
from app.console.desk import outgoing
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.pages import list_views, merging
from app.console.rules import changes, deadlines, vocabulary
from app.console.rules.changes import (
    DUE,
    DUPLICATE_OF,
    FEEDBACK,
    LABELS,
    OWNER,
    PRIORITY,
    SNOOZE,
    STATUS,
    Change,
)
from app.console.rules.danger import ASSESSED
from app.console.rules.merge import CaseState
from app.console.vault import Transaction, Vault
from app.console.vault.records import cases, messages
from app.console.web import case_views
from app.console.web.addresses import is_path
from app.console.web.render import page
from app.console.web.requests import OurFields, OurForm, TheConsole, TheVault, the_case
from app.console.web.running_console import Console
from app.sentences.translatable import say, say_count
from app.sentences.values import Listing

router = APIRouter()

MANY_MAX = 5_000
LABEL_MAX = 40
SPAM = f"{vocabulary.CLOSED}/spam"


@dataclass(frozen=True, slots=True)
class CaseAction:
    """What is to be done to each of some cases: a field's value, or a label on or off."""

    name: str
    value: str

    def changes(self, tx: Transaction, case: str, desk: str) -> list[Change]:
        """Return what that takes; nothing where it is so already."""
        state = cases.state(tx, case, desk)
        if self.name == "label":
            here = self.value in state.values(LABELS)
            return [] if here else [changes.add(case, LABELS, self.value)]
        if self.name == "unlabel":
            tags = state.tags(LABELS, self.value)
            return [changes.drop(case, LABELS, self.value, tags)] if tags else []
        if self.name == ASSESSED:
            return assessing.assess(tx, case)
        done = []
        if state.get(self.name) != self.value and self.value != case:
            done.append(changes.put(case, self.name, self.value))
            if self.name == DUPLICATE_OF and self.value:
                done.append(
                    changes.put(case, STATUS, f"{vocabulary.CLOSED}/{vocabulary.DUPLICATE}")
                )
        if assessing.decides(self.name, self.value):
            done += assessing.assess(tx, case)
        return done

    def words(self, known: TrustedLine) -> str:
        """Return what is done in words, such as "Assigned to Ada" or "Merged into" a name."""
        if self.name == STATUS:
            return vocabulary.status_words(self.value)
        if self.name == ASSESSED:
            return say("Danger assessed")
        if self.name == PRIORITY:
            return vocabulary.PRIORITIES.get(self.value, say("Not assessed"))
        if self.name == OWNER:
            label = known.label_of(self.value)
            return say("Assigned to {name}", name=label) if self.value else say("Unassigned")
        if self.name == DUPLICATE_OF:
            name = case_views.case_name(self.value) if self.value else ""
            return say("Merged into {case}", case=name) if name else say("Unmerged")
        if self.name == DUE:
            day = self.value
            return say("Deadline {day}", day=day) if day else say("Deadline as usual")
        if self.name == FEEDBACK:
            return say("Feedback given") if self.value else say("Feedback still to be given")
        if self.name == SNOOZE:
            until = self.value[:10]
            return say("Snoozed until {day}", day=until) if until else say("Unsnoozed")
        if self.name == "label":
            return say("Labelled “{label}”", label=self.value)
        return say("Without the label “{label}”", label=self.value)

    @property
    def needs_confirmation(self) -> bool:
        """Whether it puts cases away."""
        return self.name == STATUS and self.value.startswith(vocabulary.CLOSED)


@router.post("/cases")
def many(request: Request, console: TheConsole, vault: TheVault, fields: OurFields) -> Response:
    """Do one thing to all the cases that are ticked."""
    chosen = list(dict.fromkeys(fields.get("case", [])))[:MANY_MAX]
    wanted = list_views.read({name: values[-1] for name, values in fields.items() if values})
    back = "/" + list_views.read({"view": fields.get("list", [""])[-1]}).query()
    if "back" in fields and is_path(fields["back"][-1]):
        back = fields["back"][-1]
    known = trusted_line.load(vault)
    action = _chosen_action(fields, known)
    if not chosen or action is None:
        raise ConsoleError(
            say("Select at least one case, and choose what to do. Nothing was done.")
        )
    if action.needs_confirmation and len(chosen) > 1 and "sure" not in fields:
        values = {
            "names": [case_views.case_name(one) for one in chosen if _is_case(one)],
            "chosen": chosen,
            "action": action,
            "words": action.words(known),
            "back": back,
            "seen": fields.get("seen", [""])[-1],
            "list_query": wanted,
        }
        return page(request, "confirm.html", values)
    do(console, vault, known, chosen, [action])
    if action == CaseAction(STATUS, SPAM):
        _put_away(vault, chosen, fields.get("seen", [""])[-1])
    return RedirectResponse(back, status_code=303)


def _put_away(vault: Vault, chosen: Sequence[str], seen: str) -> None:
    """Note that what the list showed of spam was read: else it stayed new, and open.

    What came after the list was shown (``seen``, Unix seconds) stays new, and so brings its case
    back. Danger that somebody speaks of is not assessed by this.
    """
    if seen.isascii() and seen.isdecimal() and len(seen) <= 12:
        with vault.write() as tx:
            for case in chosen:
                messages.mark_read(tx, case, int(seen))


@router.post("/cases/{id_}/triage")
def triage(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Do what was changed in a case's form.

    What has been changed since the form was shown is left alone, and where the form would change
    just that, nothing is done.
    """
    known = trusted_line.load(vault)
    with vault.read() as tx:
        found = the_case(tx, id_)
        state = cases.state(tx, id_, found.home)
    home = form.get("home", found.home)
    if home != found.home and home in known.own_desks():
        with vault.write() as tx:
            cases.move(tx, id_, home)
        return back_to(id_)
    actions = []
    for name in (STATUS, PRIORITY, OWNER, DUE, FEEDBACK):
        if name in form and form[name] != form.get(f"was-{name}", ""):
            actions.append(_checked(name, form[name], known))
            _refuse_unseen(state, actions[-1], form.get(f"was-{name}"), known)
    if ASSESSED in form:
        actions.append(CaseAction(ASSESSED, "yes"))
    if label := _label(form.get("label", "")):
        actions.append(CaseAction("label", label))
    if "unlabel" in form:
        actions.append(CaseAction("unlabel", form["unlabel"]))
    do(console, vault, known, [id_], actions)
    return back_to(id_)


@router.post("/cases/{id_}/merge")
def merge(console: TheConsole, vault: TheVault, form: OurForm, id_: str) -> Response:
    """Say that a case is a duplicate of another one, by its name or id; or take them apart.

    Where no one case is meant, those that may be are offered (``merging``).
    """
    known = trusted_line.load(vault)
    wanted = form.get("into", "").strip().lower()
    if not wanted:
        do(
            console,
            vault,
            known,
            [id_],
            [CaseAction(DUPLICATE_OF, ""), CaseAction(STATUS, vocabulary.NEW)],
        )
        return back_to(id_)
    with vault.read() as tx:
        found = the_case(tx, id_)
        matching, _ = merging.by_name(tx, found, wanted)
    if len(matching) != 1 or wanted not in (matching[0], case_views.case_name(matching[0])):
        return RedirectResponse(
            f"/cases/{id_}/merge?{urlencode({'name': wanted})}", status_code=303
        )
    with vault.read() as tx:
        main = cases.main_of(tx, matching[0])
        refused = merging.why_not(tx, matching[0])
    if main == id_:
        raise ConsoleError(say("That case is itself a duplicate of this one. Nothing was merged."))
    if refused:
        raise ConsoleError(refused)
    do(console, vault, known, [id_], [CaseAction(DUPLICATE_OF, main)])
    return back_to(main)


@router.post("/undo")
def undo(console: TheConsole, vault: TheVault, form: OurForm) -> Response:
    """Take back a step: a later change says the opposite."""
    given = form.get("step", "")
    id_ = int(given) if given.isdecimal() and len(given) < 10 else console.undo.last()
    step = console.undo.take(id_) if id_ is not None else None
    if step is not None:
        with vault.write() as tx:
            known = trusted_line.load_in(tx)
            take_back(tx, known, step, console.now())
            for desk, change in raising.still_raised(tx, step):
                casework.act(tx, known, desk, [change], console.now())
        console.undo.add(say("Undone: {words}", words=step.words), [])
        _alarm_anew(console, vault, trusted_line.load(vault))
    back = form.get("back", "/")
    return RedirectResponse(back if is_path(back) else "/", status_code=303)


def do(
    console: Console,
    vault: Vault,
    known: TrustedLine,
    chosen: Sequence[str],
    actions: list[CaseAction],
) -> None:
    """Do some things to some cases, all or nothing, by desk; and note how to take it back."""
    back: list[tuple[str, tuple[Change, ...]]] = []
    done: list[Change] = []
    count = 0
    effective: set[CaseAction] = set()
    raised: list[str] = []
    with vault.write() as tx:
        by_desk: dict[str, list[Change]] = {}
        for case in chosen:
            found = the_case(tx, case)
            each = {action: action.changes(tx, case, found.home) for action in actions}
            effective.update(action for action, some in each.items() if some)
            made = [one for some in each.values() for one in some]
            # Only one's own word: who is given a case may be asleep.
            if any(one.name == OWNER and one.value in known.own_keys() for one in actions):
                made += assessing.take(tx, case)
            if not made:
                continue
            count += 1
            by_desk.setdefault(found.home, []).extend(made)
            undoing = casework.undoing(cases.state(tx, case, found.home), made)
            back.append((found.home, tuple(undoing)))
            done += made
        for main, priority in raising.raised(tx, done):
            home, change = the_case(tx, main).home, changes.put(main, PRIORITY, priority)
            by_desk.setdefault(home, []).append(change)
            back.append((home, tuple(casework.undoing(cases.state(tx, main, home), [change]))))
            done.append(change)
            raised.append(_now(main, priority))
        for desk, made in by_desk.items():
            casework.act(tx, known, desk, made, console.now())
    if count and actions:
        # A form says again what was sent a moment ago: what is told is what *Undo* takes back.
        sentences = [one.words(known) for one in actions if not effective or one in effective]
        what = Listing.of([*sentences, *raised])
        words = say("{what}.", what=what)
        if count > 1:
            words = say_count("{count} case: {what}.", "{count} cases: {what}.", count, what=what)
        console.undo.add(words, back, done)
        _alarm_anew(console, vault, known)


def _now(case: str, priority: str) -> str:
    words = vocabulary.PRIORITIES[priority]
    return say("{case} is now: {priority}", case=case_views.case_name(case), priority=words)


def _alarm_anew(console: Console, vault: Vault, known: TrustedLine) -> None:
    """Look what alarms now, and tell colleagues at once if that changed: theirs ring, too."""
    shared = any(len(known.colleagues(desk)) > 1 for desk in known.own_desks())
    if console.alarm.renew(vault) and shared:
        with vault.write() as tx:
            outgoing.share_now(tx)
        console.ask_for_sync()


def _refuse_unseen(
    state: CaseState, action: CaseAction, was: str | None, known: TrustedLine
) -> None:
    """Refuse to write over what was not seen; ``was`` is what the form showed."""
    now = state.get(action.name) or (vocabulary.NEW if action.name == STATUS else "")
    if was is None or now in (was, action.value):
        return
    words = CaseAction(action.name, now).words(known)
    raise ConsoleError(
        say(
            "Somebody has changed this since this page was shown: {words}. Nothing was "
            "done. Look at the case again, then change it if it is still right.",
            words=words,
        )
    )


def _chosen_action(fields: dict[str, list[str]], known: TrustedLine) -> CaseAction | None:
    """Return the one thing that the form asks for: a button's, or the first selection made."""
    for name in (STATUS, PRIORITY, OWNER):
        for value in fields.get(name, []):
            if value:
                return _checked(name, "" if value == "none" else value, known)
    for name in ("label", "unlabel"):
        if label := _label(fields.get(name, [""])[-1]):
            return CaseAction(name, label)
    return None


def _checked(name: str, value: str, known: TrustedLine) -> CaseAction:
    good = True
    if name == STATUS:
        status, disposition = vocabulary.split_status(value)
        good = status == value.partition("/")[0] and (
            status != vocabulary.CLOSED or disposition in vocabulary.DISPOSITIONS
        )
    elif name == PRIORITY:
        good = value == "" or value in vocabulary.PRIORITIES
    elif name == OWNER:
        value = known.own_keys()[0] if value == "me" else value
        good = value == "" or known.label_of(value) != ""
    elif name in (DUE, FEEDBACK):
        good = value == "" or deadlines.read_day(value) is not None
    if not good:
        raise ConsoleError(say("This value is not allowed here. Nothing was done."))
    return CaseAction(name, value)


def _label(text: str) -> str:
    kept = "".join(c for c in text if c.isprintable())
    return " ".join(kept.split())[:LABEL_MAX]


def _is_case(id_: str) -> bool:
    return len(id_) == changes.CASE_CHARACTERS and all(c in "0123456789abcdef" for c in id_)


def back_to(id_: str, place: str = "") -> Response:
    """Return the case's page, at a place of it."""
    return RedirectResponse(f"/cases/{id_}{place}", status_code=303)
