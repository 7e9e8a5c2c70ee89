"""People who may sign in."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import UTCDateTime, ascii_text, text

revision = "0016_users"
down_revision = "0015_org_rollups"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "users",
        sa.Column("id", ascii_text(31), primary_key=True),
        sa.Column("email", text(254), nullable=False),
        sa.Column("email_key", text(254), nullable=False),
        sa.Column("name", text(100), nullable=False),
        sa.Column("role", ascii_text(16), nullable=False),
        sa.Column("all_orgs", sa.Boolean(), nullable=False),
        sa.Column("password_hash", ascii_text(200), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("last_login_at", UTCDateTime()),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_at", UTCDateTime()),
        sa.UniqueConstraint("email_key", name="uq_users_email_key"),
        sa.Index("ix_users_created_at", "created_at"),
    )
