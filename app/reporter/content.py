"""What an agency may change without touching code: numbers, questions, where "leave" leads.

Lives here: the shape of that content and the reading of its folder: what is the same in every
language (``site.toml``, ``questions.toml``), and a folder a language (``LANGUAGE/texts.toml``, the
information pack's ``LANGUAGE/COUNTRY.md``). Never here: desks and investigators (they come from the
signed directory, when the page runs), wording of the page itself (``LANGUAGE/messages.po``, read in
``catalogue.py``), what a question is (``questions.py``), what a colour must be (``colours.py``),
other looks (``pages/site.css``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.protocol.directory import Desk
from app.reporter.catalogue import CONTENT_FOLDER
from app.reporter.colours import Colours, read_colours
from app.reporter.entries import Entry, Signers
from app.reporter.errors import ContentError
from app.reporter.infopack import FOR_ALL, Chapter, read_chapter
from app.reporter.questions import ENGLISH, Countries, Question, missing_words, read_questions
from app.reporter.tables import Table, read_table

DEFAULT_FOLDER = CONTENT_FOLDER
TEXTS = "texts.toml"
POSTERS = "posters.toml"
"""What cards and posters say; no page does."""
UNREVIEWED = "unreviewed"

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
class LocalContent:
    """The content in one language."""

    emergency: tuple[EmergencyNumber, ...]
    helplines: tuple[Helpline, ...]
    questions: tuple[Question, ...]
    chapters: tuple[Chapter, ...]
    lacking: tuple[str, ...] = ()
    """What this language says in English, in sentences that name the file and its place."""

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
    ``folder`` may have catalogues of its own for the page's wording. ``unreviewed_allowed`` are the
    languages of which ``site.toml`` says ``unreviewed = true``, ``unreviewed`` those whose pages
    admit it, ``taken_away`` the tags of those that stood on the site before. ``desks`` are those of
    the directory that was signed last: of them no page says anything, but they can be heard.
    """

    line_id: bytes
    line_name: str
    languages: tuple[str, ...]
    exit_url: str
    local: Mapping[str, LocalContent]
    folder: Path = DEFAULT_FOLDER
    colours: Colours = field(default_factory=Colours)
    unreviewed_allowed: frozenset[str] = frozenset()
    unreviewed: frozenset[str] = frozenset()
    taken_away: tuple[str, ...] = ()
    desks: tuple[Desk, ...] = ()


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
    site = read_table(folder / "site.toml")
    questions = read_table(folder / "questions.toml")
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
        unreviewed_allowed=_unreviewed_allowed(site),
    )


def _unreviewed_allowed(site: Table) -> frozenset[str]:
    """Return the languages that may be offered unreviewed: ``[language.CODE]`` says so."""
    allowed = set()
    for code in site.within("language").table:
        said = site.within("language", code)
        if set(said.table) != {UNREVIEWED} or not isinstance(said.table[UNREVIEWED], bool):
            raise ContentError(f"{said.where} may hold `{UNREVIEWED} = true`, and nothing else.")
        if said.table[UNREVIEWED]:
            allowed.add(code)
    return frozenset(allowed)


def _in_language(
    site: Table, questions: Table, folder: Path, language: str, signers: Signers | None
) -> LocalContent:
    texts = _texts(folder, language)
    chapters = _chapters(site, folder, language, signers)
    entries = {f"{one.country}/{each.id}": each for one in chapters for each in one.entries}
    rows, countries = questions.rows("question"), _countries(chapters)
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
        questions=read_questions(rows, texts, _english(folder, texts), language, countries),
        chapters=chapters,
        lacking=tuple(missing_words(rows, texts, countries)),
    )


def question_labels(
    language: str, folder: Path = DEFAULT_FOLDER
) -> dict[str, tuple[str, dict[str, str]]]:
    """Return what the ids in a report's answers stand for, by question id.

    Each is (its text, option id → text).

    For those who read reports. Questions answered with yes, no or unknown, and those answered in
    words, have no options here. Raises ContentError.
    """
    rows = read_table(folder / "questions.toml").rows("question")
    site = read_table(folder / "site.toml")
    countries = _countries(_chapters(site, folder, language, None))
    texts = _texts(folder, language)
    return {
        each.id: (each.text, {option.id: option.text for option in each.options})
        for each in read_questions(rows, texts, texts, language, countries)
    }


def _texts(folder: Path, language: str) -> Table:
    return read_table(folder / language / TEXTS, f"{language}/{TEXTS}")


def _english(folder: Path, otherwise: Table) -> Table:
    """Return the English words, which stand in for others; a line need not have any."""
    there = (folder / ENGLISH / TEXTS).is_file()
    return _texts(folder, ENGLISH) if there else otherwise


def _chapters(
    site: Table, folder: Path, language: str, signers: Signers | None
) -> tuple[Chapter, ...]:
    """Return the countries of the information pack, none where a line has no pack."""
    named = site.strings("countries") if "countries" in site.table else []
    return tuple(read_chapter(folder, country, language, signers) for country in named)


def _countries(chapters: Iterable[Chapter]) -> Countries:
    return Countries(tuple((one.country, one.title) for one in chapters if one.country != FOR_ALL))


def _helpline(row: Table, texts: Table, entries: Mapping[str, Entry]) -> Helpline:
    named = row.string("entry")
    if named not in entries or not entries[named].phone:
        raise ContentError(
            f"{row.where}: `entry` must name one of the information pack that has a phone, of a "
            f"country that stands in `countries`, such as us/hotline; there is no {named}."
        )
    return Helpline(texts.string("name"), texts.string("about"), entries[named])
