"""The counter by which a mutation becomes known to every worker."""

import sqlalchemy as sa
from alembic import op

from orouter.db.ddl import create_table
from orouter.models.columns import BIG

revision = "0001_change_counter"
down_revision = None


def upgrade() -> None:
    """Create the table and its only row."""
    create_table(
        "change_counter",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("value", BIG, nullable=False),
    )
    op.execute(
        "INSERT INTO change_counter (id, value) SELECT 1, 0"
        " WHERE NOT EXISTS (SELECT 1 FROM change_counter WHERE id = 1)"
    )
