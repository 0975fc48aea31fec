"""Settings of a running console: environment ``QUIETLINE_CONSOLE_*``, or the command's options.

Secrets are not settings: a passphrase comes by prompt, standard input or file.
"""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ConsoleSettings(BaseSettings):
    """Every setting of ``quietline console run`` and ``sync``."""

    model_config = SettingsConfigDict(env_prefix="QUIETLINE_CONSOLE_", extra="forbid")

    port: int = Field(default=8100, ge=0, le=65535)
    """The port on 127.0.0.1; 0 takes a free one."""

    interval: float = Field(default=300.0, ge=0)
    """Seconds between syncs, give or take a fifth; 0 syncs only when asked."""

    server: str | None = None
    """Base URL instead of the line's own: its onion with a SOCKS port, else its server."""

    investigators: str | None = None
    """Base URL for giving keys instead of the line's own: the investigators' onion, if any."""

    socks: str | None = Field(default=None, pattern=r"^([^@/]+:\d+|unix:/[^@]+)$")
    """Tor's SOCKS port, as host:port or unix:PATH; with ``own_tor`` none is needed."""

    own_tor: bool = False
    """Brings its own Tor: started when the vault is open, ended when it locks. Not where ``socks``
    or ``server`` say another way."""

    jitter: float = Field(default=2.0, ge=0, le=60)
    """The longest random wait before each call through Tor, in seconds; none without Tor."""

    idle_minutes: float = Field(default=15.0, ge=0, le=600)
    """After so many minutes without anybody, time asleep among them, the vault locks; 0 locks it
    only by hand, when the machine sleeps and when its screen is locked. A locked console does not
    sync."""

    on_danger: Path | None = None
    """A program that is run, without arguments, when a report says that somebody is in danger."""

    on_deaf: Path | None = None
    """A program that is run, without arguments, when nothing is heard of the line any more."""

    bundle_days: int = Field(default=30, ge=1, le=60)
    """For how many days ahead keys are given to the server."""

    team_hours: float = Field(default=4.0, ge=0, le=48)
    """The mean time in hours between two turns in which changes to cases go to the desk, also when
    there are none; 0 sends them at once, for demonstrations only."""

    read_files: bool = True
    """Reads the text of files for the search, in the sandbox (bubblewrap); where there is none,
    nothing is read."""

    delete_at_once: bool = False
    """Deletes on the server at once instead of after 1 to 24 hours: for demonstrations only."""

    @property
    def has_own_tor(self) -> bool:
        """Whether the console's own Tor is the way to the line."""
        return self.own_tor and self.socks is None and self.server is None
