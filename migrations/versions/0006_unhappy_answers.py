"""The index of the lists behind the board holds every unhappy answer, with a case or without."""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

UNHAPPY = sa.text("measures ->> 'responses' IS NOT NULL")
REACHABLE = sa.text('loop IS NOT NULL')


def upgrade() -> None:
    with op.batch_alter_table('counted', schema=None) as batch_op:
        batch_op.drop_index('ix_counted_month', sqlite_where=REACHABLE, postgresql_where=REACHABLE)
        batch_op.create_index('ix_counted_month', ['month', 'response_id'], unique=False, sqlite_where=UNHAPPY, postgresql_where=UNHAPPY)


def downgrade() -> None:
    with op.batch_alter_table('counted', schema=None) as batch_op:
        batch_op.drop_index('ix_counted_month', sqlite_where=UNHAPPY, postgresql_where=UNHAPPY)
        batch_op.create_index('ix_counted_month', ['month', 'response_id'], unique=False, sqlite_where=REACHABLE, postgresql_where=REACHABLE)
