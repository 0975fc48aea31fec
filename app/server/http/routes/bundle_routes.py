"""``/api/v1/bundles``: the epoch's bundles for everyone; an investigator's new ones in."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.protocol.bundles import check_bundle_keys, verify_bundle
from app.protocol.errors import ProtocolError, WrongLength
from app.protocol.wire import BUNDLE_BYTES, BundleUpload
from app.server.admission.limits import Limits
from app.server.epochs.signed_directory import PublishedDirectory
from app.server.http import request_bodies
from app.server.http.request_route import CallRoute
from app.server.http.services import services_of
from app.server.responses.problem_details import (
    BAD_BUNDLE,
    TOO_LONG,
    UNKNOWN_INVESTIGATOR,
    WRONG_LENGTH,
    Problem,
)

WINDOW_STEP = 3_600
"""Windows begin and end on full hours (seconds): anything finer would tell about a person."""
AHEAD_SECONDS = 90 * 86_400
"""How far ahead a window may begin."""
_HEADER_BYTES = 4


def make(limits: Limits) -> APIRouter:
    """Return the router of these calls."""
    router = APIRouter(route_class=CallRoute)

    @router.get("/api/v1/bundles", response_class=Response, summary="The bundles in service")
    async def bundles(request: Request) -> Response:
        epoch = services_of(request).epoch()
        return Response(epoch.bundles, media_type="application/octet-stream")

    @router.post(
        "/api/v1/bundles",
        status_code=204,
        response_class=Response,
        summary="Add an investigator's signed bundles, write-once per window",
        openapi_extra=request_bodies.OCTETS,
    )
    @limits.messages
    async def add_bundles(request: Request) -> Response:
        services = services_of(request)
        published = services.epoch().published
        limit = _HEADER_BYTES + services.settings.bundles_per_upload * BUNDLE_BYTES
        with services.gate.upload() as held:
            body = await request_bodies.at_most(request, limit, held)
        latest_start = int(services.clock()) + AHEAD_SECONDS
        vk, upload = await asyncio.to_thread(_checked, body, published, latest_start)
        new = any(bundle.not_before > services.clock() for bundle in upload.bundles)
        limits.investigator(vk, new=new)
        await services.group_commit.submit(lambda writer: writer.add_bundles(vk, upload.bundles))
        return Response(status_code=204)

    return router


def _checked(
    body: bytes, published: PublishedDirectory, latest_start: int
) -> tuple[bytes, BundleUpload]:
    """Return the investigator's key and the bundles, all verified. Raises Problem."""
    try:
        upload = BundleUpload.parse(body)
    except WrongLength:
        count = int.from_bytes(body[_HEADER_BYTES - 2 : _HEADER_BYTES])
        longer = len(body) > _HEADER_BYTES + count * BUNDLE_BYTES
        raise Problem(TOO_LONG if longer else WRONG_LENGTH) from None
    if not upload.bundles:
        raise Problem(WRONG_LENGTH, "An upload has at least one bundle.")
    directory = published.directory
    if upload.index not in directory.active:
        raise Problem(UNKNOWN_INVESTIGATOR)
    vk = directory.investigators[upload.index].vk
    if len({(one.not_before, one.not_after) for one in upload.bundles}) < len(upload.bundles):
        raise Problem(BAD_BUNDLE, "Two bundles are for the same window.")
    for bundle in upload.bundles:
        if bundle.not_before % WINDOW_STEP or bundle.not_after % WINDOW_STEP:
            raise Problem(BAD_BUNDLE, "A bundle's window does not begin and end on full hours.")
        if bundle.not_before > latest_start or bundle.not_after > latest_start + AHEAD_SECONDS:
            raise Problem(BAD_BUNDLE, "A bundle's window lies too far ahead: 90 days at most.")
        try:
            verify_bundle(bundle, vk)
            check_bundle_keys(bundle)  # one that nobody can seal to would silence reporters
        except ProtocolError:
            raise Problem(BAD_BUNDLE) from None
    return vk, upload
