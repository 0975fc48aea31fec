"""Alembic's entry: runs the server's migrations against the URL of its configuration.

The URL comes from ``quietline server migrate`` or, for developers, from alembic.ini.
"""

from __future__ import annotations

from alembic import context

from app.server.storage.dialect import MIGRATION, WRITING, make_engine
from app.server.storage.tables import METADATA


def run() -> None:
    """Apply the migrations in one transaction, or print their SQL in offline mode."""
    url = context.config.get_main_option("sqlalchemy.url")
    if url is None:
        raise RuntimeError("No sqlalchemy.url is configured.")
    if context.is_offline_mode():
        context.configure(url=url, target_metadata=METADATA, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = make_engine(url)
    with engine.connect().execution_options(**{WRITING: MIGRATION}) as connection:
        context.configure(connection=connection, target_metadata=METADATA)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
