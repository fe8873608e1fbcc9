"""The public holidays with which a version of the organisation was applied."""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('organisation_versions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('holidays', sa.JSON(), nullable=False, server_default='{}'))
    with op.batch_alter_table('organisation_versions', schema=None) as batch_op:
        batch_op.alter_column('holidays', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('organisation_versions', schema=None) as batch_op:
        batch_op.drop_column('holidays')
