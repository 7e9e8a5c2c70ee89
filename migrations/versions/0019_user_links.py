"""One-time links to set a password."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import UTCDateTime, ascii_text

revision = "0019_user_links"
down_revision = "0018_user_sessions"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "user_links",
        sa.Column("user_id", ascii_text(31), primary_key=True),
        sa.Column("digest", ascii_text(64), nullable=False),
        sa.Column("purpose", ascii_text(8), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user_links_user_id"),
        sa.UniqueConstraint("digest", name="uq_user_links_digest"),
    )
