"""Cases that stall on the last level, and an index by which the levels that were skipped are found."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

STALLED = sa.text('stalled_since IS NOT NULL')
SKIPPED = sa.text("kind = 'level_skipped'")


def upgrade() -> None:
    op.add_column('cases', sa.Column('stalled_since', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.create_index('ix_cases_stalled', 'cases', ['stalled_since'], unique=False, sqlite_where=STALLED, postgresql_where=STALLED)
    op.create_index('ix_timeline_skipped', 'timeline', ['at'], unique=False, sqlite_where=SKIPPED, postgresql_where=SKIPPED)


def downgrade() -> None:
    op.drop_index('ix_timeline_skipped', 'timeline')
    op.drop_index('ix_cases_stalled', 'cases')
    op.drop_column('cases', 'stalled_since')
