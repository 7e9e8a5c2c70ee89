"""What organizations and keys used in each month and year, and have reserved."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, ascii_text

revision = "0009_limit_counters"
down_revision = "0008_limits"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "limit_counters",
        sa.Column("scope", ascii_text(3), primary_key=True),
        sa.Column("subject_id", ascii_text(30), primary_key=True),
        sa.Column("period_key", ascii_text(7), primary_key=True),
        sa.Column("used_requests", BIG, nullable=False),
        sa.Column("used_tokens", BIG, nullable=False),
        sa.Column("used_cost", BIG, nullable=False),
        sa.Column("reserved_requests", BIG, nullable=False),
        sa.Column("reserved_tokens", BIG, nullable=False),
        sa.Column("reserved_cost", BIG, nullable=False),
        sa.Column("warned", BIG, nullable=False),
    )
