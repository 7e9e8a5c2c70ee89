"""What a database server says of itself."""

import sqlalchemy as sa

_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
    "mysql": (
        "SELECT SUM(data_length + index_length) FROM information_schema.tables "
        "WHERE table_schema = DATABASE()"
    ),
}


def kind(connection: sa.Connection) -> str:
    """``sqlite``, ``mysql``, ``mariadb`` or ``postgresql``."""
    dialect = connection.dialect
    return "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name


def version(connection: sa.Connection) -> str:
    """The version of the server, such as ``10.11.6``."""
    dialect = connection.dialect
    # SQLAlchemy keeps what MariaDB calls itself behind the number that old clients expect.
    told = getattr(dialect, "_mariadb_normalized_version_info", None)
    return ".".join(str(part) for part in told or dialect.server_version_info or ())


def size_bytes(connection: sa.Connection) -> int | None:
    """About how much room the database takes; None where it does not say."""
    found = connection.scalar(sa.text(_SIZE[connection.dialect.name]))
    return None if found is None else int(found)
