"""The line this console belongs to: line.json, as the agency gave it."""

from app.console.errors import BadLineFile
from app.protocol.errors import BadLine
from app.protocol.line import Line


def read_line(file: bytes) -> Line:
    """Read line.json. Raises BadLineFile, which says where to get a good one."""
    try:
        return Line.parse(file)
    except BadLine as error:
        raise BadLineFile(
            f"{error} Ask the agency for the file that it made with: quietline agency init"
        ) from None
