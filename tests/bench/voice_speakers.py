"""Speakers that can be had without recording anybody: most are cut from a person's voice."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.onion.process import needed

KNOWN = {
    "en": (
        "The house is at the end of the road, and the door is always locked at night.",
        "My brother works on a fishing boat, and nobody has paid him for three months.",
        "There are nine of us in two rooms, and a man counts us every morning.",
        "She told me that the agency took her papers when she arrived at the airport.",
    ),
    "it": (
        "La casa è in fondo alla strada e la porta è sempre chiusa di notte.",
        "Mio fratello lavora su una barca e nessuno lo paga da tre mesi.",
        "Siamo in nove in due stanze e un uomo ci conta ogni mattina.",
        "Mi ha detto che l'agenzia ha preso i suoi documenti all'aeroporto.",
    ),
}
TOLD = {
    "en": (
        "They keep our passports in a locked drawer, and we may not leave after dark.",
        "I have to work every day from six in the morning until late in the evening.",
        "He says that we must pay for the journey before we can have our money.",
        "Please help us, but do not call the number that is written on the door.",
    ),
    "it": (
        "Tengono i nostri passaporti in un cassetto e non possiamo uscire la sera.",
        "Devo lavorare tutti i giorni dalle sei del mattino fino a tardi.",
        "Dice che dobbiamo pagare il viaggio prima di avere i nostri soldi.",
        "Aiutateci, ma non chiamate il numero scritto sulla porta.",
    ),
}


@dataclass(frozen=True)
class Speaker:
    """Who can be made to say a sentence; ``person`` if the voice was cut from a person's."""

    name: str
    lang: str
    person: bool
    say: Callable[[str, Path], None]


def all_speakers() -> list[Speaker]:
    """Return every speaker, by name."""
    flite = [Speaker(f"flite-{n}", "en", True, _flite(n)) for n in ("kal16", "awb", "rms", "slt")]
    diphones = (("ked", "en"), ("pc", "it"), ("lp", "it"))
    festival = [Speaker(f"festival-{n}", lang, True, _festival(n)) for n, lang in diphones]
    forms = ("en-gb", "en-us+m3", "en-gb+f2", "en-us+f4")
    espeak = [Speaker(f"espeak-{n}", "en", False, _espeak(n)) for n in forms]
    return [*flite, *festival, *espeak]


def _flite(voice: str) -> Callable[[str, Path], None]:
    return lambda text, to: _run([needed("flite"), "-voice", voice, "-t", text, "-o", str(to)])


def _espeak(voice: str) -> Callable[[str, Path], None]:
    return lambda text, to: _run([needed("espeak-ng"), "-v", voice, "-w", str(to), text])


def _festival(voice: str) -> Callable[[str, Path], None]:
    program = f"(voice_{voice}_diphone)"

    def say(text: str, to: Path) -> None:
        # Its Italian knows Latin-1 alone.
        given = text.encode("latin-1")
        _run([needed("text2wave"), "-eval", program, "-o", str(to)], given)

    return say


def _run(command: list[str], given: bytes | None = None) -> None:
    subprocess.run(command, input=given, check=True, stdout=subprocess.DEVNULL)
