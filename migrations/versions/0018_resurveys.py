"""Re-surveys, links that ask for one, and answers that bring another phone than the one known."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('resurveys',
    sa.Column('case_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('customer_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('metric', sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
    sa.Column('ask_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('unless_since', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('asked_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('withheld', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
    sa.Column('response_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=True),
    sa.Column('answered_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('recovered', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_resurveys_case_id_cases')),
    sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name=op.f('fk_resurveys_customer_id_customers')),
    sa.ForeignKeyConstraint(['response_id'], ['responses.id'], name=op.f('fk_resurveys_response_id_responses')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_resurveys')),
    sa.UniqueConstraint('response_id', name=op.f('uq_resurveys_response_id'))
    )
    with op.batch_alter_table('resurveys', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resurveys_asked_at'), ['asked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_resurveys_customer_id'), ['customer_id'], unique=False)

    op.add_column('links', sa.Column('asks', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True))
    op.add_column('responses', sa.Column('new_phone', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column('responses', 'new_phone')
    op.drop_column('links', 'asks')
    op.drop_table('resurveys')
