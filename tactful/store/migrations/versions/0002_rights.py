"""receipts, objections, the ledger of requests, used customer tokens, models' lineage"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

COUNTER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('subjects', schema=None) as batch_op:
        batch_op.add_column(sa.Column('erasing_at', sa.BigInteger(), nullable=True))

    op.create_table('receipts',
    sa.Column('number', COUNTER, autoincrement=True, nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=24), nullable=False),
    sa.Column('subject_id', sa.String(length=32), nullable=True),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('granted', sa.Boolean(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['subject_id'], ['subjects.id'], name=op.f('fk_receipts_subject_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_receipts')),
    sa.UniqueConstraint('code', name=op.f('uq_receipts_code')),
    sa.UniqueConstraint('id', name=op.f('uq_receipts_id'))
    )
    with op.batch_alter_table('receipts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipts_subject_id'), ['subject_id'], unique=False)

    op.create_table('objections',
    sa.Column('subject_id', sa.String(length=32), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['subject_id'], ['subjects.id'], name=op.f('fk_objections_subject_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('subject_id', 'purpose', name=op.f('pk_objections'))
    )

    op.create_table('requests',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('subject_id', sa.String(length=32), nullable=False),
    sa.Column('right', sa.String(length=20), nullable=False),
    sa.Column('via', sa.String(length=10), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('asked_at', sa.BigInteger(), nullable=False),
    sa.Column('due_at', sa.BigInteger(), nullable=False),
    sa.Column('done_at', sa.BigInteger(), nullable=True),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requests'))
    )
    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_requests_status_due_at'), ['status', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_requests_subject_id'), ['subject_id'], unique=False)

    op.create_table('used_tokens',
    sa.Column('token_index', sa.LargeBinary(length=32), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('token_index', name=op.f('pk_used_tokens'))
    )
    with op.batch_alter_table('used_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_used_tokens_expires_at'), ['expires_at'], unique=False)

    op.create_table('model_lineage',
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.Column('conversation_id', sa.String(length=32), nullable=False),
    sa.Column('trained_at', sa.BigInteger(), nullable=False),
    sa.Column('flagged_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('model', 'conversation_id', name=op.f('pk_model_lineage'))
    )
    with op.batch_alter_table('model_lineage', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_model_lineage_conversation_id'), ['conversation_id'], unique=False)


def downgrade() -> None:
    for table in ('model_lineage', 'used_tokens', 'requests', 'objections', 'receipts'):
        op.drop_table(table)
    with op.batch_alter_table('subjects', schema=None) as batch_op:
        batch_op.drop_column('erasing_at')
