"""Another agency's line, for a console's pages: it invites a case, and seals one to ours."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from app.console.features.transfer import handing_over, invitations
from app.console.features.transfer.handing_over import Handover
from app.console.features.transfer.scope import Scope
from app.console.line import trusted_line
from app.console.vault import Vault
from app.console.vault.installation import owner
from app.console.web.case_views import case_name
from app.protocol.directory import open_directory
from app.protocol.transfer import Invitation
from tests.console.running_line import Line

NAME = "Harbour line"


def invite(vault: Vault, whom: str, now: int) -> Invitation:
    """Return an invitation of a console's own, the same whenever its keys are."""
    rng = random.Random(f"invitation for {whom}").randbytes
    with vault.write() as tx:
        known = trusted_line.load_in(tx)
        made = invitations.invite(tx, known, now, rng, whom=whom)
    return made.invitation


def papers(
    folder: Path, asked: Invitation, now: int, told: Callable[[Vault], str]
) -> tuple[bytes, bytes]:
    """Return the other line's invitation, and the case that was ``told``, sealed to ``asked``."""
    line = Line.make(folder, NAME, random.Random(NAME).randbytes)
    file = (line.folder / "directory.json").read_bytes()
    rng = random.Random("harbour").randbytes
    with line.vault() as vault:
        with vault.write() as tx:
            shown = open_directory(file, line.line_id)
            owner.store_directory(tx, shown.version, file, now)
        invite(vault, "us", now)
        case = told(vault)
        known, name = trusted_line.load(vault), case_name(case)
        scope = Scope(1, frozenset({1}), frozenset(), (), "He works in your town now.")
        handover = Handover(known, case, name, asked, scope, now)
        going = handing_over.prepare(vault, handover, rng)
        with vault.read() as tx:
            (made,) = invitations.all_open(tx, now)
        return made.file, b"".join(going.pieces())
