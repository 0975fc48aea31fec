"""A bus like the system's, and somebody on it who speaks as logind does."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

NAME = "org.freedesktop.login1"
OURS, ANOTHERS = "/org/freedesktop/login1/session/_31", "/org/freedesktop/login1/session/_32"

CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_type="method_call"/>
    <allow send_type="signal"/><allow send_type="method_return"/><allow send_type="error"/>
    <allow receive_type="method_call"/><allow receive_type="signal"/>
    <allow receive_type="method_return"/><allow receive_type="error"/>
  </policy>
</busconfig>
"""


class Logind:
    """Whoever asks it to wait with sleep gets a file; ``waits`` says whether somebody holds it."""

    def __init__(self, *, may_wait: bool = True) -> None:
        self._may_wait = may_wait
        self._bus = open_dbus_connection("SYSTEM", enable_fds=True)
        unwrap_msg(self._bus.send_and_get_reply(message_bus.RequestName(NAME)))
        self._sending = threading.Lock()
        self._held: list[int] = []
        self.asked = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()

    def close(self) -> None:
        self._bus.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._bus.close()
        for held in self._held:
            os.close(held)

    def sleeps(self, begins: bool) -> None:
        """Tell that the machine is about to sleep, or has woken up."""
        manager = DBusAddress("/org/freedesktop/login1", NAME, f"{NAME}.Manager")
        self._send(new_signal(manager, "PrepareForSleep", "b", (begins,)))

    def locks(self, session: str) -> None:
        """Somebody locks a session: ``loginctl lock-session``."""
        self._send(new_signal(DBusAddress(session, NAME, f"{NAME}.Session"), "Lock"))

    def hints(self, session: str, *, locked: bool) -> None:
        """Tell that a desktop has locked its screen."""
        properties = DBusAddress(session, NAME, "org.freedesktop.DBus.Properties")
        body = (f"{NAME}.Session", {"LockedHint": ("b", locked)}, [])
        self._send(new_signal(properties, "PropertiesChanged", "sa{sv}as", body))

    def waits(self, seconds: float) -> bool:
        """Whether sleep is still held up after so long; at once where it no longer is."""
        ready, _, _ = select.select(self._held[-1:], [], [], seconds)
        return not ready

    def _answer(self) -> None:
        while True:
            try:
                asked = self._bus.receive()
            except OSError:
                return
            if asked.header.message_type is MessageType.method_call:
                self._send(self._reply(asked))

    def _reply(self, asked: Message) -> Message:
        fields = asked.header.fields
        if fields[HeaderFields.member] == "Get":
            uid = os.geteuid() + (fields[HeaderFields.path] == ANOTHERS)
            return new_method_return(asked, "v", (("(uo)", (uid, "/user")),))
        if not self._may_wait:
            self.asked.release()
            return new_error(asked, "org.freedesktop.DBus.Error.AccessDenied")
        ours, theirs = os.pipe()
        self._held.append(ours)
        threading.Timer(1, os.close, (theirs,)).start()  # sent by then
        self.asked.release()
        return new_method_return(asked, "h", (theirs,))

    def _send(self, message: Message) -> None:
        with self._sending:
            self._bus.send(message)


@contextmanager
def system_bus(folder: Path) -> Iterator[str]:
    """Its address, as DBUS_SYSTEM_BUS_ADDRESS has it."""
    place = folder / "bus"
    configuration = folder / "bus.conf"
    configuration.write_text(CONFIGURATION.format(socket=place))
    process = subprocess.Popen(
        ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline()
        yield f"unix:path={place}"
    finally:
        process.kill()
        process.communicate()
