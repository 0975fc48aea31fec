"""``quietline setup server``: the steps from a bare Debian to a line that answers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.files.writing import write_whole
from app.server.operations.doctor.examination import Options, Report, examine
from app.server.operations.doctor.machine import Machine
from app.server.settings import SettingsError, load
from app.setup import sticks
from app.setup.carried import CARD, ServerCard
from app.setup.dialogue import Dialogue, Question, WrongAnswer, as_text
from app.setup.qr_codes import as_blocks
from app.setup.server.carried_folder import PUBLISHED, TakingIn
from app.setup.server.laid_files import LaidFiles
from app.setup.server.open_web import OpenWeb, read_name
from app.setup.server.running import CONFIG, SOCKET, Running, most_gib, read_gib, room_gib
from app.setup.server.server_host import Host
from app.setup.server.tor_onions import TorOnions
from app.setup.steps import NotRight, Step

KEYS = "line_name|web|attachments_gib|look_in|give_to|line_numbers|replace_caddyfile"
ANSWERS = "/etc/quietline/setup-answers.json"
_NAME_MAX = 80
_BEGINS_LATER = ("bundles", "desks")
"""What the doctor finds until the first console has synced: it is no fault of this machine."""


class Findings(NotRight):
    """The server is set up, and the doctor found something to mend."""


@dataclass(frozen=True, slots=True)
class ServerChoices:
    """What was answered at the beginning."""

    line_name: str
    web: str | None
    attachments_gib: int | None
    """None where there are settings already."""
    look_in: Sequence[Path]


def ask_choices(host: Host, dialogue: Dialogue) -> ServerChoices:
    """Ask what only the operator knows. Raises NotRight, Stopped, Misused."""
    name = dialogue.ask(
        Question("line_name", "What the hotline is called, as reporters will read it", _line_name)
    )
    web = dialogue.ask(
        Question(
            "web",
            "Its name on the open web as well, such as tips.example.org; nothing: an onion alone, "
            "for Tor Browser",
            read_name,
            "",
        )
    )
    gib = None if host.text(CONFIG) is not None else _ask_room(host, dialogue)
    look_in = (
        dialogue.ask(Question("look_in", "", sticks.read_places, ""))
        if dialogue.known("look_in")
        else []
    )
    return ServerChoices(name, web, gib, look_in)


def _ask_room(host: Host, dialogue: Dialogue) -> int:
    """Ask how much of the disk files may take. Once there are settings, they say it."""
    room, most = room_gib(host), most_gib(host)
    return dialogue.ask(
        Question(
            "attachments_gib",
            f"GiB of the disk for files that reporters send (there is room for {most})",
            lambda text: read_gib(text, most),
            str(room),
        )
    )


def steps_of(
    host: Host, dialogue: Dialogue, choices: ServerChoices, show: Callable[[Report], None]
) -> list[Step]:
    """Return the steps; ``show`` prints what the doctor found."""
    files, onions = LaidFiles(host), TorOnions(host)

    def card() -> ServerCard:
        web = None if choices.web is None else f"https://{choices.web}"
        return ServerCard(choices.line_name, onions.reporters(), onions.investigators(), web)

    def places() -> list[Path]:
        return [*sticks.mounted(), *choices.look_in, Path.cwd()]

    taking_in = TakingIn(host, dialogue, card, places)
    running = Running(host, choices.attachments_gib)
    addresses = _Addresses(host, dialogue, card)
    consoles = _Consoles(onions, taking_in)
    doctor = _Doctor(host, choices.web, show)
    steps = [
        Step(
            "The machine",
            "The system's units, the user quietline and its folders are made where they lack.",
            files.done,
            files.do,
            files.found,
        ),
        Step(
            "Tor and two onions",
            "Tor is set up with an onion for reporters and one that investigators' consoles alone "
            "can find, and started. This takes a minute.",
            onions.done,
            onions.do,
            onions.found,
        ),
        Step(
            "The addresses, for the agency",
            "The addresses are written into a file for the agency, and shown.",
            addresses.done,
            addresses.do,
            addresses.found,
        ),
        Step(
            "The agency's folder",
            "What the agency signed is looked for, checked and put in place.",
            taking_in.done,
            taking_in.do,
            taking_in.found,
        ),
        Step(
            "Which consoles are let in",
            "The keys of the investigators' consoles are given to Tor.",
            consoles.done,
            consoles.do,
            consoles.found,
        ),
        Step(
            "The server",
            "Its settings are written, and it is started, now and whenever the machine starts.",
            running.done,
            running.do,
            running.found,
        ),
    ]
    if choices.web is not None:
        web = OpenWeb(host, dialogue, choices.web, onions.reporters)
        steps.append(
            Step(
                "On the open web",
                "Caddy is put before the server, and gets a certificate by itself.",
                web.done,
                web.do,
                web.found,
            )
        )
    steps.append(
        Step(
            "Is everything well?",
            "The doctor looks at the whole machine (`quietline server doctor`).",
            lambda: False,
            doctor.do,
            doctor.found,
        )
    )
    return steps


KEPT_APART = (
    "mountpoint /mnt && (umask 077; tar -C / -cf /mnt/addresses.tar etc/quietline srv/quietline "
    "var/lib/tor/quietline var/lib/tor/quietline-desk)"
)
"""What is kept on a stick, as docs/operating.md has it: addresses, settings, what is public."""


def check_may(host: Host) -> None:
    """Refuse who cannot change the machine. Raises NotRight."""
    if host.root == Path("/") and os.geteuid() != 0:
        raise NotRight(
            "A server is set up by root, who may change the machine. Type: sudo quietline setup "
            "server"
        )


def what_comes_next(web: str | None) -> str:
    """Say what the operator does once all steps are done."""
    way = "" if web is None else f" or https://{web} in any browser"
    return (
        "\nThe server is set up. What comes next:\n"
        "  1. Each investigator opens their console once, so that it gives the server its keys; a "
        "minute later the desks are open.\n"
        f"  2. Open the reporters' onion in Tor Browser{way}, send a report to yourself, and read "
        "it at a console.\n"
        "  3. Put what a new machine needs if this one breaks onto a stick (here at /mnt), and the "
        "stick into a safe: without it the addresses are lost, and who has it is the onion.\n"
        f"     {KEPT_APART}\n"
        "  4. When the agency brings a new folder, type `quietline setup server` again. Each week: "
        "`quietline server doctor --config /etc/quietline/server.toml`."
    )


class _Addresses:
    """Writes the card, shows both onions, copies the card to a stick."""

    def __init__(self, host: Host, dialogue: Dialogue, card: Callable[[], ServerCard]) -> None:
        self._host = host
        self._dialogue = dialogue
        self._card = card

    def done(self) -> bool:
        return self._host.text(f"{PUBLISHED}/{CARD}") == self._card().serialise().decode()

    def do(self) -> None:
        card = self._card()
        self._dialogue.say("\nReporters' onion, also for a phone's camera:\n")
        self._dialogue.say(as_blocks(f"{card.reporters}/"))
        self._dialogue.say("\nInvestigators' onion (their consoles learn it from the agency):\n")
        self._dialogue.say(as_blocks(f"{card.investigators}/"))
        place = sticks.ask_where_to(
            self._dialogue, "give_to", f"A stick to which {CARD} is copied for the agency"
        )
        data = card.serialise()
        if place is not None:
            write_whole(place / CARD, data)
            self._dialogue.say(f"It is on the stick: {place / CARD}")
        # Last: whoever stops while the stick is asked for is asked again.
        self._host.write(f"{PUBLISHED}/{CARD}", data.decode())

    def found(self) -> str:
        card = self._card()
        on_web = "" if card.web is None else f"\n    on the open web:  {card.web}"
        return (
            "The addresses. Read them to the agency, or let them be compared on the screen:\n"
            f"    reporters:        {card.reporters}\n"
            f"    investigators:    {card.investigators}{on_web}\n"
            f"    as a file:        {self._host.at(PUBLISHED) / CARD}"
        )


class _Consoles:
    """Lets in the consoles that the agency's folder names."""

    def __init__(self, onions: TorOnions, taking_in: TakingIn) -> None:
        self._onions = onions
        self._taking_in = taking_in

    def done(self) -> bool:
        return self._onions.lets_in(self._named())

    def do(self) -> None:
        self._onions.let_in(self._named())

    def found(self) -> str:
        if not self.done():
            raise NotRight("Tor's keys are not those that the agency's folder names.")
        number = len(self._named())
        return f"{number} console{'' if number == 1 else 's'} of the agency's may give keys."

    def _named(self) -> dict[str, str]:
        present = self._taking_in.present()
        return {} if present is None else present.consoles


class _Doctor:
    """Runs the doctor. What the first console ends is said, and is no fault."""

    def __init__(self, host: Host, web: str | None, show: Callable[[Report], None]) -> None:
        self._host = host
        self._web = web
        self._show = show
        self._report = Report()

    def do(self) -> None:
        config = self._host.at(CONFIG)
        address = None if self._web is None else f"https://{self._web}"
        options = Options(config, self._host.at(SOCKET), address, connect=address is not None)
        try:
            settings = load(config)
        except SettingsError as error:
            raise NotRight(str(error)) from None
        self._report = examine(settings, Machine(time.time(), self._host.root), options)
        self._show(self._report)

    def found(self) -> str:
        wrong = [one for one in self._report.findings if one.about not in _BEGINS_LATER]
        if wrong:
            raise Findings(
                f"{len(wrong)} of the above want mending, and are said again until they are: "
                f"{', '.join(dict.fromkeys(one.about for one in wrong))}."
            )
        if self._report.findings:
            return "Nothing is wrong with this machine: the first console's visit ends the above."
        return "Nothing wrong was found."


def _line_name(text: str) -> str:
    name = as_text(text)
    if len(name) > _NAME_MAX or not name.isprintable():
        raise WrongAnswer(f"1 to {_NAME_MAX} characters.")
    return name
