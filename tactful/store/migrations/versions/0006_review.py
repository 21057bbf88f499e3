"""review: turns, queues, reviews, notes, labels, saved views, bulk acts, the search index, customers' ratings"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ID = sa.String(length=32)


def upgrade() -> None:
    op.add_column("conversations", sa.Column("channel", sa.String(length=20), nullable=True))
    op.add_column("conversations", sa.Column("language", sa.String(length=8), nullable=True))
    op.add_column("messages", sa.Column("rating", sa.Integer(), nullable=True))
    _turns()
    _judgements()
    _conversations()
    op.create_table(
        "saved_views",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
    )
    op.create_table(
        "bulk_acts",
        sa.Column("id", ID, nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_acts"),
    )
    for table, *columns in (
        ("turns", "subject_id"),
        ("turns", "readable", "id"),
        ("turns", "state", "readable", "id"),
        ("queue_entries", "bulk_id"),
        ("queue_entries", "queue", "open", "readable", "turn_id"),
        ("reviews", "bulk_id"),
        ("reviews", "reviewer", "at"),
        ("reservations", "expires_at"),
        ("notes", "conversation_id"),
        ("labels", "bulk_id"),
        ("labels", "name", "conversation_id"),
        ("assignments", "assignee"),
        ("saved_views", "owner"),
        ("bulk_acts", "by"),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    _search()


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", COUNTER, autoincrement=True, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("readable", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("intent", sa.String(length=80), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("ranking", sa.JSON(), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("tone", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.String(length=400), nullable=False),
        sa.Column("facts", sa.String(length=200), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("final_intent", sa.String(length=80), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        _theirs("turns", "conversation"),
        _theirs("turns", "subject"),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_turns_conversation_id_seq"),
    )
    op.create_table(
        "queue_entries",
        sa.Column("turn_id", COUNTER, nullable=False),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("readable", sa.Boolean(), nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("bulk_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _theirs("queue_entries", "turn"),
        sa.PrimaryKeyConstraint("turn_id", "queue", name="pk_queue_entries"),
    )


def _judgements() -> None:
    op.create_table(
        "reviews",
        sa.Column("turn_id", COUNTER, nullable=False),
        sa.Column("reviewer", ID, nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("intent", sa.String(length=80), nullable=False),
        sa.Column("resolves", sa.Boolean(), nullable=False),
        sa.Column("bulk_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _theirs("reviews", "turn"),
        sa.PrimaryKeyConstraint("turn_id", "reviewer", name="pk_reviews"),
    )
    op.create_table(
        "reservations",
        sa.Column("turn_id", COUNTER, nullable=False),
        sa.Column("reviewer", ID, nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        _theirs("reservations", "turn"),
        sa.PrimaryKeyConstraint("turn_id", "reviewer", name="pk_reservations"),
    )


def _conversations() -> None:
    op.create_table(
        "notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("author", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _theirs("notes", "conversation"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
    )
    op.create_table(
        "labels",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("bulk_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _theirs("labels", "conversation"),
        sa.PrimaryKeyConstraint("conversation_id", "name", name="pk_labels"),
    )
    op.create_table(
        "assignments",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("assignee", ID, nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _theirs("assignments", "conversation"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_assignments"),
    )


def _theirs(table: str, what: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{what}_id"
    return sa.ForeignKeyConstraint([f"{what}_id"], [f"{what}s.id"], name=name, ondelete="CASCADE")


def _search() -> None:
    """The index is a table of each database's own kind: see `tactful.store.search`."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING "
            "fts5(words, tokenize = \"unicode61 remove_diacritics 2 tokenchars '_'\")"
        )
        op.execute(
            "CREATE TRIGGER search_words_go AFTER DELETE ON turns "
            "BEGIN DELETE FROM search_words WHERE rowid = old.id; END"
        )
        return
    op.execute(
        "CREATE TABLE search_words (id bigint PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE, "
        "words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_search_words_words ON search_words USING gin (words)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER search_words_go")
    op.execute("DROP TABLE search_words")
    for table in (
        *("bulk_acts", "saved_views", "assignments", "labels", "notes"),
        *("reservations", "reviews", "queue_entries", "turns"),
    ):
        op.drop_table(table)
    op.drop_column("messages", "rating")
    op.drop_column("conversations", "language")
    op.drop_column("conversations", "channel")
