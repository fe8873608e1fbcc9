"""The audit: its runs, what it found, and an index by which it walks through the open cases."""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audits',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('started_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('ended_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('looked_at', sa.Integer(), nullable=False),
    sa.Column('found', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audits'))
    )
    op.create_index(op.f('ix_audits_ended_at'), 'audits', ['ended_at'], unique=False)
    op.create_table('audit_findings',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('case_id', sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
    sa.Column('finding', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('found_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('seen_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('repair', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
    sa.Column('repaired_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('ended_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_audit_findings_case_id_cases')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_findings'))
    )
    op.create_index('ix_audit_findings_ended_at', 'audit_findings', ['ended_at'], unique=False)
    op.create_index('uq_audit_findings_open', 'audit_findings', ['case_id', 'finding'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_index('ix_cases_open_id', 'cases', ['open', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_cases_open_id', 'cases')
    op.drop_table('audit_findings')
    op.drop_table('audits')
