"""When a customer told each thing that is known of him; of earlier rows nobody noted it.

Without a batch that drops the default again: SQLite would make the table anew, and other tables
refer to its rows.
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('customers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told_at', sa.JSON(), nullable=False, server_default='{}'))


def downgrade() -> None:
    op.drop_column('customers', 'told_at')
