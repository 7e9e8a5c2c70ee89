"""Who belongs to which organization."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import UTCDateTime, ascii_text

revision = "0017_memberships"
down_revision = "0016_users"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "memberships",
        sa.Column("user_id", ascii_text(31), primary_key=True),
        sa.Column("org_id", ascii_text(30), primary_key=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_memberships_user_id"),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name="fk_memberships_org_id"),
        sa.Index("ix_memberships_org_id", "org_id"),
    )
