"""Screens that can be heard: what is to be read out, and taking recordings in.

    content = site_material(folder)
    for one in states(content, "en", today): print(one.screen, one.state)
    take(content, "en", "safety", script)

``folder`` needs line.json and site/ alone, and directory.json for what desks say, all public:
recordings are made and taken in on an ordinary computer, and only site/ is carried to the one with
the root key. A recording is tied to the script it was read from (``app.reporter.listening``): who
takes it in says that it says that.
"""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from app.agency.errors import AgencyError
from app.agency.published_desks import published_desks
from app.agency.sound_conversion import SUFFIXES, published_form
from app.files.bounded_reading import sha256_of
from app.files.writing import write_whole
from app.protocol.errors import BadLine
from app.protocol.line import Line
from app.reporter.build import screen_scripts
from app.reporter.content import SiteContent, load_content
from app.reporter.errors import SiteError
from app.reporter.listening.recordings import (
    FOLDER,
    LIST,
    SUFFIX,
    TAKEN,
    Recording,
    list_bytes,
    readable_recordings,
)

State = Literal["heard", "out of date", "to take in", "missing", "no such screen", "broken"]
TO_DO: Final = frozenset({"out of date", "to take in", "no such screen", "broken"})
"""States that somebody must look at. A screen without a recording is none."""


@dataclass(frozen=True, slots=True)
class ScreenState:
    """A screen of a language, what stands with its recording, and the words to read out.

    Of what is broken, ``screen`` is a sentence that says what is.
    """

    language: str
    screen: str
    state: State
    script: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A recording that was taken in: its seconds, and its bytes as published."""

    seconds: float
    size: int


def site_material(folder: Path) -> SiteContent:
    """Return the site's content of a folder that has line.json and site/, its root key or not.

    Its desks are those of directory.json, where that is there too.

    Raises AgencyError, naming the file to mend.
    """
    try:
        line = Line.parse((folder / "line.json").read_bytes())
        content = load_content(line.line_id, line.name, folder / "site")
        return replace(content, desks=published_desks(folder, line))
    except OSError:
        raise AgencyError(f"{folder} has no line.json: copy it there, with site/.") from None
    except BadLine as error:
        raise AgencyError(f"{error} Take it from your backup.") from None
    except SiteError as error:
        raise AgencyError(f"The site cannot be made: {error}") from None


def scripts(content: SiteContent, language: str, today: dt.date) -> dict[str, str]:
    """Return what is to be read out on each screen, in the page's order. Raises AgencyError."""
    if language not in content.languages:
        known = ", ".join(content.languages)
        raise AgencyError(f"The site does not offer '{language}'. It offers: {known}.")
    try:
        return screen_scripts(content, language, today)
    except SiteError as error:
        raise AgencyError(f"The site cannot be made: {error}") from None


def states(content: SiteContent, language: str, today: dt.date) -> list[ScreenState]:
    """Return every screen of a language with what stands with its recording. Raises AgencyError."""
    said = scripts(content, language, today)
    recordings, broken = readable_recordings(content.folder, language)
    sources = _sources(content, language)
    named = [*said, *sorted({*recordings, *sources} - said.keys())]
    return [
        *(
            ScreenState(
                language,
                screen,
                _state(said.get(screen), recordings.get(screen), sources.get(screen)),
                said.get(screen, ""),
            )
            for screen in named
        ),
        *(ScreenState(language, sentence, "broken") for sentence in broken),
    ]


def source_of(content: SiteContent, language: str, screen: str) -> Path | None:
    """Return a screen's recording as it was recorded, or None. Raises AgencyError."""
    return _sources(content, language).get(screen)


def take(content: SiteContent, language: str, screen: str, script: str) -> Taken:
    """Take a screen's recording in, as one of these words, which somebody has compared.

    Raises AgencyError: nothing to take in, or not a sound of a good length.
    """
    source = source_of(content, language, screen)
    if source is None:
        where = content.folder / FOLDER / language
        raise AgencyError(f"{where} has no recording of '{screen}', such as {screen}.wav.")
    sound, seconds = published_form(source)
    recordings, _ = readable_recordings(content.folder, language)
    made = Recording.of(script, sha256_of(source), sound)
    folder = content.folder / FOLDER / language / TAKEN
    folder.mkdir(exist_ok=True)
    # The sound first: cut short between the two, it is one that nobody took in, and is refused.
    write_whole(folder / f"{screen}{SUFFIX}", sound)
    write_whole(folder / LIST, list_bytes({**recordings, screen: made}))
    return Taken(seconds, len(sound))


def listening_remarks(content: SiteContent, today: dt.date) -> list[str]:
    """Return what who publishes the site should know of its recordings, in sentences."""
    said = []
    for language in content.languages:
        if not (content.folder / FOLDER / language).is_dir():
            continue
        found = states(content, language, today)
        heard = sum(one.state == "heard" for one in found)
        screens = sum(bool(one.script) for one in found)
        said.append(f"Can be heard in {language}: {heard} of {screens} screens and desks.")
        for state, why in (
            ("out of date", "Left out, because these screens say something else now"),
            ("to take in", "Recorded, but not taken in"),
        ):
            if names := [one.screen for one in found if one.state == state]:
                said.append(f"{why}: {', '.join(names)}.")
    return said


def _sources(content: SiteContent, language: str) -> dict[str, Path]:
    """Return the recordings as they were recorded, by screen.

    Raises AgencyError for two of one screen, and for a file of another kind.
    """
    folder = content.folder / FOLDER / language
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not path.is_file() or path.name.startswith(".") or path.suffix == ".txt":
            continue
        if path.suffix.lower() not in SUFFIXES:
            raise AgencyError(f"{path} is not of a kind that is taken in: {', '.join(SUFFIXES)}.")
        if path.stem in found:
            raise AgencyError(f"{path} and {found[path.stem].name} are both of '{path.stem}'.")
        found[path.stem] = path
    return found


def _state(script: str | None, taken: Recording | None, source: Path | None) -> State:
    if script is None:
        return "no such screen"
    if source is not None and (taken is None or taken.source != sha256_of(source)):
        return "to take in"
    if taken is None:
        return "missing"
    return "heard" if taken.says(script) else "out of date"
