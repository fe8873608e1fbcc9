"""How each delivery and each response came; what pointed at an answer that was had waits no more."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

BEFORE = ['fate', 'source', 'received_at']
POINTED = "SELECT delivery_id FROM fetches WHERE fate = '{fate}'"


def upgrade() -> None:
    way = sqlmodel.sql.sqltypes.AutoString(length=16)
    op.add_column('deliveries', sa.Column('way', way, nullable=False, server_default='delivered'))
    op.drop_index('ix_deliveries_fate_source', table_name='deliveries')
    op.create_index('ix_deliveries_fate_source', 'deliveries', ['fate', 'source', 'way', 'received_at'])
    op.create_index('ix_fetches_fate', 'fetches', ['fate', 'source', 'response_id', 'asked_at'])
    op.add_column('responses', sa.Column('way', way, nullable=False, server_default='delivered'))
    op.execute("UPDATE responses SET way = 'backfilled' WHERE backfiled")
    op.drop_column('responses', 'backfiled')
    had, gone = POINTED.format(fate='fetched'), POINTED.format(fate='gone')
    op.execute(
        "UPDATE deliveries SET fate = CASE WHEN response_row IS NULL THEN 'fetched' ELSE 'understood' END "
        f"WHERE fate = 'to_fetch' AND id IN ({had})"
    )
    op.execute(f"UPDATE deliveries SET fate = 'withdrawn' WHERE fate = 'to_fetch' AND id IN ({gone})")


def downgrade() -> None:
    op.add_column('responses', sa.Column('backfiled', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE responses SET backfiled = true WHERE way IN ('backfilled', 'imported')")
    op.drop_column('responses', 'way')
    op.drop_index('ix_fetches_fate', table_name='fetches')
    op.drop_index('ix_deliveries_fate_source', table_name='deliveries')
    op.create_index('ix_deliveries_fate_source', 'deliveries', BEFORE)
    op.drop_column('deliveries', 'way')
    op.execute("UPDATE deliveries SET fate = 'to_fetch' WHERE fate = 'fetched'")
