"""How many messages somebody had lately is asked before each one that leaves."""

from alembic import op


revision = '0034'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_intents_person_claimed_at', 'intents', ['person', 'claimed_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_intents_person_claimed_at', table_name='intents')
