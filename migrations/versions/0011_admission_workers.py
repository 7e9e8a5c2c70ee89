"""The workers that reserve, and that they live."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, ascii_text

revision = "0011_admission_workers"
down_revision = "0010_reservations"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "admission_workers",
        sa.Column("id", ascii_text(80), primary_key=True),
        sa.Column("node", ascii_text(64), nullable=False),
        sa.Column("beat", BIG, nullable=False),
    )
