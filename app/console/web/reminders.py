"""What reminds: one quiet place, and a number in the bar. Nothing sounds, blinks or pops up.

Reminded is whoever a case is assigned to, and all members of what is assigned to no one, or to
somebody who has left the team, of danger in which nothing happens any more, and of a safety plan
whose day is over and was not looked at. What was put off stays away until its day, with the reason;
what was answered is no longer to be acknowledged.
"""

from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.rules import wording
from app.console.rules.lifecycle import DAY
from app.console.vault.records import case_lists
from app.console.vault.records.case_lists import CaseFilter
from app.console.web.running_console import Console

WEEK = 7 * DAY


def due_now(console: Console) -> int:
    """Return how many cases are overdue or due today: the number in the bar.

    It is 0 of a vault that is locked.
    """
    if console.locked:
        return 0
    now = console.now()
    with console.vault.read() as tx:
        known = trusted_line.load_in(tx)
        return case_lists.count(tx, wanted(known, now, wording.end_of_day(now), everybody=False))


def wanted(known: TrustedLine, now: int, before: int, *, everybody: bool) -> CaseFilter:
    """Return what is due before a time and not put off: one's own and no one's, or all.

    With one's own comes what is everybody's: nothing happens in it (``look_again``), the day of its
    safety plan is over, or whoever has it has left the team.
    """
    owners = () if everybody else (*known.own_keys(), "")
    members = tuple((desk, known.keys_at(desk)) for desk in known.own_desks())
    return CaseFilter(
        open=True,
        due_before=before,
        awake_at=now,
        owner=owners,
        rested_at=now,
        members=members,
    )
