"""What people type to set a line up: counted in docs/operating.md, and as the machine is set up."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.setup.server.server_setup import KEPT_APART
from tests.vm import people, set_ups
from tests.vm.field import STICK, Field
from tests.vm.stages import COMMANDS, OTHER_COMPUTERS

DOCS = Path(__file__).parents[2] / "docs"
WHO = {"server": people.OPERATOR, "agency": people.AGENCY, "investigator": people.INVESTIGATOR}
SETS_UP = re.compile(r"apt-get install|apt install|quietline setup \w+|quietline console")


def typed_in(page: str) -> list[tuple[str, str]]:
    """Return the commands that a page has typed for the set-up, with the computer of each."""
    text = (DOCS / page).read_text()
    blocks = re.findall(r"^```sh-(server|agency|investigator)\n(.*?)^```", text, re.DOTALL | re.M)
    return [(where, line) for where, block in blocks for line in block.splitlines()]


def kinds(commands: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Say of each command by whom, and what of a set-up it is; a console once, however reached."""
    found: list[tuple[str, str]] = []
    for who, line in commands:
        match = SETS_UP.search(line)
        assert match, line
        what = match[0].replace("apt-get", "apt").replace("setup console", "console")
        if (who, what) not in found or not what.endswith("console"):
            found.append((who, what))
    return found


class _Book:
    """Notes what a person would type, and answers as the programs do."""

    def __init__(self) -> None:
        self.typed: list[tuple[str, str]] = []

    def type(self, _machine: object, who: str, command: str, _ends_with: int = 0) -> str:
        self.typed.append((who, command))
        return json.dumps({"words": "twelve words"})

    def typing(self, machine: object, who: str, command: str) -> Any:
        self.type(machine, who, command)
        raise _Open


class _Open(Exception):
    """The console is open: what is seen in it is the machine's to say."""


class _Machine:
    def look(self, command: str, _who: str = "root") -> str:
        card = {"reporters": "http://a.onion", "investigators": "http://b.onion"}
        return json.dumps(card) if command == f"cat {STICK}/quietline-server.json" else ""


def as_the_machine_is_set_up() -> Iterator[tuple[str, str]]:
    """Yield what `make test-vm` types, in its order, up to an open line."""
    book = _Book()
    field = cast(Field, SimpleNamespace(book=book, machine=_Machine(), known={}))
    set_ups.server_begins(field)
    set_ups.agency_begins(field)
    set_ups.investigator_asks(field)
    set_ups.agency_enrols(field)
    set_ups.server_ends(field)
    with contextlib.suppress(_Open):
        set_ups.investigator_opens_the_desk(field)
    yield from book.typed


def test_the_whole_set_up_is_few_commands_and_those_that_a_machine_is_set_up_by() -> None:
    documented = typed_in("operating.md")
    assert len(documented) <= COMMANDS
    packages = [one for one in documented if "install" in one[1]]
    assert len(packages) == 1 + OTHER_COMPUTERS, "the package goes onto each computer once"
    there = [(WHO[where], line) for where, line in documented if (where, line) not in packages]
    assert kinds(there) == kinds(list(as_the_machine_is_set_up()))


def test_the_number_that_the_page_says_is_the_number_that_it_has() -> None:
    numbers = {8: "Eight", 9: "Nine", 10: "Ten", 11: "Eleven", 12: "Twelve"}
    commands = len(typed_in("operating.md"))
    assert f"{numbers[commands]} commands lead there" in (DOCS / "operating.md").read_text()


@pytest.mark.parametrize(
    ("page", "where"),
    [("operator.md", "server"), ("agency.md", "agency"), ("investigator.md", "investigator")],
)
def test_a_page_to_print_has_the_commands_of_its_reader(page: str, where: str) -> None:
    own = [one for one in typed_in("operating.md") if one[0] == where]
    printed = [line for _, line in typed_in(page)]
    assert printed == [line for _, line in own]


def test_what_is_kept_apart_is_what_a_new_machine_is_made_from() -> None:
    pages = {page: (DOCS / page).read_text() for page in ("operating.md", "operator.md")}
    assert f"```sh-kept\n{KEPT_APART}\n```" in pages["operating.md"]
    assert f"`{KEPT_APART}`" in pages["operator.md"]
    (broken,) = re.findall(
        r"^```sh-broken\n(.*?)^```", (DOCS / "move-and-end.md").read_text(), re.DOTALL | re.M
    )
    kept = re.search(r"-cf (\S+) (.*)\)$", KEPT_APART)
    assert kept is not None
    assert f"tar -C / -xpf {kept[1]}\n" in broken
    # The data are put back before the set-up starts a server: what comes between would be lost.
    assert broken.index("server restore") < broken.index("quietline setup server")
    assert "etc/quietline" in kept[2].split(), "without settings nothing can be put back before"


@pytest.mark.parametrize(("page", "label"), [("operating.md", "kept"), ("move-and-end.md", "old")])
def test_without_a_stick_no_key_is_written_to_the_servers_own_disk(
    page: str, label: str, tmp_path: Path
) -> None:
    blocks = re.findall(rf"^```sh-{label}\n(.*?)^```", (DOCS / page).read_text(), re.DOTALL | re.M)
    kept = [line for line in blocks[0].splitlines() if "tar -C / -cf /mnt/" in line]
    assert len(kept) == 1
    machine, stick = tmp_path / "machine", tmp_path / "stick"
    for folder in re.findall(r" ((?:etc|srv|var)/[\w/-]+)", kept[0]):
        (machine / folder).mkdir(parents=True)
    stick.mkdir()
    command = kept[0].replace("/mnt", str(stick)).replace("-C / ", f"-C {machine} ")
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "is not a mountpoint" in done.stdout + done.stderr
    assert list(stick.iterdir()) == []
    (mounted := tmp_path / "bin").mkdir()
    (mounted / "mountpoint").symlink_to("/bin/true")
    there = {"PATH": f"{mounted}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-c", command], env=there, check=True)
    (made,) = stick.iterdir()
    assert made.stat().st_mode & 0o077 == 0
