"""Which response a delivery told of before it came; until now such a body belonged to nobody."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('deliveries', sa.Column('awaits', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
    op.create_index(op.f('ix_deliveries_awaits'), 'deliveries', ['awaits'], unique=False)
    op.create_index(op.f('ix_deliveries_response_row'), 'deliveries', ['response_row'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_deliveries_response_row'), table_name='deliveries')
    op.drop_index(op.f('ix_deliveries_awaits'), table_name='deliveries')
    op.drop_column('deliveries', 'awaits')
