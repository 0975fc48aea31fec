"""One verification: the directory, the manifest, every file for every visitor, and an epoch.

Fetches and compares; says nothing and keeps nothing itself.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from app.cli.verify import chromium, comparing, epochs
from app.cli.verify.findings import Findings
from app.cli.verify.visitors import Visit, visit, visitors
from app.client.transport.circuits import Rng, Transport
from app.protocol.directory import Directory, open_directory
from app.protocol.errors import ProtocolError
from app.protocol.line import Line
from app.protocol.shuffle import shuffled
from app.protocol.site import INDEX, MANIFEST, Manifest, addresses, open_manifest
from app.reporter.build import assets

AT_ONCE = 4
"""Files on the way at once, for one visitor: about what a browser does."""
VISITORS_MIN = 4

Progress = Callable[[str, int, int], None]
"""Told a step in words, how much of it is done and how much there is."""


@dataclass(frozen=True, slots=True)
class Looking:
    """What to look at and how.

    ``ways`` holds True for Tor and False for a direct connection; ``release`` SHA-256 (hex) of the
    release's own files by path; ``now`` this device's clock in Unix seconds; ``transport`` replaces
    the network in tests.
    """

    url: str
    line: Line
    ways: Sequence[bool]
    socks: str | None
    count: int | None
    release: Mapping[str, str]
    now: int
    rng: Rng
    progress: Progress
    browser: str | None = None
    """A chromium's program, to look with as well; None where there is none, or as root."""
    browser_arguments: Sequence[str] = ()
    transport: Transport | None = None


@dataclass(slots=True)
class Looked:
    """What was seen: versions (None where it did not verify), who looked, files, findings."""

    findings: Findings = field(default_factory=Findings)
    directory: Directory | None = None
    manifest: Manifest | None = None
    visitors: list[str] = field(default_factory=list)
    answers: int = 0


def release_files() -> dict[str, str]:
    """Return SHA-256 in hex of the code of the installed release, by its path in a site."""
    return {path: hashlib.sha256(data).hexdigest() for path, data in assets().items()}


async def look(looking: Looking) -> Looked:
    """Verify a line from outside. Raises CannotReach."""
    looked = Looked()
    async with AsyncExitStack() as stack:
        first, *_ = await _visits(looking, ["en"], 1, stack)
        looking.progress("Directory and manifest", 0, 2)
        file = (await first.get(epochs.DIRECTORY)).body
        try:
            looked.directory = directory = open_directory(file, looking.line.line_id)
        except ProtocolError as error:
            looked.findings.add(epochs.DIRECTORY, f"The directory does not verify: {error}")
            return looked
        _judge_expiry(directory, looking.now, looked.findings)
        signed = (await first.get(f"/{MANIFEST}")).body
        try:
            looked.manifest = manifest = open_manifest(signed, directory.line_id, directory.root)
        except ProtocolError as error:
            looked.findings.add(f"/{MANIFEST}", f"The manifest does not verify: {error}")
            return looked
        looking.progress("Directory and manifest", 2, 2)
        for path, sentence in comparing.release_differs(manifest, looking.release):
            looked.findings.add(f"/{path}", sentence)
        languages = _languages(manifest)
        count = looking.count or max(VISITORS_MIN, len(languages), 2 * len(looking.ways))
        visits = await _visits(looking, languages, count, stack)
        for number, one in enumerate(visits):
            looked.visitors.append(one.visitor.name)
            await _whole_site(looking, one, manifest, signed, looked)
            other = visits[(number + 1) % len(visits)]
            if other is not one:
                await epochs.audit(
                    one, other, directory, file, looking.line.onion, looking.now, looked.findings
                )
            looking.progress("Visitors", number + 1, len(visits))
        if looking.browser is not None:
            await _as_browser(looking, looking.browser, manifest, languages, looked)
    return looked


async def _as_browser(
    looking: Looking,
    program: str,
    manifest: Manifest,
    languages: Sequence[str],
    looked: Looked,
) -> None:
    """Load the start pages as a real browser does: all that came must be what was signed."""
    signed = {
        address: (path, digest)
        for path, digest in manifest.files.items()
        for address in addresses(path)
    }
    paths = shuffled(["/", *(f"/{each}/" for each in languages)], looking.rng)
    for number, through_tor in enumerate(looking.ways):
        name = f"{chromium.NAME}, {'Tor' if through_tor else 'direct'}"
        looked.visitors.append(name)
        socks = looking.socks if through_tor else None
        seen = await chromium.pages(program, looking.url, paths, socks, looking.browser_arguments)
        for address in seen.requested:
            if address not in signed and not address.startswith("/api/v1/"):
                sentence = "A page loads something that the agency did not sign."
                looked.findings.add(chromium.shown(address), sentence, name)
        for address, answer in seen.answers:
            looked.answers += 1
            if address not in signed:
                continue  # found above, or of an epoch: compared for pairs, at one moment
            for sentence in (
                *comparing.file_differs(*signed[address], answer),
                *comparing.headers_differ(address, answer, looking.line.onion),
            ):
                looked.findings.add(address, sentence, name)
        for path in set(paths) - {address for address, _ in seen.answers}:
            looked.findings.add(path, "A browser was shown another page instead.", name)
        looking.progress("A real browser", number + 1, len(looking.ways))


async def _visits(
    looking: Looking, languages: Sequence[str], count: int, stack: AsyncExitStack
) -> list[Visit]:
    return [
        await stack.enter_async_context(
            visit(looking.url, visitor, looking.socks, looking.rng, looking.transport)
        )
        for visitor in visitors(languages, looking.ways, count)
    ]


async def _whole_site(
    looking: Looking, one: Visit, manifest: Manifest, signed: bytes, looked: Looked
) -> None:
    """Fetch every address of the site in an order of its own, and what must not be there."""
    limit = asyncio.Semaphore(AT_ONCE)
    name = one.visitor.name
    files = [
        (address, path, digest)
        for path, digest in (
            *manifest.files.items(),
            (MANIFEST, hashlib.sha256(signed).hexdigest()),
        )
        for address in addresses(path)
    ]
    order = shuffled(list(range(len(files))), looking.rng)
    done = 0

    async def fetch(number: int) -> None:
        nonlocal done
        address, path, digest = files[number]
        async with limit:
            answer = await one.get(address)
        for sentence in (
            *comparing.file_differs(path, digest, answer),
            *comparing.headers_differ(address, answer, looking.line.onion),
        ):
            looked.findings.add(address, sentence, name)
        looked.answers += 1
        done += 1
        looking.progress(name, done, len(files))

    await asyncio.gather(*(fetch(number) for number in order))
    nowhere = f"/{looking.rng(8).hex()}"
    for address in (nowhere, f"/en{nowhere}/"):
        answer = await one.get(address)
        for sentence in (
            *comparing.unknown_differs(manifest, answer),
            *comparing.headers_differ(address, answer, looking.line.onion),
        ):
            looked.findings.add("(a path that is not there)", sentence, name)
    for path in sorted(manifest.files):
        if path.endswith(f"/{INDEX}"):
            folder = f"/{path.removesuffix(f'/{INDEX}')}"
            for sentence in comparing.redirect_differs(folder, await one.get(folder)):
                looked.findings.add(folder, sentence, name)
            break  # one folder stands for all: they take the same way through the server


def _languages(manifest: Manifest) -> list[str]:
    """Return the languages of a site, by its start pages."""
    parts = [path.split("/") for path in manifest.files]
    return sorted(p[0] for p in parts if len(p) == 2 and p[1] == INDEX) or ["en"]


def _judge_expiry(directory: Directory, now: int, findings: Findings) -> None:
    state = directory.state_at(now)
    if state == "expired":
        findings.add(epochs.DIRECTORY, "The directory has expired: nobody can send any more.")
    elif state == "grace":
        findings.add(epochs.DIRECTORY, f"The directory's last day was {directory.expires}.")
