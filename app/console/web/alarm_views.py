"""What alarms, in words: the same for a page when it is made, and for its script afterwards.

Who is not signed in is told a number on duty, and of a locked console since when it does not look;
never a case.
"""

from dataclasses import dataclass

from app.console.line import trusted_line
from app.console.rules import wording
from app.console.web.alarm.alarm_state import ON_DANGER, ON_DEAF
from app.console.web.alarm.duty import Left
from app.console.web.case_views import case_name
from app.console.web.running_console import Console
from app.sentences.translatable import say, say_count

OPEN, DUTY, LOCKED, SIGNED_OUT = "open", "duty", "locked", "signed-out"


@dataclass(frozen=True, slots=True)
class AlarmView:
    """The strip, the title's number, and what sounds.

    ``place`` is where the asking browser is; ``case``, ``name`` and ``was`` (its owner's key) are
    of the first case that alarms, empty for who is not signed in; ``ring`` and ``deaf_ring`` count
    sounds.
    """

    place: str
    version: int
    count: int = 0
    words: str = ""
    case: str = ""
    name: str = ""
    was: str = ""
    more: int = 0
    deaf: str = ""
    trouble: str = ""
    ring: int = 0
    deaf_ring: int = 0
    sound: bool = False
    notify: bool = False
    practice: bool = False


def view(console: Console, *, signed_in: bool) -> AlarmView:
    """Return what a browser is told."""
    alarm = console.alarm
    rings = alarm.rings[ON_DANGER], alarm.rings[ON_DEAF]
    if console.locked:
        left = console.left
        deaf = _left_words(left, console.now()) if alarm.deaf and left else ""
        return AlarmView(
            LOCKED,
            alarm.version,
            deaf=deaf,
            trouble=alarm.trouble,
            ring=rings[0],
            deaf_ring=rings[1],
            sound=left is not None and left.sound,
        )
    on_duty = console.duty is not None
    if not signed_in and not on_duty:
        return AlarmView(SIGNED_OUT, alarm.version, ring=rings[0], deaf_ring=rings[1])
    danger = alarm.danger
    shown = signed_in and danger.count > 0
    # What is made up is seen, and wakes nobody.
    heard = not console.practice
    return AlarmView(
        OPEN if signed_in else DUTY,
        alarm.version,
        count=danger.count,
        words=_danger_words(console) if shown else _count_words(danger.count),
        case=danger.case if shown else "",
        name=case_name(danger.case) if shown else "",
        was=danger.owner if shown else "",
        more=danger.count - 1 if shown else 0,
        deaf=_deaf_words(console) if alarm.deaf else "",
        trouble=alarm.trouble,
        ring=rings[0],
        deaf_ring=rings[1],
        sound=danger.voice.sound and heard,
        notify=danger.voice.notify and heard,
        practice=console.practice,
    )


def since_words(at: int, now: int) -> str:
    """Return a time of today, or a day and a time: 13:05; Tue, 13:05."""
    clock = wording.short_time(at, at)
    day = wording.short_time(at, now)
    return clock if day == clock else say("{day}, {time}", day=day, time=clock)


def _count_words(count: int) -> str:
    if not count:
        return ""
    return say_count("Somebody is in danger now.", "{count} reports of danger now.", count)


def _danger_words(console: Console) -> str:
    danger = console.alarm.danger
    words = _count_words(danger.count)
    if not danger.owner:
        return words
    known = trusted_line.load(console.vault)
    if danger.owner in known.own_keys():
        return say("{danger} Yours until now:", danger=words)
    name = known.label_of(danger.owner) or wording.has_left()
    return say("{danger} Assigned to {name}:", danger=words, name=name)


def _deaf_words(console: Console) -> str:
    since = since_words(console.now() - int(console.alarm.deafness.silence), console.now())
    return say(
        "This console hears nothing: no sync has come through since {since}. Reports "
        "that came since then are not here.",
        since=since,
    )


def _left_words(left: Left, now: int) -> str:
    since = since_words(left.since, now)
    if left.slept:
        return say(
            "This computer slept. The console is locked, and not looking since {since}.",
            since=since,
        )
    return say("This console locked itself, and is not looking since {since}.", since=since)
