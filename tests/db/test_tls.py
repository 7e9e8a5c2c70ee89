import ssl
from contextlib import suppress

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from orouter.db.engine import Server
from orouter.db.session import Database
from orouter.db.tls import mysql_context
from orouter.errors import ConfigurationError, DatabaseUnavailable
from tests.conftest import UrlOf


def test_no_options_mean_a_plain_connection() -> None:
    assert mysql_context({}) is None
    assert mysql_context({"sslmode": "disable"}) is None


@pytest.mark.parametrize(
    ("mode", "verified", "hostname"),
    [
        ("require", ssl.CERT_NONE, False),
        ("verify-ca", ssl.CERT_REQUIRED, False),
        ("verify-full", ssl.CERT_REQUIRED, True),
    ],
)
def test_the_mode_says_what_is_checked(mode: str, verified: ssl.VerifyMode, hostname: bool) -> None:
    context = mysql_context({"sslmode": mode})
    assert context is not None
    assert (context.verify_mode, context.check_hostname) == (verified, hostname)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"charset": "latin1"}, "unknown option 'charset'"),
        ({"sslmode": "prefer"}, "sslmode=prefer"),
        ({"ssl_ca": "/nowhere/ca.pem"}, "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_refused(query: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        mysql_context(query)


def encrypted(session: Session) -> bool:
    """Whether the connection is, as the server sees it."""
    row = session.connection().execute(sa.text("SHOW SESSION STATUS LIKE 'Ssl_cipher'")).one()
    return bool(row[1])


@pytest.mark.parametrize("backend", ["mysql"])
async def test_a_connection_is_encrypted_or_refused(url_of: UrlOf, backend: str) -> None:
    """Servers with and without TLS are both found in the field, and in test runs."""
    url = Server(url_of(backend)).url.update_query_dict({"sslmode": "require"})
    private = Database(url.render_as_string(hide_password=False))
    with suppress(DatabaseUnavailable):
        assert private.call(encrypted)
    with suppress(DatabaseUnavailable):
        assert await private.run(encrypted)
    await private.aclose()
    private.close()
