"""nginx's configuration, all files taken together as nginx does with those that it includes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.server.operations.doctor.directives import TELLING, Directive, is_loopback, within
from app.server.operations.doctor.findings import Finding, Notes

FILES = ("etc/nginx/nginx.conf", "etc/nginx/conf.d/*.conf", "etc/nginx/sites-enabled/*")

_WORDS = re.compile(
    r"""\#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};]|(?:\$\{[^}]*\}|\\.|[^\s{};"'\\])+""",
    re.DOTALL,
)
_MUST = (
    ("access_log", "off", "access-log", "logs who calls"),
    ("error_log", "/dev/null", "error-log", "writes the caller's address with every error"),
    (
        "proxy_request_buffering",
        "off",
        "buffering",
        "writes what is sent into temporary files with times",
    ),
)
"""Directives with the only value that is well, and what happens otherwise."""


def check(texts: dict[str, str]) -> Notes:
    """Look through nginx's files: texts by path."""
    top = [one for text in texts.values() for one in read(text)]
    outside = [*top, *(one for http in top if http.name == "http" for one in http.inside)]
    path = " and ".join(texts)
    for server in within((one for one in top if one.name != "stream"), "server"):
        places = [one.inside for one in within(server.inside, "location") if one.has("proxy_pass")]
        if not places:
            continue
        for name, value, about, why in _MUST:
            if any(_said((place, server.inside, outside), name) != value for place in places):
                line = f"{name} {value}{' crit' if value == '/dev/null' else ''};"
                yield Finding(about, f'nginx {why}: put "{line}" into the server ({path}).')
        yield from _of_nginx_proxy(path, server, outside)


def _of_nginx_proxy(path: str, server: Directive, outside: Iterable[Directive]) -> Notes:
    headers = [*within(server.inside, "proxy_set_header")]
    headers += [one for one in outside if one.name == "proxy_set_header"]
    if any(one.words[0].lower() in TELLING and any(one.words[1:]) for one in headers if one.words):
        yield Finding(
            "forwarding",
            "nginx hands the caller's address on: take out proxy_set_header X-Forwarded-For and "
            f"the like ({path}).",
        )
    if any(
        not word.startswith(("http://unix:", "http://$", "https://$"))
        for one in within(server.inside, "proxy_pass")
        for word in one.words[:1]
        if word.removeprefix("http://").partition("/")[0] not in _unix_upstreams(outside)
    ):
        yield Finding(
            "listening",
            "nginx reaches the server by an address, which every user of the machine can: use its "
            f'Unix socket, "proxy_pass http://unix:/run/quietline/server.sock;" ({path}).',
        )
    names = [word for one in within(server.inside, "server_name") for word in one.words]
    onion = bool(names) and all(word.endswith(".onion") for word in names)
    listens = [one.words for one in server.inside if one.name == "listen" and one.words]
    if not onion and any(_listens_in_the_clear(words) for words in listens):
        yield Finding(
            "tls",
            "nginx serves the line without TLS: what is sent can be read on the way. Listen with "
            f"ssl, and let port 80 redirect ({path}).",
        )


def _unix_upstreams(directives: Iterable[Directive]) -> set[str]:
    found: set[str] = set()
    for one in within(directives, "upstream"):
        servers = [word for server in within(one.inside, "server") for word in server.words[:1]]
        if servers and all(word.startswith("unix:") for word in servers):
            found.update(one.words[:1])
    return found


def _listens_in_the_clear(words: tuple[str, ...]) -> bool:
    address, *options = words
    host = address.rpartition(":")[0].strip("[]")
    local = address.startswith("unix:") or (host != "" and is_loopback(host))
    return not local and not {"ssl", "quic"} & set(options)


def _said(levels: Iterable[Iterable[Directive]], name: str) -> str | None:
    """Return the first word of a directive where it counts: the innermost block that has it."""
    for level in levels:
        for one in level:
            if one.name == name:
                return one.words[0] if one.words else ""
    return None


def read(text: str) -> tuple[Directive, ...]:
    """Read nginx's configuration."""
    words = (word for word in _WORDS.findall(text) if not word.startswith("#"))
    return _block(words)


def _block(words: Iterator[str]) -> tuple[Directive, ...]:
    block: list[Directive] = []
    line: list[str] = []
    for word in words:
        if word == "}":
            break
        if word in (";", "{"):
            inside = _block(words) if word == "{" else ()
            if line:
                block.append(Directive(line[0], tuple(line[1:]), inside))
            line = []
        else:
            line.append(word[1:-1] if word[0] in "\"'" else word)
    return tuple(block)
