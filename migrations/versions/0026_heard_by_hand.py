"""Who wrote down by hand what he heard; all that came before was told by a survey system."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0026'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('responses', schema=None) as batch_op:
        batch_op.add_column(sa.Column('heard_by', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('responses', schema=None) as batch_op:
        batch_op.drop_column('heard_by')
