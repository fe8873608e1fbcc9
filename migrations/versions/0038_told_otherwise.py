"""What is done where a message does not arrive: the other way, and the letters that a bundle stood for."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString(length=64)
    for name, column, unique in (
        ('uq_intents_fallback_of', 'fallback_of', True),
        ('ix_intents_bundled_in', 'bundled_in', False),
    ):
        op.add_column('intents', sa.Column(column, text, nullable=True))
        where = sa.text(f'{column} IS NOT NULL')
        op.create_index(name, 'intents', [column], unique=unique, sqlite_where=where, postgresql_where=where)
    op.create_table(
        'fallbacks',
        sa.Column('intent_id', text, nullable=False),
        sa.Column('channel', sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True),
        sa.Column('address_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('subject_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('body_sealed', sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint('intent_id', name=op.f('pk_fallbacks')),
    )


def downgrade() -> None:
    op.drop_table('fallbacks')
    for name, column in (
        ('ix_intents_bundled_in', 'bundled_in'),
        ('uq_intents_fallback_of', 'fallback_of'),
    ):
        op.drop_index(name, table_name='intents')
        op.drop_column('intents', column)
