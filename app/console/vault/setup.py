"""Making an investigator's machine: keys, vault, and the request that the agency enrols.

No prompts and no clock here; ``quietline console init`` asks the questions.
"""

import json
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.console.errors import ConsoleError
from app.console.vault import Kdf, Rng, Vault
from app.console.vault.installation import owner, settings
from app.console.vault.installation.line_file import read_line
from app.console.vault.installation.settings import Setting
from app.console.vault.installation.tor_access import TorAccess, onion_of
from app.files.writing import write_whole
from app.protocol.encoding import b64u
from app.protocol.identities import InvestigatorIdentity
from app.protocol.line import Line
from app.protocol.receipt import words_of
from app.protocol.recipients import Investigator
from app.protocol.secrets import Secret
from app.sentences.translatable import say

REQUEST_NAME = "enrolment-request.json"
LABEL_MAX = 64


@dataclass(frozen=True, slots=True)
class NewMachine:
    """A machine just made: the request file for the agency, and its twelve words."""

    folder: Path
    request: Path
    words: str


def init_vault(
    folder: Path,
    line: Path | bytes,
    label: str,
    passphrase: Secret,
    kdf: Kdf = Kdf.MODERATE,
    rng: Rng = os.urandom,
    more: Sequence[Setting] = (),
) -> NewMachine:
    """Make keys and vault in ``folder`` and write the enrolment request beside them.

    Where the line has an onion for investigators, the key for it is made too, and its public half
    goes with the request.
    ``line`` is line.json, as a path or as bytes; ``label`` is public (1 to 64 printable
    characters); ``more`` is stored with the keys. Raises BadLineFile, WeakPassphrase, VaultMissing
    (a vault is there already), ConsoleError.
    """
    line_file = line if isinstance(line, bytes) else _read(line)
    known = read_line(line_file)
    label = clean_label(label)
    keys = InvestigatorIdentity.generate(rng)
    public = keys.public(label)
    access = TorAccess.new(rng) if onion_of(known) else TorAccess()
    with Vault.create(folder, passphrase, kdf, rng) as vault, vault.write() as tx:
        owner.store_owner(tx, keys, label, line_file)
        for one in (access, *more):
            settings.store(tx, one)
    request = folder / REQUEST_NAME
    write_whole(request, enrolment_request(public, known, access))
    return NewMachine(folder, request, words_of(public.fingerprint(known)))


def clean_label(label: str) -> str:
    """Return a label as a directory may carry it. Raises ConsoleError."""
    label = unicodedata.normalize("NFC", label).strip()
    if not 0 < len(label) <= LABEL_MAX or not label.isprintable():
        raise ConsoleError(
            say("The label must be 1 to {label_max} printable characters.", label_max=LABEL_MAX)
        )
    return label


def enrolment_request(public: Investigator, line: Line, access: TorAccess) -> bytes:
    """Return the request file.

    It has the line that is asked, public keys, signed by their own signing key, the label, and for
    the server's operator which Tor to let in, if there is one.
    """
    content: dict[str, object] = {
        "v": 2,
        "kind": "quietline-enrolment",
        "line": b64u(line.line_id),
        "vk": b64u(public.vk),
        "dh": b64u(public.dh),
        "mlkem": b64u(public.mlkem),
        "fetch": b64u(public.fetch),
        "sig": b64u(public.signature),
        "label": public.label,
    }
    if access.public:
        content["tor"] = access.public
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise ConsoleError(say("{path} cannot be read.", path=path)) from None
