"""The database: engines, the unit of work, and where SQLite, MySQL and PostgreSQL differ."""
