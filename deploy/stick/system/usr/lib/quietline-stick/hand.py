"""What the screen may ask of the system: a line of JSON in, one out (its socket unit).

The socket is the user's alone. Programs that this calls say what went wrong to the journal, which
is in memory.
"""

from __future__ import annotations

import json
import os
import sys

import storage
import updates

REQUEST_MAX = 4_096
"""Bytes."""


def main() -> None:
    """Answer the one request of a connection."""
    request = sys.stdin.buffer.readline(REQUEST_MAX)
    reply = os.fdopen(os.dup(1), "w")
    # What programs print must not get into the answer.
    os.dup2(2, 1)
    said = updates.answer(request) or storage.answer(request, storage.Stick.this())
    reply.write(json.dumps(said) + "\n")
    reply.flush()


if __name__ == "__main__":
    main()
