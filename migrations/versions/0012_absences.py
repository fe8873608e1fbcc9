"""Who is away when, and on a case for whom its owner stands in."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'absences',
        sa.Column('id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column('person', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column('since', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column('until', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column('stand_in', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column('gives_back', sa.Boolean(), nullable=False),
        sa.Column('created_by', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column('created_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column('ended_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column('engine', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_absences')),
        sa.UniqueConstraint('created_by', 'key', name=op.f('uq_absences_created_by')),
    )
    op.create_index('ix_absences_until', 'absences', ['until'], unique=False)
    op.add_column(
        'cases', sa.Column('stands_for', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True)
    )


def downgrade() -> None:
    """Without a batch, which would make the table of cases anew: other tables refer to its rows."""
    op.drop_column('cases', 'stands_for')
    op.drop_index('ix_absences_until', 'absences')
    op.drop_table('absences')
