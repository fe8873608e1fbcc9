"""Sessions that name their device, links and letters without a case, typed words, enclosures."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('typed',
    sa.Column('case_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('person', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('form', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('saved_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('words_sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_typed_case_id_cases')),
    sa.PrimaryKeyConstraint('case_id', 'person', 'form', name=op.f('pk_typed'))
    )
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('seen_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('device', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
    with op.batch_alter_table('links', schema=None) as batch_op:
        batch_op.alter_column('case_id', existing_type=sqlmodel.sql.sqltypes.AutoString(length=36), nullable=True)
    with op.batch_alter_table('targets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ended_seq', sa.Integer(), nullable=True))
    with op.batch_alter_table('intents', schema=None) as batch_op:
        batch_op.alter_column('case_id', existing_type=sqlmodel.sql.sqltypes.AutoString(length=36), nullable=True)
        batch_op.add_column(sa.Column('html_sealed', sa.LargeBinary(), nullable=True))
    op.create_table('enclosures',
    sa.Column('intent_id', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('media_type', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('content_sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['intent_id'], ['intents.id'], name=op.f('fk_enclosures_intent_id_intents')),
    sa.PrimaryKeyConstraint('intent_id', 'name', name=op.f('pk_enclosures'))
    )


def downgrade() -> None:
    op.drop_table('enclosures')
    with op.batch_alter_table('intents', schema=None) as batch_op:
        batch_op.drop_column('html_sealed')
        batch_op.alter_column('case_id', existing_type=sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False)
    with op.batch_alter_table('targets', schema=None) as batch_op:
        batch_op.drop_column('ended_seq')
    with op.batch_alter_table('links', schema=None) as batch_op:
        batch_op.alter_column('case_id', existing_type=sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False)
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_column('device')
        batch_op.drop_column('seen_at')
    op.drop_table('typed')
