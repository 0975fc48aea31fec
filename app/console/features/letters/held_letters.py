"""Where a console holds its letters: made once for a request, released once for a proof.

They lie in the vault with the case's id, and are looked for by nothing else: no code leads to one.
"""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.console.errors import ConsoleError
from app.console.features.letters import cooperation_letter
from app.console.features.letters.cooperation_letter import Translation
from app.console.features.letters.storage import kept_letters
from app.console.features.letters.storage.kept_letters import KeptLetter
from app.console.line.trusted_line import TrustedLine
from app.console.vault import Rng, Transaction
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.installation import owner
from app.console.vault.records import messages
from app.protocol.errors import ProtocolError
from app.protocol.letter import LETTERS_MAX, LetterRef, ProofRequest, check_proof
from app.sentences.language import Language
from app.sentences.translatable import of_content, said_by, say
from app.sentences.values import Listing

FILE = Path(__file__).with_name("letters.toml")


@dataclass(frozen=True, slots=True)
class HeldLetter:
    """A letter as it is kept: its file, what a proof names, the case it was asked for in."""

    case: str
    month: str
    ref: LetterRef
    file: bytes

    @classmethod
    def of(cls, one: KeptLetter) -> "HeldLetter":
        """Return a letter out of the vault."""
        return cls(one.case_id, one.month, LetterRef(one.n, one.pk, one.letter), one.file)


@cache
def statements() -> dict[str, str]:
    """Return what a letter can say, by name: the agency's own words, from letters.toml."""
    with FILE.open("rb") as file:
        return {name: of_content(text) for name, text in tomllib.load(file).items()}


def held(tx: Transaction) -> list[HeldLetter]:
    """Return every letter of this vault, in the order in which they were made."""
    return [HeldLetter.of(one) for one in kept_letters.letters(tx)]


def issue(
    tx: Transaction,
    known: TrustedLine,
    case: str,
    statement: str,
    now: int,
    *,
    checked: bool,
    language: Language | None = None,
) -> HeldLetter:
    """Make the letter for a case's latest request, and tell the custody log.

    ``checked`` says that the investigator asked something that only the reporter knows. The month
    is that of the first report here. In a ``language`` that the statement is translated into, that
    stands beside the English. Raises ConsoleError.
    """
    if not checked:
        raise ConsoleError(
            say(
                "Whoever holds the code could ask for the letter. First ask the reporter something "
                "that only they know, then say that you have."
            )
        )
    if statement not in statements():
        raise ConsoleError(
            say("A letter says one of these: {items}.", items=Listing.of(statements()))
        )
    found, directory = messages.find(tx, case), known.directory
    file = owner.directory_file(tx)
    if found is None:
        raise ConsoleError(say("There is no such case here."))
    if directory is None or file is None or not known.active:
        raise ConsoleError(
            say("This console is not active in the hotline's directory: it signs nothing.")
        )
    incoming = [one.raw for one in messages.messages_of(tx, case) if one.direction == "in"]
    requested = [
        keys for raw in incoming if (keys := cooperation_letter.requested(raw)) is not None
    ]
    if not requested:
        raise ConsoleError(say("The reporter has not asked for a letter. None is made unasked."))
    n, pk = requested[-1]
    kept = held(tx)
    if any(one.ref.n == n and one.ref.pk == pk for one in kept):
        raise ConsoleError(say("The letter for this request was made already."))
    month = dt.datetime.fromtimestamp(found.first_at, dt.UTC).strftime("%Y-%m")
    made, ref = cooperation_letter.write(
        known.owner.identity,
        directory,
        file,
        agency=known.owner.line.name,
        month=month,
        statement=statements()[statement],
        n=n,
        pk=pk,
        translation=_translated(statements()[statement], language),
    )
    new = KeptLetter(case, month, ref.n, ref.pk, ref.letter, made)
    kept_letters.add_letter(tx, new)
    detail = {"letter": ref.letter.hex(), "statement": statement}
    audit_log.record(tx, AuditEvent(case, now, HERE, "letter-made", detail))
    return HeldLetter.of(new)


def _translated(statement: str, language: Language | None) -> Translation | None:
    said = language.say(statement) if language else statement
    return Translation(language.tag, said) if language and said != statement else None


def ask(tx: Transaction, verifier: str, month: str, rng: Rng) -> str:
    """Return the text by which a verifier asks whoever they have before them.

    It is kept until it is answered.

    It names every letter of the month (or all, for an empty one), so it tells of none. Raises
    ConsoleError.
    """
    refs = [one.ref for one in held(tx) if month in ("", one.month)]
    if not refs:
        raise ConsoleError(say("There is no letter of that month here."))
    try:
        request = ProofRequest(verifier, rng(16), tuple(refs[-LETTERS_MAX:]))
        text = request.to_text()
    except ProtocolError as error:
        raise ConsoleError(said_by(error)) from None
    kept_letters.add_request(tx, request.nonce, text)
    return text


def waiting(tx: Transaction) -> list[ProofRequest]:
    """Return the requests made here that no proof has answered yet, the first made first."""
    return [ProofRequest.from_text(text) for text in kept_letters.requests(tx)]


def forget(tx: Transaction, nonce: str) -> None:
    """Drop an open request by its nonce (hex): no proof for it releases anything any more."""
    for one in waiting(tx):
        if one.nonce.hex() == nonce:
            kept_letters.forget_request(tx, one.nonce)


def release(tx: Transaction, proof: str, now: int) -> tuple[HeldLetter, str]:
    """Return the letter that a proof is for, and its verifier; the request is used up.

    Raises ConsoleError for a proof that answers none of the requests made here.
    """
    for request in waiting(tx):
        try:
            ref = check_proof(proof, request)
        except ProtocolError:
            continue
        found = next((one for one in held(tx) if one.ref == ref), None)
        if found is None:
            continue
        kept_letters.forget_request(tx, request.nonce)
        detail = {"letter": ref.letter.hex(), "to": request.verifier}
        audit_log.record(tx, AuditEvent(found.case, now, HERE, "letter-released", detail))
        return found, request.verifier
    raise ConsoleError(
        say(
            "This proof answers no request that was made here and is still open. Nothing was "
            "released."
        )
    )
