"""From whom something is awaited and until when, on the case itself: what an inbox is ordered by."""

from datetime import datetime

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

CASES = sa.table(
    'cases',
    sa.column('id', sa.String()),
    sa.column('open', sa.Boolean()),
    sa.column('snapshot', sa.JSON()),
    sa.column('awaited_from', sa.String()),
    sa.column('awaited_by', sqlmodel.sql.sqltypes.UTCDateTime()),
)


def upgrade() -> None:
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('awaited_from', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
        batch_op.add_column(sa.Column('awaited_by', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('awaited_after', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_index(
            'ix_cases_owned',
            ['open', 'owner', 'awaited_by', 'id', 'stage', 'awaited_after'],
            unique=False,
        )
        batch_op.create_index(
            'ix_cases_waiting',
            ['open', 'awaited_by', 'id', 'owner', 'region', 'trade', 'awaited_from'],
            unique=False,
        )
    with op.batch_alter_table('responses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_responses_case_id'), ['case_id'], unique=False)
    _fill_in()


def _fill_in() -> None:
    """Cases that are open now were written before anybody asked."""
    connection = op.get_bind()
    waiting = sa.select(CASES.c.id, CASES.c.snapshot).where(CASES.c.open)
    for case_id, state in connection.execute(waiting).all():
        if state and state['rungs']:
            found = sa.update(CASES).where(CASES.c.id == case_id)
            connection.execute(found.values(**_awaited(state)))


def _awaited(state):
    undone = [action for action in state['actions'] if action['done_at'] is None]
    who, by = state['owner'], state['rungs'][-1]['at']
    if state['stage'] == 'confirming':
        who = 'customer'
    elif state['stage'] == 'repairing' and undone:
        first = min(undone, key=lambda action: _instant(action['due']))
        who, by = first['owner'], first['due']
    return {'awaited_from': who, 'awaited_by': _instant(by)}


def _instant(written):
    return datetime.fromisoformat(written)


def downgrade() -> None:
    """Without a batch, which would make the table anew: other tables refer to its rows."""
    op.drop_index(op.f('ix_responses_case_id'), 'responses')
    op.drop_index('ix_cases_waiting', 'cases')
    op.drop_index('ix_cases_owned', 'cases')
    for name in ('awaited_after', 'awaited_by', 'awaited_from'):
        op.drop_column('cases', name)
