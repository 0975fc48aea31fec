"""Which cases and files are marked "never export": everything that hands something out asks here.

A mark at any desk of this console's counts, since whoever set it knew something.
"""

import json

from sqlalchemy import Connection, select

from app.console.errors import ConsoleError
from app.console.rules import never_export
from app.console.rules.never_export import WHOLE_CASE
from app.console.rules.passed import CaseLayers
from app.console.vault.files import File
from app.console.vault.schema import case_states

FILE_STAYS = "Marked “never export” by the team: it does not leave the console."


def of_case(tx: Connection, case: str) -> frozenset[str]:
    """Return a case's marks: ``case``, and the trees of files."""
    chosen = select(case_states.c.state).where(case_states.c.case_id == case)
    states = [CaseLayers.from_json(json.loads(one)).view() for one in tx.execute(chosen).scalars()]
    return never_export.marks(states)


def is_marked(marks: frozenset[str], file: File) -> bool:
    """Say whether a file stays here, by the marks of its case."""
    return WHOLE_CASE in marks or (file.tree != "" and file.tree in marks)


def check_case(tx: Connection, case: str) -> None:
    """Raise ConsoleError where nothing of a case may leave."""
    if WHOLE_CASE in of_case(tx, case):
        raise ConsoleError(
            "This case is marked “never export”: nothing of it leaves the console. The section "
            "Never export says who to ask. Nothing was made."
        )


def check_file(tx: Connection, file: File) -> None:
    """Raise ConsoleError where a file may not leave."""
    if is_marked(of_case(tx, file.case), file):
        raise ConsoleError(
            "This file is marked “never export”, so no copy of it is made, not even of its pixels. "
            "The section Never export of its case says why and what to do."
        )
