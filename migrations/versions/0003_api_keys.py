"""API keys."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, UTCDateTime, ascii_text, text

revision = "0003_api_keys"
down_revision = "0002_organizations"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "api_keys",
        sa.Column("id", ascii_text(30), primary_key=True),
        sa.Column("org_id", ascii_text(30), nullable=False),
        sa.Column("name", text(100), nullable=False),
        sa.Column("name_key", text(101), nullable=False),
        sa.Column("description", text(500), nullable=False),
        sa.Column("permission", ascii_text(8), nullable=False),
        sa.Column("digest", ascii_text(64), nullable=False),
        sa.Column("previous_digest", ascii_text(64), nullable=False),
        sa.Column("previous_expires_at", UTCDateTime()),
        sa.Column("pepper_id", ascii_text(16), nullable=False),
        sa.Column("prefix", ascii_text(8), nullable=False),
        sa.Column("last4", ascii_text(4), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("expires_at", UTCDateTime()),
        sa.Column("rotated_at", UTCDateTime()),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_at", UTCDateTime()),
        sa.Column("version", BIG, nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name="fk_api_keys_org_id"),
        sa.UniqueConstraint("digest", name="uq_api_keys_digest"),
        sa.UniqueConstraint("org_id", "name_key", name="uq_api_keys_org_id_name_key"),
        sa.Index("ix_api_keys_org_id_created_at", "org_id", "created_at"),
        sa.Index("ix_api_keys_previous_digest", "previous_digest"),
        sa.Index("ix_api_keys_version", "version"),
    )
