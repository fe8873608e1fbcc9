"""Who wrote down by hand what he heard, and what he has not sent yet; all before came by a survey system."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('responses', sa.Column('heard_by', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
    op.create_table('sheets',
    sa.Column('person', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('saved_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('key_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('words_sealed', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('person', name=op.f('pk_sheets'))
    )


def downgrade() -> None:
    op.drop_table('sheets')
    op.drop_column('responses', 'heard_by')
