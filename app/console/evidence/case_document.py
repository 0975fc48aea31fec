"""What a case says, as one plain document of strings, numbers and lists (spec: export, content).

Notes for oneself are not in it, nor drafts. Where a file is not wholly here, it says so.
"""

import hashlib
import re
from dataclasses import asdict, dataclass
from typing import Any

from app.console.errors import FileProblem
from app.console.line.trusted_line import TrustedLine
from app.console.rules import htcds, wording
from app.console.vault import Transaction, Vault
from app.console.vault.attachments import decrypted_files, files
from app.console.vault.attachments.files import File, FileState
from app.console.vault.custody import export_marks
from app.console.vault.records import messages
from app.console.vault.records.messages import Message
from app.sentences.translatable import say

Document = dict[str, Any]

_HERE = (FileState.HERE, FileState.LOCAL, FileState.SENT)
_NAME_MAX, _ENDING_MAX = 50, 10
_STAYS = say("It was left out: the team marked it “never export”.")
_GONE = say("It is not wholly on the console that made this, or it was damaged there.")


@dataclass(frozen=True, slots=True)
class Content:
    """The document; the messages' bodies as they came, by their path; the files by theirs."""

    document: Document
    bodies: dict[str, bytes]
    files: dict[str, File]


def read(
    vault: Vault, tx: Transaction, known: TrustedLine, case: str, name: str, now: int
) -> Content:
    """Return everything of a case.

    ``name`` is what people call it; raises LookupError for no case.
    """
    kept = files.of_case(tx, case)
    bodies: dict[str, bytes] = {}
    paths: dict[str, File] = {}
    marks = export_marks.of_files(tx, case)
    listed: dict[int | None, list[Document]] = {}
    for place, file in enumerate(kept, start=1):
        path = file_path(place, file.name)
        stays = export_marks.is_marked(marks, file)
        whole = None if stays else _whole(vault, file)
        if whole is not None:
            paths[path] = file
        listed.setdefault(file.message, []).append(
            {
                "n": place,
                "name": file.name,
                "type": file.type,
                "size": file.size,
                "hidden_data": file.metadata,
                "tree": file.tree,
                "sha256": whole,
                "path": path if whole else None,
                "problem": None if whole else _STAYS if stays else file.problem or _GONE,
            }
        )
    document = _document(tx, known, case, name, now)
    said = []
    for place, one in enumerate(messages.messages_of(tx, case), start=1):
        path = f"messages/{place:04}.json"
        bodies[path] = one.raw
        said.append(_message(place, path, one, known) | {"files": listed.get(one.id, [])})
    document["messages"] = said
    return Content(document, bodies, paths)


def read_texts(tx: Transaction, known: TrustedLine, case: str, now: int) -> Content:
    """Return the same without a name, and without the files, which are not looked at."""
    document = _document(tx, known, case, "", now)
    document["messages"] = [
        _message(place, "", one, known) | {"files": []}
        for place, one in enumerate(messages.messages_of(tx, case), start=1)
    ]
    return Content(document, {}, {})


def _document(
    tx: Transaction, known: TrustedLine, case: str, name: str, now: int
) -> Document:  # fmt: skip
    found = messages.find(tx, case)
    if found is None:
        raise LookupError(case)
    own = known.owner.identity.vk.hex()
    return {
        "v": 1,
        "what": "export",
        "case": case,
        "name": name,
        "line": {"id": known.owner.line.line_id.hex(), "name": known.owner.line.name},
        "made_at": now,
        "made_by": {"label": known.owner.label, "vk": own},
        "language": found.lang,
        "desks": [known.desk_name(desk) for desk in found.desks],
        "answers": _answers(found.answers, known),
        "messages": [],
        "taken_out": None,
    }


def file_path(number: int, name: str) -> str:
    """Return where a file stands in the export."""
    return f"files/{number:04}-{safe_name(name)}"


def safe_name(name: str) -> str:
    """Return a name that no file system or shell takes for anything else.

    The real one is in the document. What could start a program does not keep an ending that would.
    """
    stem, _, ending = name.rpartition(".")
    if not stem:
        stem, ending = name, ""
    stem, ending = _plain(stem)[:_NAME_MAX], _plain(ending)[:_ENDING_MAX]
    safe = f"{stem or 'file'}.{ending}" if ending else stem or "file"
    return f"{safe}.unopened" if wording.can_run(name) or wording.can_run(safe) else safe


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text).strip("._-")


def _whole(vault: Vault, file: File) -> str | None:
    """Return SHA-256 of the plain bytes as they are now, None if not whole or not as noted."""
    if file.state not in _HERE:
        return None
    made = hashlib.sha256()
    try:
        for piece in decrypted_files.plain(vault, file):
            made.update(piece)
    except FileProblem:
        return None
    digest = made.hexdigest()
    return digest if file.sha256 in (None, digest) else None


def _message(place: int, path: str, one: Message, known: TrustedLine) -> Document:
    received = one.direction == "in"
    return {
        "n": place,
        "direction": "received" if received else "sent",
        "at": one.at,
        "kind": one.body.kind,
        "mid": one.body.mid,
        "language": one.body.lang,
        "text": one.body.text,
        "answers": _answers(one.body.answers, known),
        "passed_on_by" if received else "written_by": (
            known.label_of(one.author) or one.author if one.author else ""
        ),
        "state": one.state.value,
        "original": path,
    }


def _answers(said: dict[str, str], known: TrustedLine) -> list[Document]:
    return [
        {
            "id": id_,
            "question": known.intake.question(id_),
            "answer": known.intake.answer(id_, value),
            "value": value,
            "standard": [
                {"name": htcds.standard().name, **asdict(term)}
                for term in htcds.standard().of(id_, value)
            ],
        }
        for id_, value in known.intake.in_order(said).items()
    ]
