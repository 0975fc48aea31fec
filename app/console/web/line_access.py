"""How a console reaches its line: the server's address, and the settings of a sync."""

from app.client.line_client import LineClient, LineClientSettings
from app.client.transport.circuits import Transport
from app.console.sync.engine import SyncSettings
from app.console.vault import Rng, Vault
from app.console.vault.installation import owner
from app.console.web.console_settings import ConsoleSettings


def sync_settings(settings: ConsoleSettings) -> SyncSettings:
    """Return the settings of a sync that a console's settings make."""
    return SyncSettings(
        settings.delete_at_once, settings.bundle_days, team_hours=settings.team_hours
    )


def open_line_client(
    vault: Vault, settings: ConsoleSettings, rng: Rng, transport: Transport | None = None
) -> LineClient:
    """Return the way to the vault's line: its onions where there is a SOCKS port, else its host.

    Another server than the line's own takes everything, unless it is given its investigators too.
    Raises LineError for an onion without one.
    """
    with vault.read() as tx:
        line = owner.load_owner(tx).line
    own = line.onion if settings.socks and line.onion else line.server
    investigators = settings.investigators
    if investigators is None and settings.server is None and settings.socks:
        investigators = line.investigators
    where = LineClientSettings(
        server=(settings.server or own).rstrip("/"),
        investigators=investigators.rstrip("/") if investigators else None,
        socks=settings.socks,
        jitter=settings.jitter if settings.socks else 0.0,
    )
    return LineClient(where, rng, transport)
