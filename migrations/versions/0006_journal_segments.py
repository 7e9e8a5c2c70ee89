"""How far each journal segment is in the database."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, text

revision = "0006_journal_segments"
down_revision = "0005_usage_rollups"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "journal_segments",
        sa.Column("name", text(100), primary_key=True),
        sa.Column("position", BIG, nullable=False),
        sa.Column("updated_at", BIG, nullable=False),
    )
