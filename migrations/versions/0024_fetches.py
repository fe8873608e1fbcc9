"""Answers to ask for, and how much each source was asked."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fetches',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('survey_id', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('response_id', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('change', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('delivery_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('asked_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('not_before', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('missing_since', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('fate', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('problem', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
    sa.Column('engine', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('claimed_until', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fetches')),
    sa.UniqueConstraint('source', 'response_id', 'change', name=op.f('uq_fetches_source'))
    )
    op.create_index('ix_fetches_waiting', 'fetches', ['not_before'], unique=False, sqlite_where=sa.text("fate = 'waiting'"), postgresql_where=sa.text("fate = 'waiting'"))
    op.create_table('fetch_gates',
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('day', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('day_calls', sa.Integer(), nullable=False),
    sa.Column('minute', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('minute_calls', sa.Integer(), nullable=False),
    sa.Column('resting_until', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('trouble', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True),
    sa.PrimaryKeyConstraint('source', name=op.f('pk_fetch_gates'))
    )


def downgrade() -> None:
    op.drop_table('fetch_gates')
    op.drop_index('ix_fetches_waiting', table_name='fetches')
    op.drop_table('fetches')
