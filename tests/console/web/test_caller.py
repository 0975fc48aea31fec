"""Whose program calls: what the system's list of sockets says, and where it is silent."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.console.web.caller import is_ours
from app.console.web.connection_owner import owner
from tests.console.real_console import running
from tests.console.running_line import PASSPHRASE, Line

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
CLIENT, SERVER = ("127.0.0.1", 0xE824), ("127.0.0.1", 0xACC7)
OURS = "0: 0100007F:ACC7 0100007F:E824 01 00000000:00000000 00:00000000 00000000 {uid} 0 1\n"
THEIRS = "1: 0100007F:E824 0100007F:ACC7 {state} 00000000:00000000 00:00000000 00000000 {uid} 0 2\n"
LISTENS = "2: 0100007F:ACC7 00000000:0000 0A 00000000:00000000 00:00000000 00000000 {uid} 0 3\n"
MAPPED = "0000000000000000FFFF00000100007F"
NOBODY = 65_534

CALL = """
import os, socket, sys
head, port, user = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
"127.0.0.1".encode("idna")  # so that nothing more has to be read from root's folders
os.setresuid(user, user, user)
with socket.create_connection(("127.0.0.1", port)) as one:
    one.sendall(head.encode())
    while piece := one.recv(65536):
        sys.stdout.write(piece.decode("utf-8", "replace"))
"""

RESET = """
import os, socket, struct, sys, time
head, port, user = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
"127.0.0.1".encode("idna")
os.setresuid(user, user, user)
for wait in range(40):
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.sendall(head.encode())
        time.sleep(wait / 10_000)
"""
"""Sends and is gone at once, by a reset, which leaves no end of the connection anywhere."""


def table(folder: Path, *rows: str, **fields: object) -> tuple[Path]:
    said = {"uid": os.geteuid(), "state": "01"} | fields
    path = folder / "tcp"
    path.write_text(HEAD + "".join(row.format(**said) for row in rows))
    return (path,)


def test_the_same_user_is_let_in_and_another_is_not(tmp_path: Path) -> None:
    ours = OURS.format(uid=os.geteuid())
    assert is_ours(CLIENT, SERVER, table(tmp_path, ours, THEIRS))
    assert not is_ours(CLIENT, SERVER, table(tmp_path, ours, THEIRS, uid=os.geteuid() + 1))


def test_who_is_gone_before_it_is_looked_is_nobody(tmp_path: Path) -> None:
    """The system lists such a connection as user 0's, whoever made it."""
    ours = OURS.format(uid=os.geteuid())
    assert not is_ours(CLIENT, SERVER, table(tmp_path, ours))
    for state in ("04", "05", "06", "07"):
        assert not is_ours(CLIENT, SERVER, table(tmp_path, ours, THEIRS, state=state))


def test_who_was_gone_before_the_console_learned_the_address_is_nobody(tmp_path: Path) -> None:
    """After a reset there may be no address of the caller, and our own end is gone as well."""
    assert not is_ours(None, SERVER)
    assert not is_ours(CLIENT, None)
    listens = LISTENS.format(uid=os.geteuid())
    assert not is_ours(CLIENT, SERVER, table(tmp_path, listens))
    assert not is_ours(CLIENT, SERVER, table(tmp_path, listens, THEIRS, uid=os.geteuid() + 1))


def test_a_socket_for_both_kinds_of_addresses_is_found_too(tmp_path: Path) -> None:
    ours = OURS.format(uid=os.geteuid())
    theirs = THEIRS.replace("0100007F:", f"{MAPPED}:")
    assert is_ours(CLIENT, SERVER, table(tmp_path, ours, theirs))
    assert not is_ours(CLIENT, SERVER, table(tmp_path, ours, theirs, uid=os.geteuid() + 1))


def test_where_the_system_does_not_tell_nobody_is_refused(tmp_path: Path) -> None:
    assert is_ours(CLIENT, SERVER, (tmp_path / "none",))
    assert is_ours(CLIENT, SERVER, table(tmp_path))
    (tmp_path / "tcp").write_text(HEAD + "nonsense of another system\n")
    assert is_ours(CLIENT, SERVER, (tmp_path / "tcp",))


def test_this_systems_own_list_is_understood() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as one:
            accepted, _ = server.accept()
            with accepted:
                assert is_ours(one.getsockname(), accepted.getsockname())
                gone = one.getsockname()
                one.close()
                assert not is_ours(gone, accepted.getsockname())
        with socket.socket(socket.AF_INET6) as one:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            one.connect(("::ffff:127.0.0.1", server.getsockname()[1]))
            accepted, client = server.accept()
            with accepted:
                assert is_ours(client, accepted.getsockname())


def test_the_kernel_names_whose_one_connection_is_and_nobody_without_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as one:
            accepted, client = server.accept()
            with accepted:
                assert owner(client, server.getsockname()) == os.geteuid()
                assert owner(server.getsockname(), client) == os.geteuid()
                one.shutdown(socket.SHUT_RDWR)
                assert owner(client, server.getsockname()) is None
        # Whoever listens at the caller's port is not the caller.
        assert owner(server.getsockname(), ("127.0.0.1", 1)) is None
    for nonsense in (("::1", 80), ("localhost", 80), ("127.0.0.1", 70_000), ("127.0.0.1", -1)):
        assert owner(nonsense, nonsense) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may be somebody else for a moment")
def test_another_user_is_named_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        command = [sys.executable, "-I", "-c", CALL, "x", port, str(NOBODY)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as caller:
            accepted, client = server.accept()
            with accepted:
                assert accepted.recv(1) == b"x"
                assert owner(client, server.getsockname()) == NOBODY
                assert not is_ours(client, server.getsockname())
            assert caller.wait() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may be somebody else for a moment")
def test_another_user_gets_nothing_even_with_the_cookie(still: Line, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PASSPHRASE.reveal())
    with running(still.folder_of("ana"), secret) as console:
        console.sign_in()
        (cookie,) = console.http.cookies.jar
        port, path = re.match(r"http://127\.0\.0\.1:(\d+)(.*)", console.home).groups()  # type: ignore[union-attr]
        for more in ("", "X-Forwarded-For: 192.0.2.7\r\n", "X-Forwarded-For: 127.0.0.1\r\n"):
            head = (
                f"GET {path}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
                f"{more}Cookie: {cookie.name}={cookie.value}\r\n\r\n"
            )
            ours, theirs = (said_to(user, head, port) for user in (0, NOBODY))
            assert ours.startswith("HTTP/1.1 200")
            assert "Test line" in ours
            assert theirs.startswith("HTTP/1.1 403"), more
            assert "only the user of this computer who started it" in theirs
            assert "Test line" not in theirs


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may be somebody else for a moment")
def test_another_user_who_is_gone_at_once_uses_nothing_up(still: Line, tmp_path: Path) -> None:
    """Nor does anything for them: the link that works once still does."""
    secret = tmp_path / "secret"
    secret.write_bytes(PASSPHRASE.reveal())
    with running(still.folder_of("ana"), secret) as console:
        port, path = re.match(r"http://127\.0\.0\.1:(\d+)(.*)", console.login).groups()  # type: ignore[union-attr]
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        called_by(NOBODY, RESET, head, port)
        console.sign_in()
        assert "Test line" in console.http.get("").text


def said_to(user: int, head: str, port: str) -> str:
    """Return what a call is answered that a user's program makes."""
    return called_by(user, CALL, head, port)


def called_by(user: int, program: str, head: str, port: str) -> str:
    command = [sys.executable, "-I", "-c", program, head, port, str(user)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
