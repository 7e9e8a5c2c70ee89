"""The database that settings name, for servers and for the command line."""

from orouter.db.engine import Pool
from orouter.db.session import Database
from orouter.settings import Settings


def database_of(settings: Settings) -> Database:
    """The database of these settings; nothing is connected yet."""
    said = settings.database
    replica = said.replica_url.get_secret_value() if said.replica_url else None
    pool = Pool(size=said.pool_size, recycle_s=said.pool_recycle_s)
    return Database(said.url.get_secret_value(), replica_url=replica, pool=pool)
