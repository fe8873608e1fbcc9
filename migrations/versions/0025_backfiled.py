"""Responses that no delivery brought: they came from a back-file."""

import sqlalchemy as sa
from alembic import op


revision = '0025'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('responses', sa.Column('backfiled', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column('responses', 'backfiled')
