"""Settings changed at run time."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, UTCDateTime, long_text, text

revision = "0013_stored_settings"
down_revision = "0012_continuations"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "stored_settings",
        sa.Column("path", text(255), primary_key=True),
        sa.Column("value", long_text(), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
    )
