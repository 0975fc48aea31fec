"""The only network door of the console.

    door     every call of the server's interface that a console makes, its circuit if Tor is used
    calls    what a call is over the wire: sizes, headers, problems in words
    kept     connections that stay open, where there is no Tor between
    bounded  One exchange with a server that may be hostile: bounded in bytes, in …

Bytes in, bytes out: nothing is decrypted, believed or kept here. `app.console.inbox` decides.
"""

from app.console.sync.door import Door, DoorSettings

__all__ = ["Door", "DoorSettings"]
