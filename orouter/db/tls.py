"""TLS to MySQL and MariaDB, asked for in the URL with the words that PostgreSQL's libpq uses."""

import ssl
from collections.abc import Mapping
from functools import cache

from orouter.errors import ConfigurationError

_ALIASES = {"ssl_ca": "sslrootcert", "ssl_cert": "sslcert", "ssl_key": "sslkey"}
_KNOWN = {"sslmode", "sslrootcert", "sslcert", "sslkey"}
_MODES = ("disable", "require", "verify-ca", "verify-full")


def mysql_context(query: Mapping[str, str | tuple[str, ...]]) -> ssl.SSLContext | None:
    """Return the context that a URL's query asks for, or None for a plain connection.

    ``sslrootcert`` alone means ``verify-full``. ConfigurationError for unknown words or files
    that cannot be read.
    """
    options = {_ALIASES.get(name, name): str(value) for name, value in query.items()}
    unknown = options.keys() - _KNOWN
    if unknown:
        raise ConfigurationError(
            f"database.url has an unknown option {min(unknown)!r}",
            hint=f"MySQL takes {', '.join(sorted(_KNOWN))}.",
        )
    mode = options.get("sslmode", "verify-full" if options else "disable")
    if mode not in _MODES:
        raise ConfigurationError(
            f"sslmode={mode} in database.url is not a mode", hint=f"Use {', '.join(_MODES)}."
        )
    if mode == "disable":
        return None
    return _context(mode, *(options.get(key) for key in ("sslrootcert", "sslcert", "sslkey")))


@cache
def _context(
    mode: str, authority: str | None, certificate: str | None, key: str | None
) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=authority)
        if certificate:
            context.load_cert_chain(certificate, key)
    except OSError:
        raise ConfigurationError(
            "A certificate named in database.url cannot be read",
            hint="Check the paths of sslrootcert, sslcert and sslkey.",
        ) from None
    context.check_hostname = mode == "verify-full"
    if mode == "require":
        context.verify_mode = ssl.CERT_NONE
    return context
