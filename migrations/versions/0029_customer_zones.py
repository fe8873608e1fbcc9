"""On whose clocks a customer is called; until now on those of his region."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0029'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('customers', sa.Column('zone', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column('customers', 'zone')
