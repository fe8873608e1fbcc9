"""The list of all answers, the happy ones too, has an index."""

from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('counted', schema=None) as batch_op:
        batch_op.create_index('ix_counted_answers', ['month', 'response_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('counted', schema=None) as batch_op:
        batch_op.drop_index('ix_counted_answers')
