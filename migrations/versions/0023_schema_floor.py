"""The oldest version of orouter that may serve with this schema.

A revision after which older versions would write or read wrongly raises it to its own name; one
that only adds leaves it, so that nodes of the version before go on while an upgrade rolls out.
"""

import sqlalchemy as sa
from alembic import op

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, ascii_text

revision = "0023_schema_floor"
down_revision = "0022_audit_entries"


def upgrade() -> None:
    """Create the table and its only row."""
    create_table(
        "schema_floor",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("revision", ascii_text(32), nullable=False),
    )
    op.execute(
        "INSERT INTO schema_floor (id, revision) SELECT 1, '0023_schema_floor'"
        " WHERE NOT EXISTS (SELECT 1 FROM schema_floor WHERE id = 1)"
    )
