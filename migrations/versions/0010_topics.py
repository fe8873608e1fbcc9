"""Zero-tolerance topics stand on cases and answers, the words that showed them sealed."""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('responses', schema=None) as batch_op:
        batch_op.add_column(sa.Column('topic', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('topic_words_sealed', sa.LargeBinary(), nullable=True))
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('topic', sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column('cases', 'topic')
    op.drop_column('responses', 'topic_words_sealed')
    op.drop_column('responses', 'topic')
