"""``/api/v1/messages``: batches in; single envelopes out and away, a miss like a hit."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from app.protocol.errors import BadPoint
from app.protocol.wire import ENVELOPE_BYTES, check_envelope, split_batch
from app.server.admission.coming import has_work
from app.server.admission.limits import Limits
from app.server.epochs.served import Epoch
from app.server.http import request_bodies
from app.server.http.request_route import ID_PATTERN, CallRoute
from app.server.http.routes import work_routes
from app.server.http.services import Services, services_of
from app.server.messages.expiry import expiry_day
from app.server.responses.problem_details import (
    BAD_POINT,
    BAD_REQUEST,
    NOT_READY,
    STALE_BUNDLES,
    Problem,
)
from app.server.storage.database import Stored

MessageId = Annotated[
    str, Path(pattern=f"^{ID_PATTERN}$", description="16 bytes as lower-case hexadecimal")
]
_NUMBER = re.compile("(0|[1-9][0-9]{0,19})", re.ASCII)
_PLAINLY = re.compile(rb"epoch=([0-9]+)")
"""What every client writes; to read any spelling takes longer than to check the points."""
EPOCH = {
    "name": "epoch",
    "in": "query",
    "required": True,
    "description": "The epoch the bundles were of, in decimal",
    "schema": {"type": "string", "pattern": f"^{_NUMBER.pattern}$"},
}
"""For the OpenAPI description."""


def make(limits: Limits) -> APIRouter:
    """Return the router of these calls."""
    router = APIRouter(route_class=CallRoute)

    @router.post(
        "/api/v1/messages",
        status_code=201,
        response_class=Response,
        summary="Store a batch: one envelope per active investigator",
        openapi_extra=request_bodies.OCTETS | {"parameters": [EPOCH, work_routes.HEADER]},
    )
    @limits.messages
    async def post_messages(request: Request) -> Response:
        services = services_of(request)
        current = services.epoch()
        named = services.epochs.accepting(_epoch(request))
        if named is None:
            await request_bodies.discard(request, 2 * current.batch_bytes)
            raise Problem(STALE_BUNDLES)
        size = named.batch_bytes
        if size == 0:
            raise Problem(NOT_READY, "Nobody can receive messages: no investigator is active.")
        async with services.gate.report(work_routes.of(request), size) as held:
            has_work(request)
            body = await request_bodies.exactly(request, size, held)
            # Here and not in a thread: the way there and back costs as much as six points.
            messages = _checked(body, named, services)
            await services.group_commit.submit(lambda writer: writer.put(messages))
        services.growth.check()
        return Response(status_code=201)

    @router.get(
        "/api/v1/messages/{message_id}",
        response_class=Response,
        summary="An envelope, or as many random bytes",
    )
    async def get_message(request: Request, message_id: MessageId) -> Response:
        services = services_of(request)
        found, envelope = await services.messages.read(bytes.fromhex(message_id))
        noise = services.rng(ENVELOPE_BYTES)  # always made, so that a miss takes no longer
        return Response(envelope if found else noise, media_type="application/octet-stream")

    @router.delete(
        "/api/v1/messages/{message_id}",
        status_code=204,
        response_class=Response,
        summary="Delete an envelope; knowing its id is the right to",
    )
    async def delete_message(request: Request, message_id: MessageId) -> Response:
        await services_of(request).deleting.delete(bytes.fromhex(message_id))
        return Response(status_code=204)

    return router


def _epoch(request: Request) -> int:
    """Return the number of the epoch that a batch names. Raises Problem."""
    plain = _PLAINLY.fullmatch(request.scope["query_string"])
    named = [plain[1].decode()] if plain else request.query_params.getlist("epoch")
    if len(named) != 1 or not _NUMBER.fullmatch(named[0]) or int(named[0]) >= 2**64:
        raise Problem(BAD_REQUEST)
    return int(named[0])


def _checked(body: bytes, epoch: Epoch, services: Services) -> list[Stored]:
    """Split a batch of the right length and check every point. Raises Problem.

    Each envelope draws its own day.
    """
    envelopes = split_batch(body, len(body) // ENVELOPE_BYTES)
    try:
        for envelope in envelopes:
            check_envelope(envelope)
    except BadPoint:
        raise Problem(BAD_POINT) from None
    now, days = services.clock(), epoch.published.message_days
    spread = services.settings.expiry_spread_days
    return [Stored(one, expiry_day(now, days, spread, services.rng)) for one in envelopes]
