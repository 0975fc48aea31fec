"""A private Tor network on loopback: five authorities that are also the only relays.

There are no exits, so nothing leaves the machine. An onion can be reached about twelve seconds
after the start; with Tor's own voting times it would take many minutes.
"""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.onion.process import Tor, needed, until
from tests.ports import free_port

AUTHORITIES = 5
_VOTING_SECONDS = 5  # the shortest that Tor takes
_CONSENSUS_WITHIN = 60


class Network:
    """A private network in a folder of its own; ``node`` adds onion services and clients to it.

    A higher ``patience`` gives authorities more time before their first vote: one that comes too
    late is missing in the consensus, and the next would come in half an hour. ``hop_seconds`` is
    what every hop takes, in each direction; without any, loopback takes none.
    """

    def __init__(self, patience: int = 1, hop_seconds: float = 0.0) -> None:
        # A short path: control sockets may not have more than 107 characters.
        self.folder = Path(tempfile.mkdtemp(prefix="quietline-tor-"))
        self.patience = patience
        self.voting = patience * _VOTING_SECONDS
        ports = [free_port() for _ in range(2 * AUTHORITIES)]
        self._ports = list(zip(ports[::2], ports[1::2], strict=True))
        self._hop_seconds = hop_seconds
        self._behind = [free_port() if hop_seconds else 0 for _ in range(AUTHORITIES)]
        self._hops: subprocess.Popen[bytes] | None = None
        self._nodes: list[Tor] = []
        self._common = [
            "TestingTorNetwork 1",
            # Left to itself, Tor learns from a hundred circuits on loopback that one which takes
            # 40 ms is broken, and gives up those of a moment in which the machine is busy.
            "LearnCircuitBuildTimeout 0",
            "CircuitBuildTimeout 20",
        ]

    def start(self) -> None:
        """Make the keys, start the authorities, wait until each knows all of them."""
        folders = [self.folder / f"a{number}" for number in range(AUTHORITIES)]
        identities = []
        for number, (folder, (relay, port)) in enumerate(zip(folders, self._ports, strict=True)):
            identities.append(make_keys(folder, f"a{number}", relay, port))
        self._common += identities
        if self._hop_seconds:
            self._slow_down()
        offset = math.ceil(time.time() + self.voting - 1) % self.voting
        for number, (folder, (relay, port)) in enumerate(zip(folders, self._ports, strict=True)):
            own = authority(number, relay, self._behind[number], port, self.voting, offset)
            torrc = [*self._common, *own]
            self._start(Tor(folder, torrc))  # all at once: the vote does not wait for a late one
        until(_CONSENSUS_WITHIN, "the authorities did not agree", lambda: _agreed(folders))

    def node(self, name: str, torrc: Sequence[str]) -> Tor:
        """Start another Tor in this network."""
        node = Tor(self.folder / name, [*self._common, *torrc])
        self._start(node)
        node.wait()
        return node

    @property
    def common(self) -> list[str]:
        """Return the lines of torrc by which a Tor finds this network and no other."""
        return list(self._common)

    def stop(self) -> None:
        """End every process and leave nothing behind."""
        for node in reversed(self._nodes):
            node.stop()
        if self._hops is not None:
            self._hops.kill()
            self._hops.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _slow_down(self) -> None:
        """Put something in front of each relay's port that takes its time."""
        pairs = zip((relay for relay, _ in self._ports), self._behind, strict=True)
        words = [f"{relay}:{behind}" for relay, behind in pairs]
        self._hops = subprocess.Popen(
            [sys.executable, "-m", "tests.onion.slow_hop", str(self._hop_seconds), *words]
        )

    def _start(self, node: Tor) -> None:
        self._nodes.append(node)
        node.start()


def authority(
    number: int, relay: int, behind: int, port: int, voting: int, offset: int
) -> list[str]:
    """Return a torrc's lines; the relay listens ``behind`` the port it tells, unless that is 0."""
    told = [f"ORPort {relay} NoListen", f"ORPort 127.0.0.1:{behind} NoAdvertise"]
    return [
        *(told if behind else [f"ORPort {relay}"]),
        f"Nickname a{number}",
        "Address 127.0.0.1",
        f"DirPort {port}",
        "ContactInfo nobody@localhost",
        "SocksPort 0",
        "AuthoritativeDirectory 1",
        "V3AuthoritativeDirectory 1",
        "AssumeReachable 1",
        "ExitRelay 0",
        "ExitPolicy reject *:*",
        "TestingDirAuthVoteGuard *",
        "TestingDirAuthVoteHSDir *",
        f"TestingV3AuthInitialVotingInterval {voting}",
        "TestingV3AuthInitialVoteDelay 2",
        "TestingV3AuthInitialDistDelay 2",
        f"TestingV3AuthVotingStartOffset {offset}",
        "V3AuthVotingInterval 1800",
        "V3AuthVoteDelay 2",
        "V3AuthDistDelay 2",
    ]


def make_keys(folder: Path, name: str, relay: int, port: int) -> str:
    """Make an authority's keys; return its DirAuthority line."""
    keys = folder / "keys"
    keys.mkdir(mode=0o700, parents=True)
    folder.chmod(0o700)
    certificate = keys / "authority_certificate"
    _run(
        [needed("tor-gencert"), "--create-identity-key", "-m", "12", "-a", f"127.0.0.1:{port}",
         "-i", keys / "authority_identity_key", "-s", keys / "authority_signing_key",
         "-c", certificate, "--passphrase-fd", "0"]
    )  # fmt: skip
    signer = _after("fingerprint ", certificate.read_text())
    empty = folder / "none"
    empty.touch()
    said = _run(
        [needed("tor"), "--list-fingerprint", "--quiet", "--defaults-torrc", empty, "-f", empty,
         "--DataDirectory", folder, "--Nickname", name, "--ORPort", str(relay),
         "--Address", "127.0.0.1", "--ContactInfo", "nobody@localhost",
         "--DirAuthority", f"x orport=1 v3ident={signer} 127.0.0.1:1 {'0' * 40}",
         "--TestingTorNetwork", "1"]
    )  # fmt: skip
    fingerprint = said.strip().splitlines()[-1].split(" ", 1)[1].replace(" ", "")
    return (
        f"DirAuthority {name} orport={relay} no-v2 v3ident={signer} 127.0.0.1:{port} {fingerprint}"
    )


class Incomplete(Exception):
    """The first consensus lacks an authority; the next would come in half an hour."""


def _agreed(folders: Sequence[Path]) -> bool:
    files = [folder / "cached-microdesc-consensus" for folder in folders]
    relays = [file.read_text().count("\nr ") for file in files if file.exists()]
    if any(count < AUTHORITIES for count in relays):
        raise Incomplete
    return len(relays) == AUTHORITIES


def _after(start: str, text: str) -> str:
    return next(line[len(start) :] for line in text.splitlines() if line.startswith(start))


def _run(command: Sequence[object]) -> str:
    done = subprocess.run(
        [str(word) for word in command], input="\n", capture_output=True, text=True, timeout=240
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout
