"""The files of an export in their order, the manifest over them, the signature over that.

Making one is itself an event that the custody log tells, before anything is handed out.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.console.errors import ConsoleError
from app.console.evidence import case_document, redaction, rendering, verify
from app.console.evidence.case_document import Content
from app.console.evidence.redaction import Redaction
from app.console.evidence.rendering import CustodyLine
from app.console.line.trusted_line import TrustedLine
from app.console.rules import wording
from app.console.rules.never_export import WHOLE_CASE
from app.console.vault import Transaction, Vault
from app.console.vault.attachments import decrypted_files, files
from app.console.vault.attachments.files import File
from app.console.vault.custody import audit_log, export_marks
from app.console.vault.custody.audit_log import HERE, REPORTER, AuditEvent, Custody
from app.console.vault.installation import owner
from app.console.vault.records import messages
from app.protocol.encoding import json_bytes
from app.protocol.identities import sign
from app.protocol.signatures import TAG_EXPORT
from app.sentences.language import Language, english
from app.sentences.translatable import say

Entry = tuple[str, Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class ExportBundle:
    """Everything that an export is made of; ``entries`` gives its files one after the other."""

    vault: Vault
    known: TrustedLine
    content: Content
    log: list[tuple[dict[str, Any], bytes]]
    custody: Custody
    directory: bytes | None
    keys: dict[str, Any]
    language: Language
    custody_lines: list[CustodyLine]

    @property
    def name(self) -> str:
        """A name for the whole of it, safe anywhere."""
        document = self.content.document
        return f"{'copy' if document['what'] == 'copy' else 'case'}-{document['name']}"

    def entries(self) -> Iterator[Entry]:
        """Yield each file's path and bytes, which must be read to the end before the next."""
        listed: list[dict[str, Any]] = []
        for path, pieces in self._contents():
            yield path, _tallied(path, pieces, listed)
        total = sum(one["size"] for one in listed)
        page = rendering.certificate(self.content.document, len(listed), total, self.language)
        yield "certificate.html", _tallied("certificate.html", [page], listed)
        document, identity = self.content.document, self.known.owner.identity
        manifest = {
            "v": 1,
            "kind": "quietline-export",
            "what": document["what"],
            "line": document["line"]["id"],
            "case": document["case"],
            "made_at": document["made_at"],
            "signer": identity.vk.hex(),
            "custody": {"count": self.custody.count, "head": self.custody.head.hex()},
            "files": listed,
        }
        data = (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode()
        yield verify.MANIFEST, [data]
        signed = {
            "v": 1,
            "vk": identity.vk.hex(),
            "manifest_sha256": hashlib.sha256(data).hexdigest(),
            "signature": sign(identity.signing_seed, TAG_EXPORT, data).hex(),
        }
        yield verify.SIGNATURE, [json_bytes(signed) + b"\n"]

    def _contents(self) -> Iterator[Entry]:
        document, language = self.content.document, self.language
        # First, so that who reads this as a stream knows at once who made it.
        if self.directory is not None:
            yield "directory.json", [self.directory]
        yield "README.txt", [rendering.readme(document, language)]
        yield "verify.py", [Path(verify.__file__).read_bytes()]
        yield "messages.json", [rendering.as_json(document)]
        yield "messages.txt", [rendering.as_text(document, language)]
        yield "reader.html", [rendering.as_page(document, language, self.custody_lines)]
        yield "keys.json", [json.dumps(self.keys, indent=1, sort_keys=True).encode() + b"\n"]
        if document["what"] == "export":
            lines = ({"entry": one, "hash": hashed.hex()} for one, hashed in self.log)
            yield verify.CUSTODY, (json_bytes(line) + b"\n" for line in lines)
        for path, raw in self.content.bodies.items():
            yield path, [raw]
        for path, file in self.content.files.items():
            yield path, decrypted_files.plain(self.vault, file)


@dataclass(frozen=True, slots=True)
class ReadIn:
    """How people read an export: in which language beside English, and who says what was done.

    Without the words of events, an export of the whole case has its custody log for programs alone.
    """

    language: Language = field(default_factory=english)
    event_words: Callable[[AuditEvent], str] | None = None


@dataclass(frozen=True, slots=True)
class CustodyEntry:
    """What the custody log is told of a copy that goes to another line.

    And what the copy itself says of that (``transfer`` in its document).
    """

    what: str
    detail: dict[str, Any]
    binding: dict[str, Any]


def prepare(
    vault: Vault,
    known: TrustedLine,
    case: str,
    name: str,
    now: int,
    taking_out: Redaction | None = None,
    entry: CustodyEntry | None = None,
    read_in: ReadIn | None = None,
) -> ExportBundle:
    """Read a case, tell the custody log, and return what is to be written (``writing``).

    With ``taking_out`` it is a copy without those parts; ``entry`` says what is told of it, if it
    is more than a copy; ``read_in`` how people read it, in English if nothing is said. Raises
    ConsoleError; then nothing was told.
    """
    read_in = read_in or ReadIn()
    if taking_out is None:
        _check_whole(vault, case)
        found = _read(vault, known, case, name, now)
        detail: dict[str, Any] = {"files": len(found.files), "messages": len(found.bodies)}
    else:
        taking_out = replace(taking_out, language=read_in.language)
        found = preview(vault, known, case, name, now, taking_out)
        detail = taking_out.log_detail()
    what = "copied" if taking_out else "exported"
    if entry is not None:
        what, detail = entry.what, entry.detail
        found.document["transfer"] = entry.binding
    with vault.write() as tx:
        audit_log.record(tx, AuditEvent(case, now, HERE, what, detail))
        reporter = messages.reporter(tx, case)
        return ExportBundle(
            vault,
            known,
            found,
            audit_log.log(tx, case),
            audit_log.custody(tx, case),
            owner.directory_file(tx),
            _keys(known)
            if taking_out or not reporter.dh
            else _keys(known) | _reporter(case, reporter),
            read_in.language,
            [] if taking_out else _custody_lines(tx, known, case, read_in),
        )


def preview(
    vault: Vault, known: TrustedLine, case: str, name: str, now: int, taking_out: Redaction
) -> Content:
    """Return what a copy would say; nothing is told. Raises ConsoleError."""
    whole = _read(vault, known, case, name, now)
    public = json.dumps(_keys(known), ensure_ascii=False).encode()
    redaction.check_public(public, taking_out.phrases)
    found = redaction.taken_out(whole, taking_out)
    _check_files(vault, found.files.values(), taking_out)
    return found


def _read(vault: Vault, known: TrustedLine, case: str, name: str, now: int) -> Content:
    with vault.read() as tx:
        if messages.find(tx, case) is None:
            raise ConsoleError(say("There is no such case here."))
        export_marks.check_case(tx, case)
        return case_document.read(vault, tx, known, case, name, now)


def _check_whole(vault: Vault, case: str) -> None:
    """Refuse an export as it came where a file stays: messages as they came have that file's key.

    Raises ConsoleError.
    """
    with vault.read() as tx:
        marks = export_marks.of_files(tx, case)
        stays = any(export_marks.is_marked(marks, one) for one in files.of_case(tx, case))
    if stays and WHOLE_CASE not in marks:
        raise ConsoleError(
            say(
                "A file of this case is marked “never export”, and an export of everything would "
                "have the key by which it can be fetched from the server. Make a copy instead: it "
                "leaves the file out. Nothing was made."
            )
        )


def _check_files(vault: Vault, kept: Iterable[File], taking_out: Redaction) -> None:
    if taking_out.phrases:
        for file in kept:
            for _ in redaction.check_bytes(decrypted_files.plain(vault, file), taking_out.phrases):
                pass


def _custody_lines(
    tx: Transaction, known: TrustedLine, case: str, read_in: ReadIn
) -> list[CustodyLine]:  # fmt: skip
    if read_in.event_words is None:
        return []
    events = reversed(audit_log.of_case(tx, case))
    return [
        CustodyLine(one.at, _actor(known, one.actor), read_in.event_words(one)) for one in events
    ]


def _actor(known: TrustedLine, actor: str) -> str:
    """Return who it was: elsewhere nobody knows whom "You" means."""
    own = {REPORTER: say("Reporter"), HERE: known.owner.label}
    return own.get(actor) or known.label_of(actor) or wording.has_left()


def _keys(known: TrustedLine) -> dict[str, Any]:
    directory = known.directory
    return {
        "v": 1,
        "line": known.owner.line.line_id.hex(),
        "signer": known.owner.identity.vk.hex(),
        "directory": {"version": directory.version, "sha256": directory.hash.hex()}
        if directory
        else None,
        "investigators": [
            {
                "label": one.label,
                "status": one.status,
                "vk": one.vk.hex(),
                "dh_sha256": hashlib.sha256(one.dh).hexdigest(),
                "mlkem_sha256": hashlib.sha256(one.mlkem).hexdigest(),
            }
            for one in (directory.investigators if directory else ())
        ],
    }


def _reporter(case: str, keys: Any) -> dict[str, Any]:
    return {
        "reporter": {
            "conversation": case,
            "dh_sha256": hashlib.sha256(keys.dh).hexdigest(),
            "mlkem_sha256": hashlib.sha256(keys.mlkem).hexdigest(),
        }
    }


def _tallied(
    path: str, pieces: Iterable[bytes], listed: list[dict[str, Any]]
) -> Iterator[bytes]:  # fmt: skip
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        yield piece
    listed.append({"path": path, "size": size, "sha256": digest.hexdigest()})
