"""On whose clocks a customer is called, until now on those of his region; and who has the same phone."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0029'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('customers', sa.Column('zone', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
    op.add_column('customers', sa.Column('phone_index', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
    op.create_index(op.f('ix_customers_phone_index'), 'customers', ['phone_index'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_customers_phone_index'), table_name='customers')
    op.drop_column('customers', 'phone_index')
    op.drop_column('customers', 'zone')
