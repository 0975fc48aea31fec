"""HTTP in and out: each module is one row of the API.

    health      whether epochs are turning
    directory   the signed directory
    bundles     the epoch's bundles out, an investigator's new ones in
    challenges  the epoch's challenge set
    work        a challenge for the work that storing costs
    messages    batches in, single envelopes out and away
    chunks      attachments' chunks
    site        the signed static site: whatever path is left

None decides more than what to answer.
"""

from __future__ import annotations

from fastapi import APIRouter

from app.server.admission.limits import Limits
from app.server.routes import bundles, challenges, chunks, directory, health, messages, site, work


def routers(limits: Limits) -> list[APIRouter]:
    """Return all routers, the site last: it answers whatever path is left."""
    limited = (bundles, work, messages, chunks)
    reading = (directory, challenges, health, site)
    return [*(room.make(limits) for room in limited), *(room.make() for room in reading)]
