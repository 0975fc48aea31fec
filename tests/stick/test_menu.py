"""Which version the menu starts, by its own words, which a shell reads as GRUB does."""

from __future__ import annotations

import re
import subprocess

import pytest

from deploy.stick import image

_RUN = """
slot=1 trying=5 tries=$2 damaged=$4
version="of the menu's titles"
save_env() { :; }
source() { [ "$1" = "$damaged/boot/grub/start.cfg" ] || can_be_read; }
can_be_read() { version=1.0; start() { echo "$1 of $from, left $tries"; }; }
where() { from=$1; }
start() { echo "$1 as another starts it"; }
"""


def _begin() -> str:
    """Return the menu's function as a shell reads it: ``set`` gives a variable its value."""
    (text,) = re.findall(r"^function begin \{.*?^\}", image.MENU.read_text(), re.S | re.M)
    return re.sub(r"\bset ([a-z]+)=", r"\1=", text)


def _start(way: str, tries: int, by_hand: str = "", damaged: str = "") -> str:
    command = _RUN + _begin() + '\nbegin "$1" "$3"\n'
    done = subprocess.run(
        ["bash", "-c", command, "bash", way, str(tries), by_hand, damaged],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize("way", ["investigator", "agency"])
def test_a_new_version_is_counted_and_tried_where_it_can_prove_itself(way: str) -> None:
    assert _start(way, 2) == f"{way} of 5, left 1"
    assert _start(way, 1) == f"{way} of 5, left 0"
    assert _start(way, 0) == f"{way} of 1, left 0"


def test_exercises_prove_nothing_and_use_no_try_up() -> None:
    assert _start("practise", 2) == "practise of 1, left 2"
    assert _start("practise", 2, by_hand="5") == "practise of 5, left 2"


def test_a_version_whose_way_to_start_cannot_be_read_is_not_started_by_anothers() -> None:
    assert _start("agency", 2, damaged="5") == "agency of 1, left 1"
