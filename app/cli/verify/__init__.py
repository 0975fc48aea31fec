"""``quietline verify URL``: does this line serve exactly what the agency signed, to everyone alike?

For any reader: needs line.json (or the line id), and no secret. Exit codes: 0 everything is as
signed, 1 something differs or could not be looked at, 2 used wrongly.

    looking        one verification: directory, manifest, every file for every visitor, an epoch
    visitors       those as whom a line is looked at: browsers, languages, ways
    chromium       the same by an installed browser, without a window
    comparing      one answer against what was signed; pure
    epochs         whether two visitors get the same bytes at once
    findings       what was found, in one sentence each
    versions_seen  the highest versions seen, in a file that the person names
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from app.cli.terminal.asking import EXIT_FOUND, EXIT_MISUSED, handed_over, plain_errors, stop
from app.cli.terminal.json_option import AsJson
from app.cli.terminal.progress_bar import progress
from app.cli.verify import chromium
from app.cli.verify.findings import Finding
from app.cli.verify.looking import Looked, Looking, look, release_files
from app.cli.verify.versions_seen import BadMemory, remember
from app.cli.verify.visitors import CannotReach
from app.protocol.encoding import b64u, unb64u
from app.protocol.errors import ProtocolError
from app.protocol.line import Line
from app.protocol.wire import LINE_ID_BYTES


@plain_errors(found=(CannotReach,), misused=(BadMemory, ProtocolError))
def verify(
    url: Annotated[str, typer.Argument(metavar="URL", help="The line's address.")],
    line: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="line.json, from the agency by a way that you trust."),
    ] = None,
    line_id: Annotated[
        str | None, typer.Option(metavar="ID", help="The line id, if you have no line.json.")
    ] = None,
    socks: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Tor's SOCKS port; each visitor has a circuit."),
    ] = None,
    also_direct: Annotated[
        bool,
        typer.Option("--also-direct", help="With --socks: half of the visitors come without Tor."),
    ] = False,
    visitors: Annotated[
        int | None,
        typer.Option(min=2, max=200, help="How many visitors look (default: all languages)."),
    ] = None,
    release: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Another release's checksums (SHA-256, path) instead of the installed one's.",
        ),
    ] = None,
    memory: Annotated[
        Path | None,
        typer.Option(
            "--remember",
            metavar="FILE",
            help="Keep the highest versions seen here, and find it when one goes back.",
        ),
    ] = None,
    browser: Annotated[
        bool,
        typer.Option(
            help="Look with an installed chromium, too (never as root: it has no sandbox then)."
        ),
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Fetch the whole site as different visitors would, and compare every byte and header."""
    known = _line(line, line_id, url)
    _check_way(url, socks, also_direct)
    with progress("Directory and manifest") as step:
        looked = asyncio.run(
            look(
                Looking(
                    url=url.rstrip("/"),
                    line=known,
                    ways=_ways(socks, also_direct),
                    socks=socks,
                    count=visitors,
                    release=_release(release) if release else release_files(),
                    now=int(time.time()),
                    rng=os.urandom,
                    progress=step,
                    browser=chromium.program() if browser else None,
                )
            )
        )
    if memory is not None:
        remember(memory, known.line_id, looked)
    findings = looked.findings.all()
    typer.echo(_as_json(url, known, looked, findings) if as_json else _as_text(looked, findings))
    if findings:
        raise typer.Exit(EXIT_FOUND)


def _line(file: Path | None, line_id: str | None, url: str) -> Line:
    if (file is None) == (line_id is None):
        stop("Give either --line with line.json or --line-id.", EXIT_MISUSED)
    if file is not None:
        return Line.parse(handed_over(file))
    return Line(unb64u(line_id, LINE_ID_BYTES), "", url, None)


def _check_way(url: str, socks: str | None, also_direct: bool) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        stop("The address must begin with http:// or https://.", EXIT_MISUSED)
    if parts.hostname.endswith(".onion"):
        if socks is None:
            stop("An onion is reached through Tor: --socks 127.0.0.1:9050.", EXIT_MISUSED)
        if also_direct:
            stop("An onion cannot be reached directly: leave out --also-direct.", EXIT_MISUSED)


def _ways(socks: str | None, also_direct: bool) -> list[bool]:
    if socks is None:
        return [False]
    return [True, False] if also_direct else [True]


def _release(file: Path) -> dict[str, str]:
    """Read lines as sha256sum writes them."""
    release = {}
    for row in file.read_text().splitlines():
        digest, _, path = row.partition(" ")
        if len(digest) != 64 or not path.strip(" *"):
            stop(f"{file} is not a list of SHA-256 and paths.", EXIT_MISUSED)
        release[path.strip(" *")] = digest
    return release


def _as_text(looked: Looked, findings: list[Finding]) -> str:
    lines = []
    if looked.directory and looked.manifest:
        lines.append(
            f"Directory {looked.directory.version}, site {looked.manifest.version} of "
            f"{looked.manifest.issued}; {looked.answers} answers to {len(looked.visitors)} "
            "visitors compared."
        )
        if not any(name.startswith(chromium.NAME) for name in looked.visitors):
            lines.append(
                "No real browser looked: this program can be told from one (docs/threat-model.md)."
            )
    for finding in findings:
        lines.append(f"{finding.where}: {finding.sentence}")
        if finding.visitors:
            everyone = len(finding.visitors) == len(looked.visitors)
            who = "every visitor" if everyone else "; ".join(finding.visitors)
            lines.append(f"    seen by {who}")
    if not findings:
        lines.append("Every byte and every header is as the agency signed it, for every visitor.")
    return "\n".join(lines)


def _as_json(url: str, line: Line, looked: Looked, findings: list[Finding]) -> str:
    return json.dumps(
        {
            "url": url,
            "line_id": b64u(line.line_id),
            "directory": looked.directory.version if looked.directory else None,
            "site": looked.manifest.version if looked.manifest else None,
            "visitors": looked.visitors,
            "answers": looked.answers,
            "findings": [
                {"where": one.where, "sentence": one.sentence, "visitors": list(one.visitors)}
                for one in findings
            ],
        },
        ensure_ascii=False,
    )
