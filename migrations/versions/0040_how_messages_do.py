"""How each carrier stands for all processes, and how many segments a text message takes."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None

POSTED = ('posted_at', 'channel', 'status', 'reason', 'code')


def _words(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _instant() -> sqlmodel.sql.sqltypes.UTCDateTime:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        'carrier_rests',
        sa.Column('carrier', _words(16), nullable=False),
        sa.Column('account', _words(64), nullable=False),
        sa.Column('cause', _words(16), nullable=True),
        sa.Column('code', sa.Integer(), nullable=False),
        sa.Column('since', _instant(), nullable=True),
        sa.Column('until', _instant(), nullable=True),
        sa.Column('trying', sa.Boolean(), nullable=False),
        sa.Column('times', sa.Integer(), nullable=False),
        sa.Column('faults', sa.Integer(), nullable=False),
        sa.Column('closed_at', _instant(), nullable=True),
        sa.PrimaryKeyConstraint('carrier', name=op.f('pk_carrier_rests')),
    )
    for table in ('intents', 'fallbacks'):
        op.add_column(table, sa.Column('segments', sa.Integer(), nullable=True))
    op.create_index('ix_intents_posted_at', 'intents', list(POSTED), unique=False)
    billed = sa.text("channel = 'sms' AND sid IS NOT NULL")
    op.create_index(
        'ix_intents_billed',
        'intents',
        ['posted_at', 'case_id', 'segments'],
        unique=False,
        sqlite_where=billed,
        postgresql_where=billed,
    )


def downgrade() -> None:
    op.drop_index('ix_intents_billed', table_name='intents')
    op.drop_index('ix_intents_posted_at', table_name='intents')
    for table in ('intents', 'fallbacks'):
        op.drop_column(table, 'segments')
    op.drop_table('carrier_rests')
