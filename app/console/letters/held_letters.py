"""Where a console holds its letters: made once for a request, released once for a proof.

They lie in the vault with the case's id, and are looked for by nothing else: no code leads to one.
"""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.console.errors import ConsoleError
from app.console.letters import cooperation_letter
from app.console.line.trusted_line import TrustedLine
from app.console.vault import Rng, Transaction, audit_log, messages, owner
from app.console.vault.audit_log import HERE, AuditEvent
from app.protocol.encoding import b64u, unb64u
from app.protocol.errors import ProtocolError
from app.protocol.letter import LETTERS_MAX, LetterRef, ProofRequest, check_proof

FILE = Path(__file__).parent.parent / "content" / "letters.toml"
_LETTERS, _REQUESTS = "letters", "letters-asked"


@dataclass(frozen=True, slots=True)
class Held:
    """A letter as it is kept: its file, what a proof names, the case it was asked for in."""

    case: str
    month: str
    ref: LetterRef
    file: bytes

    def to_json(self) -> dict[str, str]:
        """Return it as the vault keeps it: bytes as hex, the letter's file in b64u."""
        ref = self.ref
        return {
            "case": self.case,
            "month": self.month,
            "n": ref.n.hex(),
            "pk": ref.pk.hex(),
            "letter": ref.letter.hex(),
            "file": b64u(self.file),
        }

    @classmethod
    def from_json(cls, one: dict[str, Any]) -> "Held":
        """Read what ``to_json`` wrote. Raises KeyError, ValueError."""
        parts = (bytes.fromhex(one[name]) for name in ("n", "pk", "letter"))
        return cls(one["case"], one["month"], LetterRef(*parts), unb64u(one["file"]))


@cache
def statements() -> dict[str, str]:
    """Return what a letter can say, by name: the agency's own words, from content/letters.toml."""
    with FILE.open("rb") as file:
        return {name: str(text) for name, text in tomllib.load(file).items()}


def held(tx: Transaction) -> list[Held]:
    """Return every letter of this vault, in the order in which they were made."""
    return [Held.from_json(one) for one in owner.fact(tx, _LETTERS) or []]


def issue(
    tx: Transaction,
    known: TrustedLine,
    case: str,
    statement: str,
    now: int,
    *,
    checked: bool,
) -> Held:
    """Make the letter for a case's latest request, and tell the custody log.

    ``checked`` says that the investigator asked something that only the reporter knows. The month
    is that of the first report here. Raises ConsoleError.
    """
    if not checked:
        raise ConsoleError(
            "Whoever holds the code could ask for the letter. First ask the reporter something "
            "that only they know, then say that you have."
        )
    if statement not in statements():
        raise ConsoleError(f"A letter says one of these: {', '.join(statements())}.")
    found, directory = messages.find(tx, case), known.directory
    file = owner.directory_file(tx)
    if found is None:
        raise ConsoleError("There is no such case here.")
    if directory is None or file is None or not known.active:
        raise ConsoleError("This console is not active in the line's directory: it signs nothing.")
    incoming = [one.raw for one in messages.messages_of(tx, case) if one.direction == "in"]
    requested = [
        keys for raw in incoming if (keys := cooperation_letter.requested(raw)) is not None
    ]
    if not requested:
        raise ConsoleError("The reporter has not asked for a letter. None is made unasked.")
    n, pk = requested[-1]
    kept = held(tx)
    if any(one.ref.n == n and one.ref.pk == pk for one in kept):
        raise ConsoleError("The letter for this request was made already.")
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
    )
    new = Held(case, month, ref, made)
    owner.store_fact(tx, _LETTERS, [one.to_json() for one in [*kept, new]])
    detail = {"letter": ref.letter.hex(), "statement": statement}
    audit_log.record(tx, AuditEvent(case, now, HERE, "letter-made", detail))
    return new


def ask(tx: Transaction, verifier: str, month: str, rng: Rng) -> str:
    """Return the text by which a verifier asks whoever they have before them.

    It is kept until it is answered.

    It names every letter of the month (or all, for an empty one), so it tells of none. Raises
    ConsoleError.
    """
    refs = [one.ref for one in held(tx) if month in ("", one.month)]
    if not refs:
        raise ConsoleError("No letter of that month is held here.")
    try:
        text = ProofRequest(verifier, rng(16), tuple(refs[-LETTERS_MAX:])).to_text()
    except ProtocolError as error:
        raise ConsoleError(str(error)) from None
    owner.store_fact(tx, _REQUESTS, [*(owner.fact(tx, _REQUESTS) or []), text])
    return text


def waiting(tx: Transaction) -> list[ProofRequest]:
    """Return the requests made here that no proof has answered yet, the first made first."""
    return [ProofRequest.from_text(text) for text in owner.fact(tx, _REQUESTS) or []]


def forget(tx: Transaction, nonce: str) -> None:
    """Drop an open request by its nonce (hex): no proof for it releases anything any more."""
    kept = [
        text
        for text in owner.fact(tx, _REQUESTS) or []
        if ProofRequest.from_text(text).nonce.hex() != nonce
    ]
    owner.store_fact(tx, _REQUESTS, kept)


def release(tx: Transaction, proof: str, now: int) -> tuple[Held, str]:
    """Return the letter that a proof is for, and its verifier; the request is used up.

    Raises ConsoleError for a proof that answers none of the requests made here.
    """
    requests: list[str] = owner.fact(tx, _REQUESTS) or []
    for text in requests:
        request = ProofRequest.from_text(text)
        try:
            ref = check_proof(proof, request)
        except ProtocolError:
            continue
        found = next((one for one in held(tx) if one.ref == ref), None)
        if found is None:
            continue
        owner.store_fact(tx, _REQUESTS, [one for one in requests if one != text])
        detail = {"letter": ref.letter.hex(), "to": request.verifier}
        audit_log.record(tx, AuditEvent(found.case, now, HERE, "letter-released", detail))
        return found, request.verifier
    raise ConsoleError(
        "This proof answers no request that was made here and is still open. Nothing was released."
    )
