"""Organizations."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, UTCDateTime, ascii_text, text

revision = "0002_organizations"
down_revision = "0001_change_counter"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "organizations",
        sa.Column("id", ascii_text(30), primary_key=True),
        sa.Column("name", text(100), nullable=False),
        sa.Column("name_key", text(101), nullable=False),
        sa.Column("description", text(500), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_at", UTCDateTime()),
        sa.Column("version", BIG, nullable=False),
        sa.UniqueConstraint("name_key", name="uq_organizations_name_key"),
        sa.Index("ix_organizations_version", "version"),
        sa.Index("ix_organizations_created_at", "created_at"),
    )
