"""The only way of the console into the network.

    line_client  every call of the server's interface that a console makes, its circuit if Tor is …
    calls             what a call is over the wire: sizes, headers, problems in words
    kept_connections  connections that stay open, where there is no Tor between
    bounded           One exchange with a server that may be hostile: bounded in bytes, in …
    working           Work that may take long: while it lasts, the line is asked now and then …
    tor_key           a key for the investigators' onion

Bytes in, bytes out: nothing is decrypted, believed or kept here. ``app.console.sync.engine``
decides.
"""

from app.console.transport.line_client import LineClient, LineClientSettings

__all__ = ["LineClient", "LineClientSettings"]
