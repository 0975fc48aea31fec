"""What a machine made of messages here: found by the search, shown below the original."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, func, insert, select

from app.console.rules.body import read_body
from app.console.search import terms
from app.console.vault.database.schema import messages
from app.console.vault.database.search_tables import translated_texts
from app.console.vault.search import finding


@dataclass(frozen=True, slots=True)
class Untranslated:
    """A message that was not tried yet: its id and case, its text, the language that it names."""

    message: int
    case: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Translated:
    """A message as a machine has it in another language.

    ``guessed`` is whether the language that it is from was guessed, ``by`` names the models. An
    empty ``text`` says that it was tried in vain, or that there was nothing to do.
    """

    message: int
    case: str
    source: str
    target: str
    guessed: bool
    by: str
    text: str


def untried(tx: Connection, target: str, most: int) -> list[Untranslated]:
    """Return messages that nothing was tried with into a language.

    The shortest first, of those the latest: only a long text takes the engine long, and a flood of
    such ones keeps nobody waiting who wrote a few sentences.
    """
    tried = exists(
        select(translated_texts.c.id).where(
            translated_texts.c.message == messages.c.id, translated_texts.c.target == target
        )
    )
    chosen = select(messages.c.id, messages.c.case_id, messages.c.body).where(~tried)
    rows = tx.execute(
        chosen.order_by(func.length(messages.c.body), messages.c.id.desc()).limit(most)
    )
    bodies = ((row, read_body(row.body)) for row in rows)
    return [Untranslated(row.id, row.case_id, body.text, body.lang) for row, body in bodies]


def last(tx: Connection) -> int:
    """Return the number of the message that came last: another one says that more has come."""
    return int(tx.execute(select(func.coalesce(func.max(messages.c.id), 0))).scalar_one())


def changed(tx: Connection) -> int:
    """Return a number that is another one once something was translated: pages ask again for it.

    What was last tried, and when: a row's number alone is given again once its row was dropped.
    """
    latest = select(translated_texts.c.id, translated_texts.c.at)
    row = tx.execute(latest.order_by(translated_texts.c.id.desc()).limit(1)).first()
    return 0 if row is None else int(row.id) * 1_000_003 + int(row.at)


def keep(tx: Connection, made: Sequence[Translated], now: int) -> None:
    """Keep translations, and what they are found by; none of a message that is gone by now."""
    for one in made:
        there = select(messages.c.id).where(
            messages.c.id == one.message, messages.c.case_id == one.case
        )
        if tx.execute(there).first() is None:
            continue
        _forget(tx, one.message, one.target)
        values = {
            "message": one.message,
            "case_id": one.case,
            "at": now,
            "source": one.source,
            "target": one.target,
            "guessed": int(one.guessed),
            "by": one.by,
            "text": one.text,
        }
        (id_,) = tx.execute(insert(translated_texts).values(values)).inserted_primary_key or (0,)
        held = " ".join(term.text for term in terms.terms(one.text))
        finding.add(tx, one.case, finding.TRANSLATION, int(id_), held)


def of_case(tx: Connection, case: str) -> list[Translated]:
    """Return what was made of a case's messages, in their order."""
    mine = (translated_texts.c.case_id == case) & (translated_texts.c.text != "")
    rows = tx.execute(select(translated_texts).where(mine).order_by(translated_texts.c.message))
    return [
        Translated(r.message, r.case_id, r.source, r.target, bool(r.guessed), r.by, r.text)
        for r in rows
    ]


def try_again(tx: Connection) -> None:
    """Have what was tried in vain tried anew: there are other models."""
    tx.execute(delete(translated_texts).where(translated_texts.c.text == ""))


def _forget(tx: Connection, message: int, target: str) -> None:
    mine = (translated_texts.c.message == message) & (translated_texts.c.target == target)
    for id_ in list(tx.execute(select(translated_texts.c.id).where(mine)).scalars()):
        finding.forget(tx, finding.TRANSLATION, id_)
    tx.execute(delete(translated_texts).where(mine))
