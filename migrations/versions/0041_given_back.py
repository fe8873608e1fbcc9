"""Since when a message is given back by its carrier, which takes nothing now."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0041'
down_revision = '0040'
branch_labels = None
depends_on = None


def upgrade() -> None:
    given_back = sa.Column('given_back_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
    op.add_column('fallbacks', given_back)


def downgrade() -> None:
    op.drop_column('fallbacks', 'given_back_at')
