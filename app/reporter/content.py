"""What an agency may change without touching code: numbers, questions, where "leave" leads.

Lives here: the shape of that content and the reading of its folder: what is the same in every
language (``site.toml``, ``questions.toml``), and a folder a language (``LANGUAGE/texts.toml``, the
information pack's ``LANGUAGE/COUNTRY.md``). Never here: desks and investigators (they come from the
signed directory, when the page runs), wording of the page itself (``LANGUAGE/messages.po``, read in
``catalogue.py``), what a colour must be (``colours.py``), other looks (``pages/site.css``).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.reporter.catalogue import CONTENT_FOLDER
from app.reporter.colours import Colours, read_colours
from app.reporter.entries import Entry, Signers
from app.reporter.errors import ContentError
from app.reporter.infopack import Chapter, read_chapter

DEFAULT_FOLDER = CONTENT_FOLDER
TEXTS = "texts.toml"

# The names a report's body uses (docs/spec, bodies); the order is the order on the screen.
ANSWERS = ("yes", "no", "unknown")
KNOWN_EVERYWHERE = ("danger_now", "safe_to_reply", "under_18")
"""Questions of which every console knows what their answers mean."""
CHOICE, CARDS, TEXT = KINDS = ("choice", "cards", "text")
LINE_ID_BYTES = 32


@dataclass(frozen=True)
class EmergencyNumber:
    """A number to call when life is in danger now; ``id`` is its country's, such as uk."""

    id: str
    number: str
    country: str


@dataclass(frozen=True)
class Helpline:
    """A person to talk to who is not us: an entry of the information pack, in a few words."""

    name: str
    about: str
    entry: Entry


@dataclass(frozen=True)
class Option:
    """One of a question's own answers: ``id`` goes into the report, the rest onto the screen."""

    id: str
    icon: str
    text: str


@dataclass(frozen=True)
class Question:
    """One optional question.

    ``kind``: ``choice`` is one of ``options`` (none of its own: yes, no, "I don't know"), ``cards``
    any number of them, ``text`` a few words. ``more``: asked only of who wants to answer more.
    ``before`` stands on a screen of its own in front of a hard question; ``warning`` appears under
    the answer named by ``warn_on``.
    """

    id: str
    icon: str
    kind: str
    more: bool
    text: str
    hint: str
    before: str
    warn_on: str
    warning: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class LocalContent:
    """The content in one language."""

    emergency: tuple[EmergencyNumber, ...]
    helplines: tuple[Helpline, ...]
    questions: tuple[Question, ...]
    chapters: tuple[Chapter, ...]

    @property
    def first_questions(self) -> tuple[Question, ...]:
        """Those that everybody is asked."""
        return tuple(each for each in self.questions if not each.more)

    @property
    def more_questions(self) -> tuple[Question, ...]:
        """Those for who wants to answer more."""
        return tuple(each for each in self.questions if each.more)

    @property
    def steps(self) -> tuple[str, ...]:
        """Every screen of writing, in order: their places number the neutral titles."""
        more = [
            step
            for each in self.more_questions
            for step in ((f"before-{each.id}",) if each.before else ()) + (f"question-{each.id}",)
        ]
        first = [f"question-{each.id}" for each in self.first_questions]
        between = ["more", *more] if more else []
        last = ["desks", "review", "sending", "receipt", "no-code", "try", "done"]
        return ("text", "files", *first, *between, *last)


@dataclass(frozen=True)
class SiteContent:
    """Everything a site is rendered from. The same value always gives the same bytes.

    ``line_id`` is the agency's first root key (32 bytes); ``exit_url`` is where "Leave this page"
    leads on the open web (an onion address and this machine use a plain page of the site instead).
    ``folder`` may have catalogues of its own for the page's wording.
    """

    line_id: bytes
    line_name: str
    languages: tuple[str, ...]
    exit_url: str
    local: Mapping[str, LocalContent]
    folder: Path = DEFAULT_FOLDER
    colours: Colours = field(default_factory=Colours)


def load_content(
    line_id: bytes,
    line_name: str,
    folder: Path = DEFAULT_FOLDER,
    languages: tuple[str, ...] | None = None,
    signers: Signers | None = None,
) -> SiteContent:
    """Read a content folder. ``languages`` narrows or orders those of ``site.toml``.

    Entries of the information pack count as checked where one of ``signers`` signed that.
    Raises ContentError, naming the file and what is missing in it.
    """
    if len(line_id) != LINE_ID_BYTES:
        raise ContentError(f"A line id has {LINE_ID_BYTES} bytes; this one has {len(line_id)}.")
    if not line_name.strip():
        raise ContentError("The line needs a name: reporters are told who will read them.")
    site = _Table(_read(folder / "site.toml"), "site.toml")
    questions = _Table(_read(folder / "questions.toml"), "questions.toml")
    chosen = languages or tuple(site.strings("languages"))
    if not chosen:
        raise ContentError('site.toml: `languages` is empty; name at least one, such as "en".')
    exit_url = site.string("exit_url")
    if not exit_url.startswith("https://"):
        raise ContentError("site.toml: `exit_url` must begin with https://.")
    return SiteContent(
        line_id=line_id,
        line_name=line_name.strip(),
        languages=chosen,
        exit_url=exit_url,
        local={each: _in_language(site, questions, folder, each, signers) for each in chosen},
        folder=folder,
        colours=read_colours(site.table.get("colours", {})),
    )


def _in_language(
    site: "_Table", questions: "_Table", folder: Path, language: str, signers: Signers | None
) -> LocalContent:
    texts = _texts(folder, language)
    chapters = tuple(
        read_chapter(folder, country, language, signers)
        for country in (site.strings("countries") if "countries" in site.table else [])
    )
    entries = {f"{one.country}/{each.id}": each for one in chapters for each in one.entries}
    return LocalContent(
        emergency=tuple(
            EmergencyNumber(
                id=row.string("id"),
                number=row.string("number"),
                country=texts.within("emergency").string(row.string("id")),
            )
            for row in site.rows("emergency")
        ),
        helplines=tuple(
            _helpline(row, texts.within("helpline", row.string("id")), entries)
            for row in site.rows("helpline")
        ),
        questions=_questions(questions, texts),
        chapters=chapters,
    )


def question_labels(
    language: str, folder: Path = DEFAULT_FOLDER
) -> dict[str, tuple[str, dict[str, str]]]:
    """Return what the ids in a report's answers stand for, by question id.

    Each is (its text, option id → text).

    For those who read reports. Questions answered with yes, no or unknown, and those answered in
    words, have no options here. Raises ContentError.
    """
    rows = _Table(_read(folder / "questions.toml"), "questions.toml")
    return {
        each.id: (each.text, {option.id: option.text for option in each.options})
        for each in _questions(rows, _texts(folder, language))
    }


def _texts(folder: Path, language: str) -> "_Table":
    name = f"{language}/{TEXTS}"
    return _Table(_read(folder / language / TEXTS, name), name)


def _helpline(row: "_Table", texts: "_Table", entries: Mapping[str, Entry]) -> Helpline:
    named = row.string("entry")
    if named not in entries or not entries[named].phone:
        raise ContentError(
            f"{row.where}: `entry` must name one of the information pack that has a phone, of a "
            f"country that stands in `countries`, such as us/hotline; there is no {named}."
        )
    return Helpline(texts.string("name"), texts.string("about"), entries[named])


def _questions(questions: "_Table", texts: "_Table") -> tuple[Question, ...]:
    return tuple(
        _question(row, texts.within("question", row.string("id")))
        for row in questions.rows("question")
    )


def _question(row: "_Table", texts: "_Table") -> Question:
    kind = row.one_of("kind", KINDS, CHOICE)
    ids = [(each.string("id"), each.string("icon")) for each in row.rows("option")]
    if kind == CARDS and not ids:
        raise ContentError(f"{row.where}: cards need at least one [[question.option]].")
    if row.string("id") in KNOWN_EVERYWHERE and (kind != CHOICE or ids):
        # By another answer no console would know that a person is in danger.
        raise ContentError(
            f"{row.where}: every console knows its answers, which are yes, no or unknown. Ask "
            "anything else under an id of your own."
        )
    options = tuple(Option(id, icon, texts.within("option").string(id)) for id, icon in ids)
    answers = tuple(option.id for option in options) or ANSWERS
    warn_on = row.one_of("warn_on", answers, "")
    return Question(
        id=row.string("id"),
        icon=row.string("icon"),
        kind=kind,
        more=row.table.get("more") is True,
        text=texts.string("text"),
        hint=texts.string("hint"),
        before=texts.string("before") if row.table.get("before") is True else "",
        warn_on=warn_on,
        warning=texts.string("warning") if warn_on else "",
        options=options,
    )


def _read(path: Path, name: str = "") -> dict[str, Any]:
    name = name or path.name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError(
            f"The content folder has no {name}. Your folder may come from an older release. "
            f"`quietline agency init` in another place makes a new one: copy its site/{name} "
            "here, then put your own words into it. site/README.md there says what each file holds."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{name} cannot be read: {error}.") from None


@dataclass(frozen=True)
class _Table:
    """A TOML table that names itself in every complaint."""

    table: Mapping[str, Any]
    where: str

    def string(self, key: str) -> str:
        value = self.table.get(key)
        if not isinstance(value, str):
            raise ContentError(f"{self.where}: `{key}` is missing or is not a text.")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], otherwise: str) -> str:
        if key not in self.table:
            return otherwise
        value = self.string(key)
        if value not in allowed:
            raise ContentError(f"{self.where}: `{key}` must be one of {', '.join(allowed)}.")
        return value

    def strings(self, key: str) -> list[str]:
        value = self.table.get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ContentError(f"{self.where}: `{key}` must be a list of texts.")
        return value

    def within(self, *keys: str) -> "_Table":
        """Return the table at that place; an empty one where there is none: it is missed then."""
        table: Any = self.table
        for key in keys:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        path = ".".join(keys)
        before = f"{self.where[:-1]}." if self.where.endswith("]") else f"{self.where}, ["
        return _Table(table if isinstance(table, dict) else {}, f"{before}{path}]")

    def rows(self, key: str) -> list["_Table"]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise ContentError(f"{self.where}: `{key}` must be written as [[{key}]] tables.")
        return [_Table(row, f"{self.where}, {key} {n}") for n, row in enumerate(value, start=1)]
