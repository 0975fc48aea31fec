"""What stands before the server and sees addresses: Caddy, nginx, Tor. Their configuration only."""

from __future__ import annotations

from app.server.operations.doctor import caddy, nginx, tor
from app.server.operations.doctor.findings import Finding, Notes, Unchecked
from app.server.operations.doctor.machine import Machine
from app.server.settings import Settings


def check(settings: Settings, machine: Machine) -> Notes:
    """Look at every configuration file that is there."""
    caddys = machine.texts(*caddy.FILES)
    nginxs = machine.texts(*nginx.FILES)
    torrcs = machine.texts(*tor.FILES)
    if not caddys and not nginxs and not torrcs:
        yield Unchecked("proxy", "No configuration of Caddy, nginx or Tor could be read in /etc.")
    for path, text in caddys.items():
        yield from caddy.check(path, text)
    yield from nginx.check(nginxs)
    servers = machine.servers()
    of_tor = [server for server in servers if server.has("--tor-uds")]
    desks = [desk for server in servers if (desk := server.value("--desk-uds")) is not None]
    yield from tor.check_desks(torrcs, desks)
    yield from tor.check(torrcs, "tor" if of_tor or not servers else settings.proxy_protocol)
    for server in servers:
        if not server.has("--uds") and not server.has("--tor-uds"):
            yield Finding(
                "listening",
                "The server listens on an address, where it sees who connects: run it with --uds "
                "on a socket in a folder that only the proxy may enter.",
            )
