"""Tallies: what the figures are read from, kept up to date by each commit.

What was heard before is counted by `rappel migrate` and `rappel up` once the tables stand.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tallies',
    sa.Column('cut', sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
    sa.Column('month', sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
    sa.Column('region', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('trade', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('measures', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('cut', 'month', 'region', 'trade', name=op.f('pk_tallies'))
    )
    op.create_table('counted',
    sa.Column('response_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('month', sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
    sa.Column('region', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('trade', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('submitted_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('measures', sa.JSON(), nullable=False),
    sa.Column('loop', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('awaited', sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True),
    sa.Column('clock_version', sa.Integer(), nullable=False),
    sa.Column('clock_region', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('running', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
    sa.Column('due_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['response_id'], ['responses.id'], name=op.f('fk_counted_response_id_responses')),
    sa.PrimaryKeyConstraint('response_id', name=op.f('pk_counted'))
    )
    with op.batch_alter_table('counted', schema=None) as batch_op:
        batch_op.create_index('ix_counted_month', ['month', 'response_id'], unique=False, sqlite_where=sa.text('loop IS NOT NULL'), postgresql_where=sa.text('loop IS NOT NULL'))
        batch_op.create_index('ix_counted_young', ['submitted_at'], unique=False, sqlite_where=sa.text('loop IS NOT NULL'), postgresql_where=sa.text('loop IS NOT NULL'))
        batch_op.create_index('ix_counted_awaited', ['month'], unique=False, sqlite_where=sa.text('awaited IS NOT NULL'), postgresql_where=sa.text('awaited IS NOT NULL'))
        batch_op.create_index('ix_counted_running', ['due_at'], unique=False, sqlite_where=sa.text('running IS NOT NULL'), postgresql_where=sa.text('running IS NOT NULL'))
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index('ix_cases_reopens', ['reopens'], unique=False, sqlite_where=sa.text('reopens IS NOT NULL'), postgresql_where=sa.text('reopens IS NOT NULL'))


def downgrade() -> None:
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('ix_cases_reopens', sqlite_where=sa.text('reopens IS NOT NULL'), postgresql_where=sa.text('reopens IS NOT NULL'))
    op.drop_table('counted')
    op.drop_table('tallies')
