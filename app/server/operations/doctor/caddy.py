"""Caddy's configuration: the Caddyfile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.server.operations.doctor.directives import TELLING, Directive, is_loopback, within
from app.server.operations.doctor.findings import Finding, Notes, Unchecked

FILES = ("etc/caddy/Caddyfile", "etc/caddy/Caddyfile.d/*", "etc/caddy/conf.d/*")

_WORDS = re.compile(r""""(?:[^"\\]|\\.)*"|`[^`]*`|[^\s"`]+""")


def check(path: str, text: str) -> Notes:
    """Look through a Caddyfile."""
    directives = read(text)
    sites = [one for one in directives if one.name and not one.name.startswith("(")]
    if any(within(directives, "import")):
        yield Unchecked("proxy", f"{path} imports other files, which were not read.")
    if any(not _discards(log) for site in sites for log in within(site.inside, "log")):
        yield Finding(
            "access-log", f"Caddy logs who calls ({path}): take out the log directive of its sites."
        )
    if any(within(sites, "reverse_proxy")) and not _quiet_errors(directives):
        yield Finding(
            "error-log",
            f"Caddy writes the caller's address with every error ({path}): put "
            '"log { exclude http.log.error }" into its global options.',
        )
    for proxy in within(sites, "reverse_proxy"):
        yield from _of_caddys_proxy(path, proxy)
    for site in sites:
        if any(within(site.inside, "reverse_proxy")) and _serves_in_the_clear(site):
            yield Finding(
                "tls",
                f"Caddy serves {site.name} without TLS ({path}): what is sent can be read on the "
                "way. Give it the name alone, and it gets a certificate.",
            )


def _of_caddys_proxy(path: str, proxy: Directive) -> Notes:
    ups = [one.words for one in proxy.inside if one.name == "header_up" and one.words]
    kept_off = {words[0].lower() for words in ups if words[0].startswith("-")}
    if not kept_off & {"-x-forwarded-for", "-x-forwarded-*"} or any(
        words[0].lower() in TELLING for words in ups
    ):
        yield Finding(
            "forwarding",
            f"Caddy hands the caller's address on ({path}): write "
            '"header_up -X-Forwarded-For" into reverse_proxy, and no header of the like.',
        )
    if any(within(proxy.inside, "proxy_protocol")):
        yield Finding(
            "forwarding",
            f"Caddy hands the caller's address on by the PROXY protocol ({path}): take out "
            "proxy_protocol.",
        )
    targets = [word for word in proxy.words if not word.startswith(("/", "@", "*"))]
    targets += [word for one in proxy.inside if one.name == "to" for word in one.words]
    if any(not word.startswith("unix") for word in targets):
        yield Finding(
            "listening",
            f"Caddy reaches the server by an address ({path}), which every user of the machine "
            'can: use its Unix socket, "reverse_proxy unix//run/quietline/server.sock".',
        )


def _discards(log: Directive) -> bool:
    return log.has("output", "discard")


def _quiet_errors(directives: Iterable[Directive]) -> bool:
    logs = [log for one in directives if not one.name for log in one.inside if log.name == "log"]
    for log in logs:
        excluded = {word for one in log.inside if one.name == "exclude" for word in one.words}
        unnamed = not log.words or log.words == ("default",)
        if unnamed and (_discards(log) or excluded & {"http.log.error", "http.log", "http"}):
            return True
    return False


def _serves_in_the_clear(site: Directive) -> bool:
    bound = [word for one in site.inside if one.name == "bind" for word in one.words]
    if bound and all(word.startswith("unix") or is_loopback(word) for word in bound):
        return False
    for word in (site.name, *site.words):
        address = word.rstrip(",")
        scheme, _, rest = address.rpartition("://")
        host, _, port = rest.partition("/")[0].rpartition(":")
        host, port = (host, port) if port.isdecimal() else (rest.partition("/")[0], "")
        if (scheme == "http" or port == "80") and not (
            host.endswith(".onion") or host == "localhost" or is_loopback(host)
        ):
            return True
    return False


def read(text: str) -> tuple[Directive, ...]:
    """Read a Caddyfile: each site by its first address, global options with an empty name."""
    lines = []
    for raw in text.replace("\\\n", " ").splitlines():
        words = []
        for word in _WORDS.findall(raw):
            if word.startswith("#"):
                break
            words.append(word.strip('"`'))
        if words:
            lines.append(words)
    if lines and lines[0][-1] != "{" and not lines[0][-1].endswith(","):
        lines = [[*lines[0], "{"], *lines[1:], ["}"]]  # one site without braces
    return _block(iter(lines))


def _block(lines: Iterator[list[str]]) -> tuple[Directive, ...]:
    block: list[Directive] = []
    addresses: list[str] = []
    for words in lines:
        if words == ["}"]:
            break
        opens = words[-1] == "{"
        line = [*addresses, *(words[:-1] if opens else words)]
        if line and line[-1].endswith(","):  # addresses of a site, one a line
            addresses = line
            continue
        addresses = []
        inside = _block(lines) if opens else ()
        block.append(Directive(line[0] if line else "", tuple(line[1:]), inside))
    return tuple(block)
