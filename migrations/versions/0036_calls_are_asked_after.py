"""When Twilio is asked what became of a call."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('calls', sa.Column('look_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.create_index(op.f('ix_calls_look_at'), 'calls', ['look_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_calls_look_at'), table_name='calls')
    op.drop_column('calls', 'look_at')
