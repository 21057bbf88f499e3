"""conversations that a person was asked into, and who wrote an answer"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("staff_id", sa.String(length=32), nullable=True))
    op.create_table(
        "handovers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.Column("typing_until", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_handovers_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_conversation_id"), "handovers", ["conversation_id"])
    op.create_index(op.f("ix_handovers_ended_at"), "handovers", ["ended_at"])
    # Who waited before hand-overs were noted stays in line.
    op.execute(
        "INSERT INTO handovers (id, conversation_id, reason, asked_at, fence, held_until, typing_until, summary) "
        "SELECT id, id, 'asked', created_at, 0, 0, 0, '' FROM conversations WHERE state = 'waiting'"
    )


def downgrade() -> None:
    op.drop_table("handovers")
    op.drop_column("messages", "staff_id")
