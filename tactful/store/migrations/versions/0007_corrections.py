"""what reviewers put right, what the detector learned from it, and who asked to see a hidden value"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of(table: str, parent: str, column: str = "") -> sa.ForeignKeyConstraint:
    column = column or f"{parent[:-1]}_id"
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete="CASCADE")


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("placeholder", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("undone_by", sa.String(length=32), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        _of("corrections", "conversations"),
        _of("corrections", "subjects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    _index("corrections", "conversation_id", "subject_id", "at")
    op.create_table(
        "correction_changes",
        sa.Column("id", COUNTER, autoincrement=True, nullable=False),
        sa.Column("correction_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("row", sa.String(length=80), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("after", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        _of("correction_changes", "corrections"),
        _of("correction_changes", "conversations"),
        _of("correction_changes", "subjects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_changes")),
    )
    _index("correction_changes", "correction_id", "conversation_id", "subject_id", "expires_at")
    op.create_table(
        "listed_values",
        sa.Column("id", COUNTER, autoincrement=True, nullable=False),
        sa.Column("correction_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        _of("listed_values", "corrections"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_values")),
    )
    _index("listed_values", "correction_id")
    op.create_table(
        "detector_cases",
        sa.Column("correction_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _of("detector_cases", "corrections"),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_detector_cases")),
    )
    op.create_table(
        "reveals",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=32), nullable=False),
        sa.Column("placeholder", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        _of("reveals", "conversations"),
        _of("reveals", "subjects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveals")),
    )
    _index("reveals", "conversation_id", "subject_id", "asked_at")


def downgrade() -> None:
    for table in ("reveals", "detector_cases", "listed_values", "correction_changes", "corrections"):
        op.drop_table(table)
