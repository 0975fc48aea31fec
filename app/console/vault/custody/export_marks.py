"""Which cases and files are marked "never export": everything that hands something out asks here.

A mark at any desk of this console's counts, since whoever set it knew something; and a file that
came in another case, too, is the same file there. A file that is in a list of hashes
(``hash_lists``) is marked by that, for as long as the list is here.
"""

import json

from sqlalchemy import Connection, select

from app.console.errors import ConsoleError
from app.console.rules import never_export
from app.console.rules.never_export import WHOLE_CASE
from app.console.rules.passed import CaseLayers
from app.console.vault.attachments import hash_lists
from app.console.vault.attachments.files import File
from app.console.vault.database.schema import case_states, files
from app.sentences.translatable import say


def of_case(tx: Connection, case: str) -> frozenset[str]:
    """Return a case's marks: ``case``, and the trees of files."""
    chosen = select(case_states.c.state).where(case_states.c.case_id == case)
    states = [CaseLayers.from_json(json.loads(one)).view() for one in tx.execute(chosen).scalars()]
    listed = hash_lists.in_case(tx, case)
    # Until the case itself could be marked: where nobody may write for the team, it never is.
    unmarked = {WHOLE_CASE for _, _, marked in listed if not marked}
    return never_export.marks(states) | {tree for _, tree, _ in listed} | unmarked


def of_files(tx: Connection, case: str) -> frozenset[str]:
    """Return the same, and which of a case's files stay here by the marks of another case."""
    own = select(files.c.tree).where(files.c.case_id == case, files.c.tree != "")
    trees = set(tx.execute(own).scalars())
    found = set(of_case(tx, case))
    elsewhere = select(files.c.case_id, files.c.tree).where(
        files.c.tree.in_(trees), files.c.case_id != case, files.c.message.is_not(None)
    )
    for row in tx.execute(elsewhere.distinct()) if trees else ():
        if {row.tree, WHOLE_CASE} & of_case(tx, row.case_id):
            found.add(row.tree)
    return frozenset(found)


def is_marked(marks: frozenset[str], file: File) -> bool:
    """Say whether a file stays here, by the marks of its case."""
    return WHOLE_CASE in marks or (file.tree != "" and file.tree in marks)


def check_case(tx: Connection, case: str) -> None:
    """Raise ConsoleError where nothing of a case may leave."""
    if WHOLE_CASE in of_case(tx, case):
        raise ConsoleError(
            say(
                "This case is marked “never export”: nothing of it leaves the console. The section "
                "Never export says who to ask. Nothing was made."
            )
        )


def check_file(tx: Connection, file: File) -> None:
    """Raise ConsoleError where a file may not leave."""
    if is_marked(of_files(tx, file.case), file):
        raise ConsoleError(
            say(
                "This file is marked “never export”, so no copy of it is made, not even of its "
                "pixels. The section Never export of its case, or of another case that has the "
                "same file, says why and what to do."
            )
        )
