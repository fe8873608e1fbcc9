"""Text messages that come in."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0036'
down_revision = '0038'
branch_labels = None
depends_on = None


def _words(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _instant() -> sqlmodel.sql.sqltypes.UTCDateTime:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        'texts',
        sa.Column('sid', _words(64), nullable=False),
        sa.Column('received_at', _instant(), nullable=False),
        sa.Column('number', _words(64), nullable=False),
        sa.Column('key_id', _words(36), nullable=False),
        sa.Column('sender_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('body_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('take_after', _instant(), nullable=True),
        sa.Column('meaning', _words(16), nullable=True),
        sa.Column('person', _words(64), nullable=True),
        sa.Column('customer_id', _words(36), nullable=True),
        sa.Column('case_id', _words(36), nullable=True),
        sa.Column('again_at', _instant(), nullable=True),
        sa.Column('refusal', _words(64), nullable=True),
        sa.Column('answered_at', _instant(), nullable=True),
        sa.PrimaryKeyConstraint('sid', name=op.f('pk_texts')),
    )
    op.create_index('ix_texts_number_answered_at', 'texts', ['number', 'answered_at'], unique=False)
    op.create_index('ix_texts_meaning_received_at', 'texts', ['meaning', 'received_at'], unique=False)
    op.create_index(op.f('ix_texts_customer_id'), 'texts', ['customer_id'], unique=False)
    waits = sa.text('take_after IS NOT NULL')
    op.create_index(
        'ix_texts_take_after',
        'texts',
        ['take_after'],
        unique=False,
        sqlite_where=waits,
        postgresql_where=waits,
    )
    op.create_table(
        'text_choices',
        sa.Column('person', _words(64), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('case_id', _words(36), nullable=False),
        sa.Column('offered_at', _instant(), nullable=False),
        sa.PrimaryKeyConstraint('person', 'number', name=op.f('pk_text_choices')),
    )


def downgrade() -> None:
    op.drop_table('text_choices')
    op.drop_index('ix_texts_take_after', table_name='texts')
    op.drop_index(op.f('ix_texts_customer_id'), table_name='texts')
    op.drop_index('ix_texts_meaning_received_at', table_name='texts')
    op.drop_index('ix_texts_number_answered_at', table_name='texts')
    op.drop_table('texts')
