"""Work that one worker of all nodes does now and then."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, ascii_text

revision = "0014_chores"
down_revision = "0013_stored_settings"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "chores",
        sa.Column("name", ascii_text(32), primary_key=True),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("done_to", ascii_text(26), nullable=False),
    )
