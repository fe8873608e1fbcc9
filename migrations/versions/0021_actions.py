"""Actions: who has each, until when, and what the figures count; messages and links that speak of one.

Those of before are filled in from their cases, and every answer is counted anew.
"""

from datetime import datetime

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

CASES = sa.table(
    'cases',
    sa.column('id', sa.String()),
    sa.column('closed_at', sqlmodel.sql.sqltypes.UTCDateTime()),
    sa.column('snapshot', sa.JSON()),
)


def upgrade() -> None:
    actions = op.create_table('actions',
    sa.Column('case_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('owner', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('due_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('stand', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('word', sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=True),
    sa.Column('currency', sqlmodel.sql.sqltypes.AutoString(length=3), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_actions_case_id_cases')),
    sa.PrimaryKeyConstraint('case_id', 'number', name=op.f('pk_actions'))
    )
    with op.batch_alter_table('actions', schema=None) as batch_op:
        batch_op.create_index('ix_actions_to_do', ['owner', 'due_at'], unique=False, sqlite_where=sa.text("stand = 'to_do'"), postgresql_where=sa.text("stand = 'to_do'"))
        batch_op.create_index('ix_actions_open', ['due_at'], unique=False, sqlite_where=sa.text('word IS NULL'), postgresql_where=sa.text('word IS NULL'))
    op.add_column('intents', sa.Column('action', sa.Integer(), nullable=True))
    op.add_column('links', sa.Column('action', sa.Integer(), nullable=True))
    _fill_in(actions)
    op.execute('DELETE FROM tallies')
    op.execute('DELETE FROM counted')


def _fill_in(actions) -> None:
    connection = op.get_bind()
    for case_id, closed_at, state in connection.execute(sa.select(CASES)).all():
        rows = [_row(case_id, closed_at, action) for action in (state or {}).get('actions', ())]
        if rows:
            connection.execute(actions.insert(), rows)


def _row(case_id, closed_at, action):
    done, due = action['done_at'], _instant(action['due'])
    return {
        'case_id': case_id,
        'number': action['number'],
        'owner': action['owner'],
        'due_at': due,
        'stand': 'done' if done else 'to_do',
        'word': _word(_instant(done) if done else None, due, closed_at),
        'refused': 0,
        'accepted': False,
        'cents': None,
        'currency': None,
    }


def _word(done, due, closed_at):
    if done:
        return 'kept' if done <= due else 'broken'
    if closed_at is None:
        return None
    return 'broken' if due < closed_at else 'dropped'


def _instant(written):
    return datetime.fromisoformat(written)


def downgrade() -> None:
    op.drop_column('links', 'action')
    op.drop_column('intents', 'action')
    with op.batch_alter_table('actions', schema=None) as batch_op:
        batch_op.drop_index('ix_actions_open', sqlite_where=sa.text('word IS NULL'), postgresql_where=sa.text('word IS NULL'))
        batch_op.drop_index('ix_actions_to_do', sqlite_where=sa.text("stand = 'to_do'"), postgresql_where=sa.text("stand = 'to_do'"))
    op.drop_table('actions')
