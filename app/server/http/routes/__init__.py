"""HTTP in and out: each module is one row of the API.

    health            whether epochs are turning
    directory_routes  the signed directory
    bundle_routes     the epoch's bundles out, an investigator's new ones in
    challenge_routes  the epoch's challenge set
    work_routes       a challenge for the work that storing costs
    message_routes    batches in, single envelopes out and away
    chunk_routes      attachments' chunks
    site_routes       the signed static site: whatever path is left

None decides more than what to answer.
"""

from __future__ import annotations

from fastapi import APIRouter

from app.server.admission.limits import Limits
from app.server.http.routes import (
    bundle_routes,
    challenge_routes,
    chunk_routes,
    directory_routes,
    health,
    message_routes,
    site_routes,
    work_routes,
)


def routers(limits: Limits) -> list[APIRouter]:
    """Return all routers, the site last: it answers whatever path is left."""
    limited = (bundle_routes, work_routes, message_routes, chunk_routes)
    reading = (directory_routes, challenge_routes, health, site_routes)
    return [*(room.make(limits) for room in limited), *(room.make() for room in reading)]
