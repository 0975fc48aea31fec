"""Another agency's line, of which only an invitation is needed: one case is sealed to it.

It stands beside the demo's own line in the same folder, with the sealed case, so that
``quietline console transfer receive`` can be tried there.
"""

from __future__ import annotations

import datetime as dt
import os

from app.agency import ceremonies, rootkey
from app.cli.demo.reports import SUPPORT
from app.cli.demo.world import World
from app.console.feature import bring_tables
from app.console.features.all_features import FEATURES
from app.console.features.transfer import handing_over, invitations
from app.console.features.transfer.handing_over import Handover
from app.console.features.transfer.scope import Scope
from app.console.line import trusted_line
from app.console.vault import Kdf, Vault
from app.console.vault.installation import owner
from app.console.vault.records import messages
from app.console.vault.setup import init_vault
from app.console.web.case_views import case_name
from app.files.writing import write_new
from app.protocol.transfer import Invitation, open_invitation

NAME = "Harbour line (demo)"


def invited(world: World, at: int) -> Invitation:
    """Make the other line in ``other-agency``, and an invitation for one case."""
    folder, today = world.data / "other-agency", dt.datetime.fromtimestamp(at, dt.UTC).date()
    ceremonies.init_agency(
        folder,
        name=NAME,
        server="http://localhost:1",
        passphrase=world.passphrase,
        rng=os.urandom,
        kdf=rootkey.SYNTHETIC,
    )
    made = init_vault(
        folder / "vault",
        folder / "line.json",
        "Dana",
        world.passphrase,
        Kdf.INTERACTIVE,
        os.urandom,
    )
    ceremonies.enrol(folder, made.request.read_bytes(), (SUPPORT,), words=made.words, today=today)
    signed = ceremonies.sign_directory(folder, passphrase=world.passphrase, today=today)
    with Vault.open(folder / "vault", world.passphrase) as vault:
        bring_tables(vault, FEATURES)
        with vault.write() as tx:
            owner.store_directory(tx, 1, signed.file, at)
            known = trusted_line.load_in(tx)
            return open_invitation(invitations.invite(tx, known, at, os.urandom).file)


def hand_over(world: World, vault: Vault, case: str, agreed: str, at: int) -> None:
    """Seal a case's first message, and the one in which its reporter agreed, with that text."""
    invitation = invited(world, at)
    known = trusted_line.load(vault)
    with vault.read() as tx:
        texts = [one.body.text for one in messages.messages_of(tx, case)]
    consent = texts.index(agreed) + 1
    reason = "The reporter lives in their town now and asked us to."
    scope = Scope(consent, frozenset({1, consent}), frozenset(), (), reason)
    handover = Handover(known, case, case_name(case), invitation, scope, at)
    going = handing_over.prepare(vault, handover, os.urandom)
    write_new(world.data / "other-agency" / "case.sealed", going.pieces())
