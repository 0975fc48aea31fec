"""Do two visitors get the same bytes at once? Directory, bundles and challenge set of an epoch.

A server that gives one visitor a set, bundles or a directory of its own could find out who comes
back; one set for everyone cannot be made to fit one (spec: challenges).
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator

from app.cli.verify.comparing import api_differs, headers_differ
from app.cli.verify.findings import Findings
from app.cli.verify.visitors import Visit
from app.client.transport.exchange import Received
from app.protocol.bundles import OLD_SECONDS, open_bundles, reference_time
from app.protocol.directory import Directory
from app.protocol.errors import ProtocolError
from app.protocol.wire import EpochBundles

DIRECTORY = "/api/v1/directory"
BUNDLES = "/api/v1/bundles"
CHALLENGES = "/api/v1/challenges"
DAY = 86_400
ATTEMPTS = 5
"""An epoch may turn between two calls; that it always does is no accident."""


async def audit(
    one: Visit,
    other: Visit,
    directory: Directory,
    file: bytes,
    onion: str | None,
    now: int,
    findings: Findings,
) -> None:
    """Compare what two visitors are given in one epoch. Raises CannotReach.

    ``file`` are the directory's bytes as the first visitor got them; ``onion`` is the line's;
    ``now`` this device's clock in Unix seconds.
    """
    both = f"{one.visitor.name} and {other.visitor.name}"
    for answer in await _both(one, other, DIRECTORY):
        if answer.body != file:
            findings.add(DIRECTORY, "Visitors are given different directories.", both)
    for _ in range(ATTEMPTS):
        before = await _both(one, other, BUNDLES)
        sets = await _both(one, other, CHALLENGES)
        after = await _both(one, other, BUNDLES)
        for path, answers in ((BUNDLES, before), (CHALLENGES, sets)):
            for answer in answers:
                for sentence in (*api_differs(answer), *headers_differ(path, answer, onion)):
                    findings.add(path, sentence, both)
        try:
            epochs = {EpochBundles.parse(answer.body).epoch for answer in (*before, *after)}
        except ProtocolError:
            findings.add(BUNDLES, "The bundles cannot be read.", both)
            return
        if len(epochs) == 1:
            break
    else:
        findings.add(BUNDLES, "The two were never shown the same epoch at once.", both)
        return
    if before[0].body != before[1].body:
        findings.add(BUNDLES, "The two are given different bundles in one epoch.", both)
    if sets[0].body != sets[1].body:
        findings.add(CHALLENGES, "The two are given different challenge sets in one epoch.", both)
    for answer in before:
        try:
            bundles = open_bundles(answer.body, directory)
        except ProtocolError as error:
            findings.add(BUNDLES, f"The bundles do not verify: {error}", both)
        else:
            for sentence in time_differs(bundles, directory, now):
                findings.add(BUNDLES, sentence, both)


def time_differs(bundles: EpochBundles, directory: Directory, now: int) -> Iterator[str]:
    """Yield how the time that investigators vouch for and this clock (Unix seconds) are apart."""
    reference = reference_time(bundles, directory)
    if reference is None:
        return
    day = dt.datetime.fromtimestamp(reference, dt.UTC).date()
    if directory.state_at(reference) == "expired" != directory.state_at(now):
        yield (
            f"The keys in service are of {day}: by then the directory has expired, and nobody can "
            "send. Is this computer's clock behind?"
        )
    elif now - reference > OLD_SECONDS:
        yield (
            f"The keys in service are of {day}. If this computer's clock is right, the line shows "
            "a time that is over."
        )
    elif reference - now > DAY:
        yield f"The keys in service are of {day}. Is this computer's clock behind?"


async def _both(one: Visit, other: Visit, path: str) -> tuple[Received, Received]:
    return await asyncio.gather(one.get(path), other.get(path))
