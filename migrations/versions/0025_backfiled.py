"""Responses that no delivery brought, and what finds the same delivery in quarantine."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('deliveries', sa.Column('digest', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
    op.create_index('ix_deliveries_digest', 'deliveries', ['digest'], unique=False)
    op.add_column('responses', sa.Column('backfiled', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column('responses', 'backfiled')
    op.drop_index('ix_deliveries_digest', table_name='deliveries')
    op.drop_column('deliveries', 'digest')
