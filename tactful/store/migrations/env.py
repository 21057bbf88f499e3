"""Alembic's environment. `Database.migrate` hands a connection in; nothing else runs migrations."""

from alembic import context

from tactful.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
context.run_migrations()
