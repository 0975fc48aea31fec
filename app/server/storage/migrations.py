"""Whether a database is fit for use: its schema, brought up to date by Alembic; its own settings.

The revisions live in ``migrations`` at the top of the source tree; a wheel carries that folder as
``app/server/storage/revisions``. Whichever exists is used, found by path from this file.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError

from app.server.storage import dialect
from app.server.storage.failures import OtherSchema, StorageError


def folder() -> Path:
    """Return the folder of env.py and versions/. Raises StorageError if it was not installed."""
    here = Path(__file__).resolve()
    for candidate in (here.parent / "revisions", here.parents[3] / "migrations"):
        if (candidate / "env.py").is_file():
            return candidate
    raise StorageError("The database's migrations are missing from this installation.")


def newest() -> str:
    """Return the newest revision of the schema."""
    head = ScriptDirectory(str(folder())).get_current_head()
    if head is None:
        raise StorageError("The database's migrations are missing from this installation.")
    return head


def is_current(url: str) -> bool:
    """Say whether the database at ``url`` has the newest schema.

    Raises StorageError; OtherSchema for a schema that this version does not know, from before 0.2.0
    or a newer version's.
    """
    engine = dialect.make_engine(url)
    try:
        with engine.connect() as connection:
            heads = set(MigrationContext.configure(connection).get_current_heads())
    except DBAPIError as error:
        raise dialect.failure(error) from None
    finally:
        engine.dispose()
    known = {one.revision for one in ScriptDirectory(str(folder())).walk_revisions()}
    if unknown := sorted(heads - known):
        raise OtherSchema(
            f"The database is of another version of Quietline (revision {unknown[0]}), which this "
            "one cannot read. Nothing was changed. Run the version that made it, or give this one "
            "a new database."
        )
    return heads == {newest()}


def unsafe(url: str) -> list[str]:
    """Return, in sentences, the database's own settings that break what a line promises."""
    engine = dialect.make_engine(url)
    try:
        return dialect.unsafe(engine)
    except DBAPIError as error:
        raise dialect.failure(error) from None
    finally:
        engine.dispose()


def upgrade(url: str) -> None:
    """Bring the database at ``url`` to the newest schema. Raises as ``is_current``."""
    if is_current(url):
        return
    try:
        command.upgrade(_config(url), "head")
    except DBAPIError as error:
        raise dialect.failure(error) from None


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
