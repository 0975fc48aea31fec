"""What is done to cases, one or many: what changes, in which words, and how it is taken back.

Each goes through ``casework``. The pages that ask for it are ``action_pages`` and its neighbours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.console.cases import assessing, casework, raising
from app.console.desk import outgoing
from app.console.line.trusted_line import TrustedLine
from app.console.rules import changes, vocabulary
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
from app.console.vault import Transaction, Vault
from app.console.vault.records import cases
from app.console.web import case_views
from app.console.web.requests import the_case
from app.console.web.running_console import Console
from app.sentences.translatable import say, say_count
from app.sentences.values import Listing

MERGED = f"{vocabulary.CLOSED}/{vocabulary.DUPLICATE}"


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
                done.append(changes.put(case, STATUS, MERGED))
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
        alarm_anew(console, vault, known)


def _now(case: str, priority: str) -> str:
    words = vocabulary.PRIORITIES[priority]
    return say("{case} is now: {priority}", case=case_views.case_name(case), priority=words)


def alarm_anew(console: Console, vault: Vault, known: TrustedLine) -> None:
    """Look what alarms now, and tell colleagues at once if that changed: theirs ring, too."""
    shared = any(len(known.colleagues(desk)) > 1 for desk in known.own_desks())
    if console.alarm.renew(vault) and shared:
        with vault.write() as tx:
            outgoing.share_now(tx)
        console.ask_for_sync()
