"""Tor's configuration: torrc."""

from __future__ import annotations

from app.server.operations.doctor.findings import Finding, Notes

FILES = ("etc/tor/torrc", "etc/tor/torrc.d/*.conf")


def check(texts: dict[str, str], proxy_protocol: str | None) -> Notes:
    """Look through torrc and what belongs to it: texts by path."""
    path = " and ".join(texts)
    options = [pair for text in texts.values() for pair in read(text)]
    said = dict(options)
    if said.get("safelogging", "1") == "0":
        yield Finding("safe-logging", f'Tor logs addresses ({path}): take out "SafeLogging 0".')
    if any(
        name == "log" and value.split(" ")[0].split("-")[0] in ("debug", "info")
        for name, value in options
    ):
        yield Finding("safe-logging", f'Tor logs too much ({path}): "Log notice" is enough.')
    if "1" in (said.get("hiddenservicesinglehopmode"), said.get("hiddenservicenonanonymousmode")):
        yield Finding(
            "onion",
            f"The onion service is not anonymous ({path}): take out HiddenServiceSingleHopMode and "
            "HiddenServiceNonAnonymousMode.",
        )
    ports = [value.split() for name, value in options if name == "hiddenserviceport"]
    if any(port[0] in ("80", "443") and not port[-1].startswith("unix:") for port in ports if port):
        yield Finding(
            "listening",
            f"Tor reaches the server by an address ({path}), which every user of the machine can: "
            'use its Unix socket, "HiddenServicePort 80 unix:/run/quietline/server.sock".',
        )
    gives = any(name == "hiddenserviceexportcircuitid" for name, _ in options)
    if gives and proxy_protocol is None:
        yield Finding(
            "circuits",
            f"Tor gives its circuits' numbers ({path}), which the server refuses: give Tor a "
            "socket of its own, with --tor-uds.",
        )
    if ports and proxy_protocol == "tor" and not gives:
        yield Finding(
            "circuits",
            "The server takes connections with a circuit's number alone, and Tor gives none: put "
            f'"HiddenServiceExportCircuitID haproxy" after HiddenServicePort ({path}).',
        )


def check_desks(texts: dict[str, str], desks: list[str]) -> Notes:
    """See that an onion leads to each investigators' socket: no keys are taken anywhere else."""
    leading = {
        value.split()[-1]
        for text in texts.values()
        for name, value in read(text)
        if name == "hiddenserviceport" and value
    }
    for desk in desks if texts else ():
        if f"unix:{desk}" not in leading:
            yield Finding(
                "onion",
                "No onion leads to the investigators' socket, so no console can give its keys: put "
                f'"HiddenServicePort 80 unix:{desk}" under the HiddenServiceDir of the '
                f"investigators' onion ({' and '.join(texts)}).",
            )


def read(text: str) -> list[tuple[str, str]]:
    """Read torrc: options in lower case with their values."""
    options = []
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].strip().partition(" ")
        if name:
            options.append((name.lower(), value.strip()))
    return options
