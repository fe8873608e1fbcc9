"""Several targets of a case may start at once; the channel by which a customer was heard.

The answers' and cases' tables are changed without a batch: other tables refer to their rows.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

RUNNING, DUE = (
    sa.text(f'{column} IS NOT NULL') for column in ('running', 'due_at')
)
UNFATED = sa.text('fate IS NULL')


def upgrade() -> None:
    with op.batch_alter_table('targets', schema=None) as batch_op:
        batch_op.drop_constraint('pk_targets', type_='primary')
        batch_op.create_primary_key('pk_targets', ['case_id', 'seq', 'target'])
    op.create_index('ix_targets_running', 'targets', ['due_at'], unique=False, sqlite_where=UNFATED, postgresql_where=UNFATED)
    op.drop_index('ix_counted_running', 'counted')
    op.drop_column('counted', 'running')
    op.create_index('ix_counted_due', 'counted', ['due_at'], unique=False, sqlite_where=DUE, postgresql_where=DUE)
    for table in ('responses', 'cases'):
        op.add_column(
            table,
            sa.Column('origin', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False, server_default='survey'),
        )


def downgrade() -> None:
    """A case's first attempt and closure are no targets there: one of a move is kept."""
    for table in ('cases', 'responses'):
        op.drop_column(table, 'origin')
    op.drop_index('ix_counted_due', 'counted')
    op.add_column('counted', sa.Column('running', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True))
    op.create_index('ix_counted_running', 'counted', ['due_at'], unique=False, sqlite_where=RUNNING, postgresql_where=RUNNING)
    op.execute("DELETE FROM targets WHERE target IN ('attempt', 'closure')")
    op.drop_index('ix_targets_running', 'targets')
    with op.batch_alter_table('targets', schema=None) as batch_op:
        batch_op.drop_constraint('pk_targets', type_='primary')
        batch_op.create_primary_key('pk_targets', ['case_id', 'seq'])
