"""Locking when the machine goes to sleep and when its screen is locked, as logind tells it.

logind (org.freedesktop.login1(5)) says on the system's bus that the machine is about to sleep, and
waits up to 5 s for whoever has asked it to; and that a session is locked: by a command (``Lock``),
or by the desktop, which hints it. What comes is not more than a reason to lock, so it is believed.
Where there is no such bus, nothing is told: the console's clock goes on while the machine sleeps
(``idle``), so that it locks soon after.
"""

import os
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from jeepney import DBusAddress, MatchRule, Message, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import Properties, unwrap_msg

LOGIN = "org.freedesktop.login1"
SESSION = f"{LOGIN}.Session"
MANAGER = DBusAddress("/org/freedesktop/login1", LOGIN, f"{LOGIN}.Manager")
WHY = "The case store is being locked."
ANSWER_SECONDS = 2.0
AGAIN_SECONDS = 60.0
"""How soon a bus is looked for again that is not there, or has gone."""

RULES = (
    MatchRule(type="signal", sender=LOGIN, interface=f"{LOGIN}.Manager", member="PrepareForSleep"),
    MatchRule(type="signal", sender=LOGIN, interface=SESSION, member="Lock"),
    MatchRule(
        type="signal",
        sender=LOGIN,
        interface="org.freedesktop.DBus.Properties",
        member="PropertiesChanged",
    ),
)


class Watch:
    """Locks before the machine sleeps, and with the session.

    ``lock`` begins a lock and says whether there was anything to lock; it is called in a thread of
    its own. ``heard`` is set while logind is listened to.
    """

    def __init__(self, lock: Callable[[], bool]) -> None:
        self._lock = lock
        self._delay: Any = None
        self._bus: DBusConnection | None = None
        self._ended = threading.Event()
        # A daemon: a process that must end at once does not wait for a bus.
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self.heard = threading.Event()

    def start(self) -> None:
        """Listen from here on."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._ended.set()
        if self._bus is not None:
            with suppress(OSError):
                self._bus.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def _go_on(self) -> None:
        while not self._ended.is_set():
            # No bus, another one's answer, or one that ended: all the same, it is tried again.
            with suppress(Exception), open_dbus_connection("SYSTEM", enable_fds=True) as self._bus:
                self._listen(self._bus)
            self.heard.clear()
            self._let_sleep()
            self._ended.wait(AGAIN_SECONDS)

    def _listen(self, bus: DBusConnection) -> None:
        signals: deque[Message] = deque()
        for rule in RULES:
            unwrap_msg(
                bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=ANSWER_SECONDS)
            )  # fmt: skip
        self._hold_sleep(bus)
        self.heard.set()
        with bus.filter(MatchRule(type="signal"), queue=signals):
            while True:
                self._hear(bus, bus.recv_until_filtered(signals))

    def _hear(self, bus: DBusConnection, signal: Message) -> None:
        fields = {key.name: value for key, value in signal.header.fields.items()}
        if fields.get("member") == "PrepareForSleep":
            if not signal.body[0]:
                self._hold_sleep(bus)
            elif not self._lock():
                self._let_sleep()
            # Else sleep waits until this process is another one: our end closes with it.
        elif self._locks(fields.get("member"), signal.body) and _is_ours(bus, fields["path"]):
            self._lock()

    @staticmethod
    def _locks(member: Any, body: Any) -> bool:
        if member == "Lock":
            return True
        return body[0] == SESSION and body[1].get("LockedHint", ("b", False))[1] is True

    def _hold_sleep(self, bus: DBusConnection) -> None:
        """Ask logind to wait for us before it sleeps; not all may ask, and not always."""
        self._let_sleep()
        message = new_method_call(MANAGER, "Inhibit", "ssss", ("sleep", "Quietline", WHY, "delay"))
        with suppress(Exception):
            (self._delay,) = unwrap_msg(bus.send_and_get_reply(message, timeout=ANSWER_SECONDS))

    def _let_sleep(self) -> None:
        if self._delay is not None:
            self._delay.close()
        self._delay = None


def _is_ours(bus: DBusConnection, path: str) -> bool:
    """Say whether a session is this user's; also where logind does not say."""
    message = Properties(DBusAddress(path, LOGIN, SESSION)).get("User")
    with suppress(Exception):
        ((_, (uid, _)),) = unwrap_msg(bus.send_and_get_reply(message, timeout=ANSWER_SECONDS))
        return bool(uid == os.geteuid())
    return True
