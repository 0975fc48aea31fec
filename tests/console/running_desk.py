"""Two colleagues at a desk: what each does, and what passes between them."""

from __future__ import annotations

import os

from app.console.cases import casework
from app.console.line import trusted_line
from app.console.rules import changes
from app.console.rules.body import read_body
from app.console.sync import receive
from app.console.vault import Vault
from app.console.vault.records import case_lists, messages
from app.console.vault.records.case_lists import CaseFilter
from app.protocol import bodies
from app.protocol.encoding import b64u
from app.protocol.identities import ReporterIdentity
from tests.console.running_line import Line, read


def do(vault: Vault, now: int, *wanted: changes.Change, desk: str = "support") -> None:
    known = trusted_line.load(vault)
    with vault.write() as tx:
        casework.act(tx, known, desk, wanted, now)


def case_of(vault: Vault) -> str:
    return read(vault)[0].case


def listed(vault: Vault) -> case_lists.Listed:
    with vault.read() as tx:
        (one,) = case_lists.inbox(tx, CaseFilter())
    return one


def vk(vault: Vault) -> str:
    return b64u(trusted_line.load(vault).owner.identity.vk)


async def begin(line: Line, *vaults: Vault) -> None:
    """Lets the server take up the newest directory, and everybody's bundles into service."""
    await line.turn()
    await line.ready(*vaults)


async def both_have_a_case(line: Line, ana: Vault, ben: Vault) -> str:
    await begin(line, ana, ben)
    await line.send("They keep our passports.")
    for vault in (ana, ben):
        await line.sync(vault)
    return case_of(ana)


async def pass_on(line: Line, *vaults: Vault, rounds: int = 1) -> None:
    """Everybody syncs, and once more, so that what each sent has reached the others."""
    for _ in range(rounds + 1):
        for vault in vaults:
            await line.sync(vault)
        await line.turn()


def desk_body(
    known: trusted_line.TrustedLine, ops: list[object], version: int = 0, **more: object
) -> bytes:
    assert known.directory is not None
    fields = {
        "desk": "support",
        "version": version or known.directory.version,
        "directory": known.directory.hash.hex(),
        "ops": ops,
    }
    return bodies.write_body("desk", bodies.new_mid(os.urandom), fields | more)


def tell(vault: Vault, reporter: ReporterIdentity, now: int, kind: str, *desks: str) -> str:
    """Take in a reporter's message as it comes, naming desks; return the case."""
    raw = bodies.write_body(kind, os.urandom(16).hex(), {"text": kind, "desks": list(desks)})
    with vault.write() as tx:
        known = trusted_line.load_in(tx)
        receive.store_message(tx, known, reporter.public, raw, read_body(raw), now, os.urandom)
    return messages.case_id(reporter.public)
