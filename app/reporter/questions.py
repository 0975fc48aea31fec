"""The questions of the intake: ``questions.toml`` with one language's words.

A question may hang on answers that were given before (``only_if``); whoever was not asked what it
hangs on has skipped it. Checked here, so that a site with a question that nobody can ever be asked
is not made (docs/spec/site.md, the form; docs/adr/0072).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.reporter.errors import ContentError
from app.reporter.tables import Table

# The names a report's body uses (docs/spec, bodies); the order is the order on the screen.
ANSWERS = ("yes", "no", "unknown")
SKIPPED = "skipped"
"""What stands in ``only_if`` for a question that was not answered, or not asked."""
KNOWN_EVERYWHERE = ("danger_now", "safe_to_reply", "under_18")
"""Questions of which every console knows what their answers mean."""
CHOICE, CARDS, TEXT = KINDS = ("choice", "cards", "text")
COUNTRIES = "countries"
ENGLISH = "en"


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
    the answer named by ``warn_on``. ``only_if``: asked only if each of these questions, all of them
    earlier ones, got one of these answers. ``language`` is that of its words: English where a
    translation lacks one of them.
    """

    id: str
    kind: str
    more: bool
    text: str
    hint: str
    before: str
    warn_on: str
    warning: str
    options: tuple[Option, ...]
    language: str = ENGLISH
    only_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def answers(self) -> tuple[str, ...]:
        """The ids that can stand as its answer in a report; none for words."""
        if self.kind == TEXT:
            return ()
        return tuple(option.id for option in self.options) or ANSWERS


def applies(only_if: Mapping[str, Sequence[str]], answers: Mapping[str, object]) -> bool:
    """Say whether a question is asked of somebody who has given these answers so far.

    An answer is an id or a list of them; of several one is enough.
    """
    for name, wanted in only_if.items():
        said = answers.get(name, SKIPPED)
        given = said if isinstance(said, list) else [said]
        if not any(one in wanted for one in given):
            return False
    return True


@dataclass(frozen=True)
class Countries:
    """The countries of the information pack, which a question may take as its answers."""

    titles: tuple[tuple[str, str], ...]
    """(id, name in the language), in the order of the pack."""


def read_questions(
    rows: Iterable[Table], texts: Table, english: Table, language: str, countries: Countries
) -> tuple[Question, ...]:
    """Return the questions in the order in which they are asked: first those for everybody.

    A further question of which ``texts`` lacks something is asked in English as a whole. Raises
    ContentError, naming file and place.
    """
    read = [_in_words(row, texts, english, language, countries) for row in rows]
    read.sort(key=lambda one: one[0].more)  # keeps the order of the file within both parts
    known: dict[str, Question] = {}
    for question, row in read:
        if question.id in known:
            raise ContentError(f"{row.where}: there is a question `{question.id}` already.")
        known[question.id] = replace(question, only_if=_only_if(row, known))
    return tuple(known.values())


def missing_words(rows: Iterable[Table], texts: Table, countries: Countries) -> list[str]:
    """Return what a language lacks, in sentences: of each question in English the first text."""
    said = []
    for row in rows:
        try:
            _question(row, _words_of(row, texts), "", countries)
        except ContentError as error:
            said.append(str(error))
    return said


def _in_words(
    row: Table, texts: Table, english: Table, language: str, countries: Countries
) -> tuple[Question, Table]:
    try:
        return _question(row, _words_of(row, texts), language, countries), row
    except ContentError:
        # What everybody is asked must be understood by everybody; mistakes in `row` come again.
        if language == ENGLISH or row.table.get("more") is not True:
            raise
        return _question(row, _words_of(row, english), ENGLISH, countries), row


def _words_of(row: Table, texts: Table) -> Table:
    return texts.within("question", row.string("id"))


def _question(row: Table, texts: Table, language: str, countries: Countries) -> Question:
    kind = row.one_of("kind", KINDS, CHOICE)
    options = _options(row, texts.within("option"), countries)
    if kind == CARDS and not options:
        raise ContentError(f"{row.where}: cards need at least one [[question.option]].")
    if row.string("id") in KNOWN_EVERYWHERE and (kind != CHOICE or options):
        # By another answer no console would know that a person is in danger.
        raise ContentError(
            f"{row.where}: every console knows its answers, which are yes, no or unknown. Ask "
            "anything else under an id of your own."
        )
    answers = tuple(option.id for option in options) or ANSWERS
    warn_on = row.one_of("warn_on", answers, "")
    return Question(
        id=row.string("id"),
        kind=kind,
        more=row.table.get("more") is True,
        text=texts.string("text"),
        hint=texts.string("hint"),
        before=texts.string("before") if row.table.get("before") is True else "",
        warn_on=warn_on,
        warning=texts.string("warning") if warn_on else "",
        options=options,
        language=language,
    )


def _options(row: Table, texts: Table, countries: Countries) -> tuple[Option, ...]:
    ids = [(each.string("id"), each.string("icon")) for each in row.rows("option")]
    if len({name for name, _ in ids}) != len(ids) or SKIPPED in dict(ids):
        raise ContentError(
            f"{row.where}: each [[question.option]] needs an id of its own, and none may be "
            f"`{SKIPPED}`."
        )
    own = tuple(Option(name, icon, texts.string(name)) for name, icon in ids)
    if not row.one_of("options_from", (COUNTRIES,), ""):
        return own
    return tuple(Option(name, "pin", title) for name, title in countries.titles) + own


def _only_if(row: Table, earlier: Mapping[str, Question]) -> dict[str, tuple[str, ...]]:
    """Return on what a question hangs.

    Only on earlier ones, which is also what makes a circle impossible.
    """
    if "only_if" not in row.table:
        return {}
    conditions = row.within("only_if")
    if not conditions.table:
        raise ContentError(
            f"{row.where}: `only_if` must name an earlier question with its answers, such as "
            '{ whose_case = ["mine"] }.'
        )
    found = {}
    for name in conditions.table:
        if name not in earlier or earlier[name].kind == TEXT:
            raise ContentError(
                f"{row.where}: `only_if` names `{name}`, which is no question with fixed answers "
                "that is asked before this one."
            )
        wanted, known = conditions.strings(name), (*earlier[name].answers, SKIPPED)
        unknown = next((one for one in wanted if one not in known), None)
        if unknown is not None or not wanted:
            raise ContentError(
                f"{row.where}: `only_if` must name answers of `{name}`: {', '.join(known)}."
            )
        found[name] = tuple(wanted)
    return found
