"""By which version of the organisation a target ran, and whether what it awaits came."""

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('targets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('answered', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE targets SET answered = true WHERE fate = 'met'"))


def downgrade() -> None:
    with op.batch_alter_table('targets', schema=None) as batch_op:
        batch_op.drop_column('answered')
        batch_op.drop_column('version')
