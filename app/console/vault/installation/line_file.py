"""The line this console belongs to: line.json, as the agency gave it."""

from app.console.errors import BadLineFile
from app.protocol.errors import BadLine
from app.protocol.line import Line
from app.sentences.translatable import said_by, say


def read_line(file: bytes) -> Line:
    """Read line.json. Raises BadLineFile, which says where to get a good one."""
    try:
        return Line.parse(file)
    except BadLine as error:
        raise BadLineFile(
            say(
                "{reason} Ask the agency for the file that it made with: quietline agency init",
                reason=said_by(error),
            )
        ) from None
