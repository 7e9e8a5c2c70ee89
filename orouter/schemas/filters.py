"""What filters take."""

Chosen = str | tuple[str, ...]
"""One value, any of several, or (empty) all."""
