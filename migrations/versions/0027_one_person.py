"""Which customers are one person; until now each was somebody else."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('same_persons',
    sa.Column('customer_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('same_as', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('linked_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('linked_by', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_same_persons_customer_id_customers')),
    sa.ForeignKeyConstraint(['same_as'], ['customers.id'], name=op.f('fk_same_persons_same_as_customers')),
    sa.PrimaryKeyConstraint('customer_id', name=op.f('pk_same_persons'))
    )
    op.create_index(op.f('ix_same_persons_same_as'), 'same_persons', ['same_as'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_same_persons_same_as'), table_name='same_persons')
    op.drop_table('same_persons')
