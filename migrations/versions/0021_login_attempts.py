"""Attempts to sign in, by account and by address."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import UTCDateTime, ascii_text

revision = "0021_login_attempts"
down_revision = "0020_user_tokens"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "login_attempts",
        sa.Column("subject", ascii_text(64), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("locked_until", UTCDateTime()),
    )
