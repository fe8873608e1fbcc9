"""The public holidays with which a version of the organisation was applied.

The default stays: SQLite would make the table anew to drop it, and other tables refer to its rows.
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('organisation_versions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('holidays', sa.JSON(), nullable=False, server_default='{}'))


def downgrade() -> None:
    op.drop_column('organisation_versions', 'holidays')
