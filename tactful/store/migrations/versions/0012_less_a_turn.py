"""less is kept of a turn: its guesses in brief, words to search for only where people may read them, smaller indexes

On SQLite `messages` is written anew, which takes a moment for every gigabyte. On PostgreSQL nothing is locked for long:
there the indexes stay as they are, since making one anew would keep every door from writing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
works_with = "0008"  # the oldest schema whose code can work on this one

# Of the rows alone that are looked for by them: index, table, columns, condition.
SMALLER = (
    ("ix_messages_status_created_at", "messages", ["status", "created_at"], "status = 'pending'"),
    ("ix_turns_readable_id", "turns", ["readable", "id"], "readable = 1"),
    ("ix_turns_state_readable_id", "turns", ["state", "readable", "id"], "readable = 1"),
    ("ix_queue_entries_bulk_id", "queue_entries", ["bulk_id"], "bulk_id IS NOT NULL"),
)
ONCE = "uq_messages_conversation_id_client_message_id", "ix_messages_conversation_id_client_message_id"
SAME_MESSAGE = ["conversation_id", "client_message_id"]


def upgrade() -> None:
    op.add_column("turns", sa.Column("guesses", sa.JSON(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("messages") as messages:
            messages.drop_constraint(ONCE[0], type_="unique")
        where = sa.text("client_message_id IS NOT NULL")
        op.create_index(ONCE[1], "messages", SAME_MESSAGE, unique=True, sqlite_where=where)
        for name, table, columns, condition in SMALLER:
            op.drop_index(name, table)
            op.create_index(name, table, columns, sqlite_where=sa.text(condition))
    number = "rowid" if op.get_bind().dialect.name == "sqlite" else "id"
    op.execute(f"DELETE FROM search_words WHERE {number} IN (SELECT id FROM turns WHERE NOT readable)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, table, columns, _ in SMALLER:
            op.drop_index(name, table)
            op.create_index(name, table, columns)
        op.drop_index(ONCE[1], "messages")
        with op.batch_alter_table("messages") as messages:
            messages.create_unique_constraint(ONCE[0], SAME_MESSAGE)
    op.drop_column("turns", "guesses")
