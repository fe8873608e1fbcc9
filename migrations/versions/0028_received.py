"""Deliveries that a pressed door kept, to be taken soon."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('deliveries', sa.Column('take_after', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.create_index('ix_deliveries_take_after', 'deliveries', ['take_after'], unique=False, sqlite_where=sa.text('take_after IS NOT NULL'), postgresql_where=sa.text('take_after IS NOT NULL'))


def downgrade() -> None:
    op.drop_index('ix_deliveries_take_after', table_name='deliveries')
    op.drop_column('deliveries', 'take_after')
