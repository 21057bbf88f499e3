"""which model a conversation was given to, and what candidates understood that were asked beside"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
works_with = "0008"  # the oldest schema whose code can work on this one


def upgrade() -> None:
    op.add_column("conversations", sa.Column("model", sa.String(length=80), nullable=True))
    op.create_table(
        "shadows",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("compared", "dropped", "failed", "refused")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadows")),
    )
    op.create_index(op.f("ix_shadows_started_at"), "shadows", ["started_at"])
    op.create_table(
        "shadow_turns",
        sa.Column("shadow_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("live_model", sa.String(length=80), nullable=False),
        sa.Column("live_intent", sa.String(length=80), nullable=False),
        sa.Column("live_confidence", sa.Float(), nullable=False),
        sa.Column("intent", sa.String(length=80), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{parent[:-1]}_id"], [f"{parent}.id"], name=op.f(f"fk_shadow_turns_{parent[:-1]}_id"),
                ondelete="CASCADE",
            )
            for parent in ("shadows", "conversations")
        ),
        sa.PrimaryKeyConstraint("shadow_id", "conversation_id", "seq", name=op.f("pk_shadow_turns")),
    )  # fmt: skip
    op.create_index(op.f("ix_shadow_turns_conversation_id"), "shadow_turns", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("shadow_turns")
    op.drop_table("shadows")
    op.drop_column("conversations", "model")
