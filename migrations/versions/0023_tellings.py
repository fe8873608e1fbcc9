"""What is told of one response after another, and what was taken back before it came.

What a case has heard of its answers until now is filled in.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('withdrawals',
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('response_id', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('source', 'response_id', name=op.f('pk_withdrawals'))
    )
    text = sqlmodel.sql.sqltypes.AutoString
    for column in (
        sa.Column('raw_score', text(length=200), nullable=False, server_default=''),
        sa.Column('consent', sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column('excluded', sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column('progress', text(length=16), nullable=False, server_default='completed'),
        sa.Column('changed_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column('told_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column('withdrawn_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column('settles_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column('heard_score', sa.Integer(), nullable=True),
        sa.Column('contract', text(length=64), nullable=True),
    ):
        op.add_column('responses', column)
    op.create_index('ix_responses_settling', 'responses', ['settles_at'], unique=False, sqlite_where=sa.text('settles_at IS NOT NULL'), postgresql_where=sa.text('settles_at IS NOT NULL'))
    op.execute('UPDATE responses SET heard_score = score WHERE consumed_seq IS NOT NULL')


def downgrade() -> None:
    op.drop_index('ix_responses_settling', table_name='responses')
    for name in (
        'contract', 'heard_score', 'settles_at', 'withdrawn_at', 'told_at', 'changed_at', 'progress',
        'excluded', 'consent', 'raw_score',
    ):
        op.drop_column('responses', name)
    op.drop_table('withdrawals')
