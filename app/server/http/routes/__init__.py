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
    """Return all routers: calls in the order in which they are looked through, the site last.

    What is asked most comes first; the site answers whatever path is left.
    """
    return [
        message_routes.make(limits),
        challenge_routes.make(),
        chunk_routes.make(limits),
        bundle_routes.make(limits),
        work_routes.make(limits),
        directory_routes.make(),
        health.make(),
        site_routes.make(),
    ]
