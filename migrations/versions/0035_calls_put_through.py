"""The calls that we put through, and what was told of them."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def _words(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    op.create_table(
        'calls',
        sa.Column('id', _words(36), nullable=False),
        sa.Column('case_id', _words(36), nullable=False),
        sa.Column('customer_id', _words(36), nullable=False),
        sa.Column('person', _words(64), nullable=False),
        sa.Column('key', _words(200), nullable=False),
        sa.Column('started_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column('ended_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column('sid', _words(64), nullable=True),
        sa.Column('fault', _words(32), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_calls_case_id_cases')),
        sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_calls_customer_id_customers')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calls')),
        sa.UniqueConstraint('case_id', 'person', 'key', name=op.f('uq_calls_case_id')),
    )
    op.create_index(op.f('ix_calls_case_id'), 'calls', ['case_id'], unique=False)
    on_the_line = sa.text('ended_at IS NULL')
    op.create_index(
        'uq_calls_on_the_line',
        'calls',
        ['person'],
        unique=True,
        sqlite_where=on_the_line,
        postgresql_where=on_the_line,
    )
    op.create_table(
        'call_events',
        sa.Column('call_id', _words(36), nullable=False),
        sa.Column('key', _words(100), nullable=False),
        sa.Column('told_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column('event', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_call_events_call_id_calls')),
        sa.PrimaryKeyConstraint('call_id', 'key', name=op.f('pk_call_events')),
    )


def downgrade() -> None:
    op.drop_table('call_events')
    op.drop_index('uq_calls_on_the_line', table_name='calls')
    op.drop_index(op.f('ix_calls_case_id'), table_name='calls')
    op.drop_table('calls')
