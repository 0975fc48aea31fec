"""What the machine's kernel refused to a program: none is wanted, but for what is listed here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.vm.machine import Machine

_LOOK = (
    "journalctl --no-pager --quiet --output=cat --namespace='*' "
    "--grep='apparmor=\"DENIED\"|type=1326' || true"
)
"""AppArmor's refusals, and calls that a seccomp filter ended a program for, in every journal."""


@dataclass(frozen=True)
class Expected:
    """A refusal that is no fault."""

    pattern: str
    reason: str


PROVOKED = Expected(
    r'profile="system_tor" name="/etc/shadow" .*comm="cat"',
    "the test's own, to see that it is found",
)
EXPECTED: tuple[Expected, ...] = (PROVOKED,)


def provoke(machine: Machine) -> None:
    """Have AppArmor refuse something. Raises AssertionError where that is seen nowhere."""
    machine.look("! aa-exec -p system_tor -- /usr/bin/cat /etc/shadow")
    seen = machine.look(_LOOK).splitlines()
    assert any(re.search(PROVOKED.pattern, line) for line in seen), seen


def refusals(machine: Machine) -> list[str]:
    """Return what was refused since the machine's journals began, without what is expected."""
    lines = machine.look(_LOOK).splitlines()
    return [one for one in lines if not any(re.search(e.pattern, one) for e in EXPECTED)]
