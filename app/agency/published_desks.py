"""The desks as reporters read them: those of the directory that was signed last."""

from pathlib import Path

from app.agency.errors import AgencyError
from app.protocol.directory import Desk, open_directory
from app.protocol.errors import ProtocolError
from app.protocol.line import Line

FILE = "directory.json"


def published_desks(folder: Path, line: Line) -> tuple[Desk, ...]:
    """Return the desks of a folder's directory; none where it has none.

    ``folder`` is the agency's, or a copy of what is public of it. Raises AgencyError for a
    directory that is not this line's.
    """
    path = folder / FILE
    if not path.is_file():
        return ()
    try:
        return open_directory(path.read_bytes(), line.line_id).desks
    except ProtocolError as error:
        raise AgencyError(f"{path}: {error} Copy it again from the agency's folder.") from None
