"""Whose one end of a connection is, asked of the kernel for that connection alone: microseconds.

sock_diag(7) finds a connection by its two ends; the list of all sockets (``caller``) takes some
milliseconds, which every request would wait. Any user may ask. Where the kernel does not answer
(another system, a kernel built without it), nothing is said here.
"""

import socket
import struct
from ipaddress import IPv4Address

_SOCK_DIAG = 4  # NETLINK_SOCK_DIAG, linux/netlink.h
_BY_FAMILY = 20  # SOCK_DIAG_BY_FAMILY, linux/sock_diag.h
_REQUEST = 1  # NLM_F_REQUEST
_ESTABLISHED = 1
_ANY = 0xFFFF_FFFF
_HEADER = struct.Struct("=IHHII")  # nlmsghdr: length, type, flags, sequence, port
# linux/inet_diag.h: inet_diag_req_v2 is _QUESTION, and inet_diag_msg begins with its family, its
# state and, at byte 4, the same ends: ports and addresses in the network's order, 16 bytes each.
_QUESTION = struct.Struct("=BBBBI36sIII")
_ENDS = struct.Struct("!HH16s16s")
_USER = struct.Struct("=I")
_STATE_AT, _ENDS_AT, _USER_AT = 1, 4, 64
_KERNEL = 0  # its port, netlink(7)
_ANSWER_BYTES = 4_096
_SECONDS = 1.0

Address = tuple[str, int]
"""An IPv4 address and a port."""


def owner(local: Address, remote: Address) -> int | None:
    """Return the user id of whoever made the ``local`` end of an IPv4 connection that stands.

    ``local`` and ``remote`` are the address and port of its two ends. None: there is no such
    connection, or the system does not tell.
    """
    try:
        ends = _ENDS.pack(
            local[1], remote[1], IPv4Address(local[0]).packed, IPv4Address(remote[0]).packed
        )
        with socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _SOCK_DIAG
        ) as kernel:
            kernel.settimeout(_SECONDS)
            kernel.sendto(_question(ends), (0, 0))
            answer, sender = kernel.recvfrom(_ANSWER_BYTES)
        if sender[0] != _KERNEL:
            return None
        said = answer[_HEADER.size :]
        if _HEADER.unpack_from(answer)[1] != _BY_FAMILY or said[_STATE_AT] != _ESTABLISHED:
            return None
        if said[_ENDS_AT : _ENDS_AT + _ENDS.size] != ends:
            return None  # for want of it the kernel takes whoever listens there
        (user,) = _USER.unpack_from(said, _USER_AT)
        return int(user)
    except (AttributeError, IndexError, OSError, ValueError, struct.error):
        return None


def _question(ends: bytes) -> bytes:
    what = _QUESTION.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, 0, _ANY, ends, 0, _ANY, _ANY)
    return _HEADER.pack(_HEADER.size + len(what), _BY_FAMILY, _REQUEST, 1, 0) + what
