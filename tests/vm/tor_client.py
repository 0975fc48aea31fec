"""The reporter's Tor client, as it is in Tor Browser. A console brings its own."""

from __future__ import annotations

from tests.vm.field import REPORTERS_SOCKS
from tests.vm.machine import Machine

_PROXY = f"--socks5-hostname 127.0.0.1:{REPORTERS_SOCKS}"


def start(machine: Machine, who: str) -> None:
    """Start it as somebody's, and wait until it knows the network; it ends with the machine."""
    home = f"/home/{who}/tor"
    machine.look(
        "systemctl stop reporters-tor.service 2>/dev/null || true\n"
        f"install -d -m 0700 -o {who} -g {who} {home}; rm -f {home}/log\n"
        f"systemd-run --quiet --collect --unit=reporters-tor --uid={who} --gid={who} "
        f"/usr/local/bin/tor --ignore-missing-torrc -f {home}/torrc --DataDirectory {home} "
        f"--SocksPort '127.0.0.1:{REPORTERS_SOCKS} ExtendedErrors' "
        f"--Log 'notice file {home}/log'\n"
        "for second in {1..600}; do\n"
        f"  grep -qs 'Bootstrapped 100%' {home}/log && exit 0\n"
        "  systemctl is-active --quiet reporters-tor || break; sleep 1\n"
        "done\n"
        "journalctl --no-pager -u reporters-tor | tail; exit 1"
    )


def reaches(machine: Machine, address: str) -> None:
    """Wait until an onion answers. Raises Failed."""
    machine.look(
        "for trial in {1..60}; do\n"
        f"  curl -sf -m 120 {_PROXY} {address}/healthz && exit 0; sleep 2\n"
        "done\nexit 1"
    )


def is_closed(machine: Machine, address: str) -> bool:
    """Say whether an onion wants a key that this Tor does not have (curl's 97, Tor's 0xF4)."""
    said = machine.try_to(f"curl -sS -m 300 {_PROXY} {address}/healthz")
    return said.code == 97 and "(244)" in said.text
