"""What stands between a hostile file and this machine, in sentences for its investigator."""

import os
from dataclasses import dataclass

from app.console.viewer.child import fonts
from app.console.viewer.host import Machine
from app.console.viewer.previewable import Kind
from app.sentences.translatable import say
from app.sentences.values import Listing


@dataclass(frozen=True, slots=True)
class Part:
    """A part of this machine.

    Its name, whether it is here, what that means, and whether it is missed (the sandbox is; a
    converter is a choice).
    """

    name: str
    here: bool
    words: str
    needed: bool = False


_ROOT = Part(
    say("A user of its own"),
    False,
    say(
        "The console runs as root. No limit of processes binds root: a malicious file that takes "
        "over a converter can slow this computer to a halt for a minute and a half. Without "
        "bubblewrap it could end or read any program here. Run the console as a user who is not "
        "root."
    ),
)


def parts(machine: Machine) -> list[Part]:
    """Return every part that matters to files, the sandbox first."""
    sandboxed = machine.bwrap is not None
    lacking = fonts.missing()
    return [
        Part(
            "bubblewrap",
            sandboxed,
            say("Files are opened in a sandbox: no network, no access to your files.")
            if sandboxed
            else say(
                "Missing, or this system does not let it work: a malicious file could reach your "
                "own files. Do not preview files here until the package bubblewrap is installed. "
                "Nothing is converted or read for the search."
            ),
            needed=True,
        ),
        Part(
            "libseccomp",
            machine.seccomp,
            say(
                "A file that takes over the program that opens it can do very little to this "
                "computer."
            )
            if machine.seccomp
            else say(
                "Missing: a malicious file has more ways to attack this computer. Install the "
                "package libseccomp2."
            ),
            needed=True,
        ),
        *([_ROOT] if os.geteuid() == 0 else ()),
        _converter(
            machine,
            Kind.PHONE_PICTURE,
            "libheif",
            say("Pictures in HEIC and AVIF"),
            "libheif-examples",
        ),
        _converter(machine, Kind.OFFICE, "LibreOffice", say("Office files"), "libreoffice-nogui"),
        _converter(machine, Kind.FILM, "ffmpeg", say("Recordings and films"), "ffmpeg"),
        Part(
            "tesseract",
            sandboxed and machine.reader is not None,
            say("Letters in pictures are read for the search.")
            if sandboxed and machine.reader is not None
            else say(
                "Letters in pictures are not read for the search (package tesseract-ocr, and a "
                "language each)."
            ),
        ),
        Part(
            say("Fonts"),
            not lacking,
            say("Texts in every script that is known here are drawn.")
            if not lacking
            else say(
                "Texts would be boxes in: {lacking} (packages fonts-noto-core and fonts-noto-cjk).",
                lacking=Listing.of(lacking),
            ),
        ),
    ]


def _converter(machine: Machine, kind: Kind, name: str, what: str, package: str) -> Part:
    installed = kind in machine.converters
    here = machine.bwrap is not None and machine.converter("show", kind) is not None
    if here:
        words = say("{what} are shown.", what=what)
    elif installed:
        words = say(
            "{what} are not shown: it is here, but this system gives it no walls to run in.",
            what=what,
        )
    else:
        words = say("{what} are not shown (package {package}).", what=what, package=package)
    return Part(name, here, words)
