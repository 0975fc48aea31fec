"""The questions that the line's agency asks, out of its signed site, kept in the vault.

Asked for once a day at most: what a page of the site never asks for by itself tells the server
that somebody reads for the line, or checks it. A question that the agency no longer asks is not
forgotten, since reports that answer it are still here.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from app.console.errors import ServerLies, ServerRefused
from app.console.rules.intake_labels import Intake, Labels
from app.console.transport import LineClient
from app.console.vault import Transaction, Vault, owner
from app.protocol.directory import Directory
from app.protocol.errors import ProtocolError
from app.protocol.site import MANIFEST, open_manifest
from app.reporter.errors import ContentError
from app.reporter.form import FORM, labels

_FACT = "intake"
_DAY = 86_400
_LANGUAGE = "en"


def load(tx: Transaction) -> Intake:
    """Return the intake as it was last seen."""
    kept = owner.fact(tx, _FACT)
    return Intake(_read(kept["questions"])) if kept else Intake()


async def refresh(vault: Vault, client: LineClient, directory: Directory, now: int) -> None:
    """Fetch the agency's questions if a day has passed; without a form, what was there stays.

    Raises ServerLies where the site is not the one that the agency signed, ServerProblem.
    """
    with vault.read() as tx:
        kept = owner.fact(tx, _FACT) or {}
    if now - kept.get("at", -_DAY) < _DAY:
        return
    questions = dict(_read(kept.get("questions", {})))
    version = kept.get("version", 0)
    try:
        manifest = open_manifest(await client.site(MANIFEST), directory.line_id, directory.root)
        path = f"{_LANGUAGE}/{FORM}"
        if path in manifest.files and manifest.version >= version:
            version = manifest.version
            form = await client.site(path)
            if hashlib.sha256(form).hexdigest() != manifest.files[path]:
                raise ServerLies(
                    "The questions that the server shows are not those that this line's agency "
                    "signed. They were not taken; call the agency."
                )
            questions |= labels(form)
    except ServerRefused as error:
        if error.status != 404:  # a server that publishes no site
            raise
    except (ProtocolError, ContentError) as error:
        raise ServerLies(
            f"The site that the server shows was not signed by this line's agency. {error}"
        ) from None
    with vault.write() as tx:
        kept = {"at": now, "version": version, "questions": questions}
        owner.store_fact(tx, _FACT, kept)


def _read(questions: Mapping[str, Any]) -> Labels:
    return {id_: (text, options) for id_, (text, options) in questions.items()}
