"""The calls that came to our number, and who was rung for them."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0037'
down_revision = '0040'
branch_labels = None
depends_on = None


def _words(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _instant() -> sqlmodel.sql.sqltypes.UTCDateTime:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        'inbound_calls',
        sa.Column('id', _words(36), nullable=False),
        sa.Column('sid', _words(64), nullable=False),
        sa.Column('came_at', _instant(), nullable=False),
        sa.Column('number_index', _words(64), nullable=True),
        sa.Column('customer_id', _words(36), nullable=True),
        sa.Column('case_id', _words(36), nullable=True),
        sa.Column('wants', sa.Boolean(), nullable=False),
        sa.Column('settle_at', _instant(), nullable=True),
        sa.Column('fate', _words(16), nullable=True),
        sa.ForeignKeyConstraint(
            ['customer_id'], ['customers.id'], name=op.f('fk_inbound_calls_customer_id_customers')
        ),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_inbound_calls_case_id_cases')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_calls')),
        sa.UniqueConstraint('sid', name=op.f('uq_inbound_calls_sid')),
    )
    for column in ('came_at', 'number_index', 'case_id'):
        op.create_index(op.f(f'ix_inbound_calls_{column}'), 'inbound_calls', [column], unique=False)
    waits = sa.text('settle_at IS NOT NULL')
    op.create_index(
        'ix_inbound_calls_settle_at',
        'inbound_calls',
        ['settle_at'],
        unique=False,
        sqlite_where=waits,
        postgresql_where=waits,
    )
    op.create_table(
        'inbound_rings',
        sa.Column('id', _words(36), nullable=False),
        sa.Column('call_id', _words(36), nullable=False),
        sa.Column('n', sa.Integer(), nullable=False),
        sa.Column('person', _words(64), nullable=False),
        sa.Column('rung_at', _instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ['call_id'], ['inbound_calls.id'], name=op.f('fk_inbound_rings_call_id_inbound_calls')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_rings')),
        sa.UniqueConstraint('call_id', 'person', name=op.f('uq_inbound_rings_call_id')),
    )
    op.create_table(
        'inbound_events',
        sa.Column('ring_id', _words(36), nullable=False),
        sa.Column('key', _words(100), nullable=False),
        sa.Column('told_at', _instant(), nullable=False),
        sa.Column('event', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ['ring_id'], ['inbound_rings.id'], name=op.f('fk_inbound_events_ring_id_inbound_rings')
        ),
        sa.PrimaryKeyConstraint('ring_id', 'key', name=op.f('pk_inbound_events')),
    )


def downgrade() -> None:
    op.drop_table('inbound_events')
    op.drop_table('inbound_rings')
    op.drop_table('inbound_calls')
