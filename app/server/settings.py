"""Everything an operator can set, each with its unit; unsafe or placeholder values stop the start.

Values come from the environment (``QUIETLINE_NAME``) or from a TOML file (``name = …``); the
environment wins. Where to listen is no setting but an option of ``quietline server run``.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from app.protocol.challenges import MAX_ROWS
from app.protocol.encoding import unb64u
from app.protocol.errors import ProtocolError
from app.protocol.wire import LINE_ID_BYTES

PREFIX = "QUIETLINE_"
_PLACEHOLDER = re.compile(r"change[-_ ]?me|replace[-_ ]?me|placeholder|example|<.*>", re.IGNORECASE)
SLOTS_FLOOR = 64
_GONE = {
    "workers": "The setting workers is gone, take it out: a server is one process. One is enough "
    'for a country\'s tip line; for more see "Several servers" in docs/operating.md.'
}
"""What is said of a setting that there was, by its name."""


class SettingsError(Exception):
    """The settings do not allow a start; the text says what to do, one sentence a line."""


class Settings(BaseSettings):
    """The blind server's settings."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    line_id: str = Field(
        description="The line id: the agency's first root key, base64url of 32 bytes, as in "
        "line.json. The directory must belong to it."
    )
    directory_file: Path = Field(
        description="Path of the signed directory file (directory.json). A changed file takes "
        "effect with the next epoch."
    )
    data_folder: Path = Field(
        description="Folder (path) for the database and the blobs, readable by the server alone."
    )
    site_folder: Path | None = Field(
        default=None,
        description="Folder (path) of the signed static site, with its manifest.json. Without it "
        "only the API is served.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="URL of the database, sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME "
        "(a socket's folder: postgresql://USER@/NAME?host=FOLDER). Default: SQLite in the data "
        "folder (quietline.db).",
    )
    peer_address: str | None = Field(
        default=None,
        max_length=45,
        pattern="^(https?://|unix:///)",
        description="URL at which the other servers of this line reach this one: its Unix socket "
        "(unix:///run/quietline/server.sock) where all are on one machine, else one such as "
        "http://10.0.0.5:8000, in a network of their own. Needed where several servers use one "
        "PostgreSQL database: one of them makes the epochs, the others copy them.",
    )
    blob_folder: Path | None = Field(
        default=None,
        description="Folder (path) for attachments' chunks. Default: blobs in the data folder.",
    )
    blob_url: str | None = Field(
        default=None,
        description="URL of an S3-compatible store for attachments' chunks instead of the folder, "
        "s3://BUCKET/PREFIX. Its credentials come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, "
        "AWS_REGION and AWS_ENDPOINT_URL in the environment.",
    )
    blob_quota_bytes: int = Field(
        default=20 * 2**30,
        ge=0,
        description="Most that attachments may take, in bytes. When it is full, text still gets "
        "through.",
    )
    chunk_slots_initial: int = Field(
        default=256,
        ge=8,
        description="Slots for attachments' chunks made at the first start (number, each 262,144 "
        "bytes of disk). More are made when more than half are used, within blob_quota_bytes.",
    )
    disk_reserve_bytes: int = Field(
        default=256 * 2**20,
        ge=0,
        description="Free space, in bytes, that making room for attachments leaves on their disk "
        "for everything else.",
    )
    slots_initial: int = Field(
        default=4_096,
        ge=SLOTS_FLOOR,
        description="Message slots made at the first start, a power of two (each 20 kB of disk).",
    )
    slots_cap: int = Field(
        default=MAX_ROWS,
        le=MAX_ROWS,
        description="Most message slots, a power of two. Slots double when more than half are "
        "used; at the cap new messages are refused and nothing stored is evicted.",
    )
    epoch_seconds: int = Field(
        default=60,
        ge=1,
        le=3_600,
        description="Length of an epoch in seconds: how often bundles and challenges are made.",
    )
    expiry_spread_days: int = Field(
        default=7,
        ge=1,
        le=60,
        description="Each envelope and chunk lives up to so many random days longer than the "
        "directory's message_days, so that those of one batch do not expire together.",
    )
    chunk_extra_days: int = Field(
        default=14,
        ge=14,
        le=365,
        description="Days that chunks outlive the last message that could name them.",
    )
    bundles_per_upload: int = Field(
        default=1_024,
        ge=1,
        le=65_535,
        description="Most bundles (number) in one upload by an investigator; each is 2,512 bytes.",
    )

    work_steps: int = Field(
        default=5_000,
        ge=1,
        le=100_000,
        description="Proof of work at rest: the largest number of steps, each 2,000 iterations of "
        "PBKDF2, that a message to up to 25 investigators costs, and 32 chunks of files (5,000 "
        "steps are 2 seconds of one core at most, 1 on average). A message to more costs a "
        "25th of it for each.",
    )
    work_doublings: int = Field(
        default=8,
        ge=0,
        le=8,
        description="Largest number of times that the work is doubled when the line is busy or "
        "more than a quarter full; the last quarter of the room costs 8 doublings.",
    )
    work_seconds: int = Field(
        default=1_200,
        ge=60,
        le=7_200,
        description="How long, in seconds, an answer to a challenge stays good, besides what a "
        "slow phone needs to find it.",
    )
    reports_per_second: float = Field(
        default=20,
        gt=0,
        description="Largest number of messages (whole batches) that are taken in a second; above "
        "it clients are asked to come again.",
    )
    chunks_per_second: float = Field(
        default=40,
        gt=0,
        description="Largest number of chunks (256 kB of attachments each) that are taken in a "
        "second. Apart from messages, which a flood of files does not stop.",
    )
    intake_bytes: int = Field(
        default=64 * 2**20,
        ge=2 * 2**20,
        description="Memory, in bytes, that what has come of messages may take at once, and as "
        "much again for chunks and for bundles. When it is full, what comes slowest makes room.",
    )

    caller_per_minute: int = Field(
        default=60,
        ge=1,
        description="Largest number of messages, and of challenges for work, in a minute from one "
        "caller, and 20 times as many chunks. Only where callers can be told apart without knowing "
        "who they are: by Tor's circuit, or a hash of the address under a key of the hour.",
    )
    uploads_per_hour: int = Field(
        default=120,
        ge=1,
        description="Largest number of uploads of bundles in an hour by one investigator.",
    )
    connections: int = Field(
        default=2_000,
        ge=16,
        description="Largest number of connections at once, within what the system allows, in "
        "equal parts for each socket that is listened at; a sixteenth is for investigators' "
        "(--desk-uds). When all of a socket's are taken, those whose request is not being worked "
        "on make room, unless its body keeps pace and its work was done.",
    )
    proxy_protocol: Literal["tor", "any"] | None = Field(
        default=None,
        description="From whom connections begin with a line of the PROXY protocol, version 1, so "
        "that callers can be told apart: tor, the number of a circuit "
        "(HiddenServiceExportCircuitID haproxy; no other line is taken), or any (a proxy that "
        "gives clients' addresses). Connections without it are refused.",
    )
    shared_url: SecretStr | None = Field(
        default=None,
        description="URL of a Redis-compatible store (redis://, rediss:// or unix://) in which "
        "several servers of one line count together. Needs shared_secret.",
    )
    shared_secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Secret of the servers of one line, the same for all, a number of random "
        "characters, 32 or more (for example from: openssl rand -base64 32).",
    )
    servers: int = Field(
        default=1,
        ge=1,
        description="How many servers (number) this line has. Each allows one caller, and one "
        "investigator's uploads, its part; with their store down, each takes its share of what the "
        "line takes.",
    )

    @field_validator("line_id")
    @classmethod
    def _line_id(cls, value: str) -> str:
        try:
            unb64u(value, LINE_ID_BYTES)
        except ProtocolError:
            raise ValueError(
                "is no line id (43 characters of base64url): copy it from the agency's line.json"
            ) from None
        return value

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        url = value.get_secret_value()
        if _PLACEHOLDER.search(url):
            raise ValueError("still holds a placeholder: put the database's real address there")
        if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError(
                "names neither SQLite (sqlite:///PATH) nor PostgreSQL "
                "(postgresql://USER:PASSWORD@HOST/NAME)"
            )
        if url == "sqlite:///:memory:":
            raise ValueError("names a database in memory, which would lose every message")
        return value

    @field_validator("blob_url")
    @classmethod
    def _blob_url(cls, value: str | None) -> str | None:
        if value is not None and (not value.startswith("s3://") or _PLACEHOLDER.search(value)):
            raise ValueError("names no bucket: write s3://BUCKET/PREFIX")
        return value

    @field_validator("data_folder", "directory_file", "site_folder", "blob_folder")
    @classmethod
    def _path(cls, value: Path | None) -> Path | None:
        if value is not None and _PLACEHOLDER.fullmatch(str(value)):
            raise ValueError("still holds a placeholder: put a real path there")
        return value

    @field_validator("shared_url", "shared_secret")
    @classmethod
    def _shared(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and _PLACEHOLDER.search(value.get_secret_value()):
            raise ValueError("still holds a placeholder: put the real value there")
        return value

    @model_validator(mode="after")
    def _several(self) -> Settings:
        if self.shared_url is not None:
            schemes = ("redis://", "rediss://", "unix://")
            if not self.shared_url.get_secret_value().startswith(schemes):
                raise ValueError("shared_url is no redis://, rediss:// or unix:// address")
            if self.shared_secret is None:
                raise ValueError("shared_url needs shared_secret, the same on every server")
        elif self.servers > 1:
            raise ValueError("servers above 1 need shared_url, or each would count alone")
        return self

    @model_validator(mode="after")
    def _slots(self) -> Settings:
        for name in ("slots_initial", "slots_cap"):
            number = getattr(self, name)
            if number & (number - 1):
                raise ValueError(f"{name} is not a power of two, such as 4096")
        if self.slots_initial > self.slots_cap:
            raise ValueError("slots_initial is above slots_cap: lower the one or raise the other")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the arguments, then the environment, then the TOML file that load() names."""
        del dotenv_settings, file_secret_settings
        toml = TomlConfigSettingsSource(settings_cls, settings_cls.model_config.get("toml_file"))
        return init_settings, env_settings, toml

    @property
    def line_id_bytes(self) -> bytes:
        """The line id, 32 bytes."""
        return unb64u(self.line_id, LINE_ID_BYTES)

    @property
    def database(self) -> str:
        """The database's URL. May hold a password: never print it."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_folder / 'quietline.db'}"

    @property
    def blobs(self) -> Path:
        """The folder of the disk store."""
        return self.blob_folder or self.data_folder / "blobs"


def load(config: Path | None = None, **values: Any) -> Settings:
    """Read the settings: ``values`` first, then the environment, then the TOML file ``config``.

    Raises SettingsError, whose text says in words what to change.
    """
    if config is not None and not config.is_file():
        raise SettingsError(f"There is no settings file {config}.")

    if gone := [words for name, words in _GONE.items() if f"{PREFIX}{name.upper()}" in os.environ]:
        raise SettingsError("\n".join(gone))

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=config)

    try:
        return FromFile(**values)
    except ValidationError as error:
        raise SettingsError(_in_words(error)) from None
    except ValueError as error:  # not TOML
        raise SettingsError(f"The settings file {config} is not TOML: {error}.") from None


def _in_words(error: ValidationError) -> str:
    sentences = []
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(str(part) for part in one["loc"])
        if one["type"] == "missing":
            about = Settings.model_fields[name].description
            sentences.append(f"{PREFIX}{name.upper()} ({name} in a file) is not set. {about}")
        elif one["type"] == "extra_forbidden":
            sentences.append(
                _GONE.get(name, f"There is no setting {name}: check how it is written.")
            )
        else:
            reason = one["msg"].removeprefix("Value error, ")
            reason = reason[:1].lower() + reason[1:]
            sentences.append(f"The setting {name} {reason}." if name else f"The setting {reason}.")
    return "\n".join(sentences)
