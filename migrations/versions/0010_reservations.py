"""What each worker has reserved on each counter."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, ascii_text

revision = "0010_reservations"
down_revision = "0009_limit_counters"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "reservations",
        sa.Column("worker_id", ascii_text(80), primary_key=True),
        sa.Column("scope", ascii_text(3), primary_key=True),
        sa.Column("subject_id", ascii_text(30), primary_key=True),
        sa.Column("period_key", ascii_text(7), primary_key=True),
        sa.Column("requests", BIG, nullable=False),
        sa.Column("tokens", BIG, nullable=False),
        sa.Column("cost", BIG, nullable=False),
        sa.Column("batch", BIG, nullable=False),
    )
