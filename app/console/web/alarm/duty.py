"""The two states in which nothing of a case is on the screen, told apart.

On duty the vault stays open behind a screen that shows a count; locked, the process is emptied and
nothing is fetched (ADR 0040, 0069).
"""

from dataclasses import dataclass

SHIFTS = (2, 4, 8, 12)
"""Hours for which somebody may be on duty; afterwards the console locks."""


@dataclass(frozen=True, slots=True)
class Duty:
    """The screen is locked, the alarm is not.

    ``since`` is Unix seconds; ``until``, seconds since the machine was started, is the end of the
    shift, ``until_at`` the same as Unix seconds, for people.
    """

    since: int
    until: float
    until_at: int


@dataclass(frozen=True, slots=True)
class Left:
    """What a locked console knows of before: nothing of the vault.

    ``since`` is when it last looked, in Unix seconds; ``deaf_at`` is from when on that is an alarm,
    in seconds since the machine was started, None if somebody locked it by hand; ``slept`` says
    why, ``sound`` whether it may be heard.
    """

    since: int
    deaf_at: float | None
    slept: bool = False
    sound: bool = False
