"""What the carrier calls a message and tells of it, and the numbers to which nothing is sent."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None

COLUMNS = ('retry_of', 'look_at', 'rank', 'code', 'sid')


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString(length=64)
    op.add_column('intents', sa.Column('sid', text, nullable=True))
    op.add_column('intents', sa.Column('code', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('intents', sa.Column('rank', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('intents', sa.Column('look_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column('intents', sa.Column('retry_of', text, nullable=True))
    for name, column, unique in (
        ('ix_intents_sid', 'sid', False),
        ('uq_intents_retry_of', 'retry_of', True),
        ('ix_intents_look_at', 'look_at', False),
    ):
        where = sa.text(f'{column} IS NOT NULL')
        op.create_index(name, 'intents', [column], unique=unique, sqlite_where=where, postgresql_where=where)
    op.create_table(
        'suppressions',
        sa.Column('number', text, nullable=False),
        sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column('code', sa.Integer(), nullable=False),
        sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_suppressions')),
    )


def downgrade() -> None:
    op.drop_table('suppressions')
    for name in ('ix_intents_look_at', 'uq_intents_retry_of', 'ix_intents_sid'):
        op.drop_index(name, table_name='intents')
    for column in COLUMNS:
        op.drop_column('intents', column)
