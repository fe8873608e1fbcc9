"""Gestures: those that wait for a yes, and those that were drawn to be looked at afterwards."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('waiting_gestures',
    sa.Column('case_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('approver', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('until', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_waiting_gestures_case_id_cases')),
    sa.PrimaryKeyConstraint('case_id', 'number', name=op.f('pk_waiting_gestures'))
    )
    op.create_index('ix_waiting_gestures_approver', 'waiting_gestures', ['approver'], unique=False)
    op.create_table('gesture_reviews',
    sa.Column('case_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('currency', sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
    sa.Column('drawn_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('verdict', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
    sa.Column('reviewed_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('reviewed_by', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.Column('note_sealed', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_gesture_reviews_case_id_cases')),
    sa.PrimaryKeyConstraint('case_id', 'number', name=op.f('pk_gesture_reviews'))
    )
    op.create_index('ix_gesture_reviews_waiting', 'gesture_reviews', ['drawn_at'], unique=False, sqlite_where=sa.text('verdict IS NULL'), postgresql_where=sa.text('verdict IS NULL'))


def downgrade() -> None:
    op.drop_index('ix_gesture_reviews_waiting', table_name='gesture_reviews')
    op.drop_table('gesture_reviews')
    op.drop_index('ix_waiting_gestures_approver', table_name='waiting_gestures')
    op.drop_table('waiting_gestures')
