"""Indexes for what an operator counts: deliveries, messages, rungs that fired, open cases."""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_deliveries_fate_source', ['fate', 'source', 'received_at'], unique=False)
    with op.batch_alter_table('intents', schema=None) as batch_op:
        batch_op.create_index('ix_intents_created_at', ['created_at', 'status', 'message'], unique=False)
    with op.batch_alter_table('timeline', schema=None) as batch_op:
        batch_op.create_index('ix_timeline_fired', ['at'], unique=False, sqlite_where=sa.text('due IS NOT NULL'), postgresql_where=sa.text('due IS NOT NULL'))
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index('ix_cases_open_stage', ['stage', 'version'], unique=False, sqlite_where=sa.text('open'), postgresql_where=sa.text('open'))


def downgrade() -> None:
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('ix_cases_open_stage', sqlite_where=sa.text('open'), postgresql_where=sa.text('open'))
    with op.batch_alter_table('timeline', schema=None) as batch_op:
        batch_op.drop_index('ix_timeline_fired', sqlite_where=sa.text('due IS NOT NULL'), postgresql_where=sa.text('due IS NOT NULL'))
    with op.batch_alter_table('intents', schema=None) as batch_op:
        batch_op.drop_index('ix_intents_created_at')
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.drop_index('ix_deliveries_fate_source')
