"""How somebody becomes signed in: by a password, or by a one-time link that sets one.

A password is compared between two transactions, not in one: it takes a tenth of a second.
"""

from typing import NamedTuple

from sqlmodel import Session

from orouter.db.session import Database
from orouter.errors import Conflict, InvalidCredentials, NotFound
from orouter.models.base import is_printable, now
from orouter.models.user import NewPassword, User, email_of
from orouter.models.user_link import LinkUse
from orouter.models.user_session import SignIn
from orouter.schemas.actor import Actor
from orouter.services import audit, links, lockout, passwords, sessions, users
from orouter.services.audit import Target
from orouter.services.sessions import Client, Signed

Opened = tuple[str, Signed]
"""The secret of a new session, and who has it."""


class _Tried(NamedTuple):
    """An attempt that was counted, and what its password is compared with."""

    account: str
    address: str
    user_id: str
    password_hash: str


async def by_password(
    database: Database, asked: SignIn, client: Client, *, pepper: bytes
) -> Opened:
    """Raises InvalidCredentials, with one body and after one time for all reasons; SignInLocked."""
    tried = await database.run(_attempt, asked.email, client)
    right = await passwords.hashing.matches(tried.password_hash, asked.password)
    if not right:
        await database.run(_refused, tried, client)
        raise InvalidCredentials("The address or the password is wrong.")
    return await database.run(_let_in, tried, client, pepper=pepper)


async def by_link(database: Database, use: LinkUse, client: Client, *, pepper: bytes) -> Opened:
    """Set the password and sign in. Raises NotFound for the link, InvalidRequest, Conflict."""
    secret = use.token.get_secret_value()
    look = await database.run_readonly(links.look, secret, pepper=pepper)
    passwords.check(use.password, email=look.email, name=use.name or look.name)
    password_hash = await passwords.hashing.hashed(use.password)
    return await database.run(_use_link, use, password_hash, client, pepper=pepper)


def out(session: Session, signed: Signed) -> None:
    """Sign out: the session is over for whoever has its secret."""
    sessions.end(session, signed.user.id, signed.row.id)
    target = Target("session", signed.row.id, signed.user.email)
    audit.record(session, signed.actor, "session.end", target)


async def change_password(database: Database, signed: Signed, change: NewPassword) -> None:
    """Change one's own password; all other sessions end. Raises InvalidCredentials."""
    user = signed.user
    subjects = [lockout.account(user.email)]
    await database.run(lockout.attempt, subjects)
    if not await passwords.hashing.matches(user.password_hash, change.current_password):
        raise InvalidCredentials("The current password is wrong.", param="current_password")
    passwords.check(change.new_password, email=user.email, name=user.name)
    password_hash = await passwords.hashing.hashed(change.new_password)
    await database.run(users.set_password, user.id, password_hash, signed.actor, but=signed.row.id)


def _attempt(session: Session, email: str, client: Client) -> _Tried:
    normal = str(email_of(email)) if is_printable(email) else ""
    account, address = lockout.account(normal), lockout.address(client.ip)
    lockout.attempt(session, [account, address])
    user = users.of_email(session, normal)
    usable = user is not None and user.status == "active"
    return _Tried(
        account,
        address,
        user.id if user else "",
        user.password_hash if user and usable else "",
    )


def _refused(session: Session, tried: _Tried, client: Client) -> None:
    user = session.get(User, tried.user_id) if tried.user_id else None
    target = users.target(user) if user else Target("user", "", "unknown")
    audit.record(session, _stranger(client), "session.refused", target)


def _let_in(session: Session, tried: _Tried, client: Client, *, pepper: bytes) -> Opened:
    user = session.get(User, tried.user_id)
    if user is None or user.status != "active" or user.password_hash != tried.password_hash:
        raise InvalidCredentials("The address or the password is wrong.")
    lockout.succeeded(session, account=tried.account, address=tried.address)
    return _begin(session, user, client, pepper=pepper)


def _use_link(
    session: Session, use: LinkUse, password_hash: str, client: Client, *, pepper: bytes
) -> Opened:
    link, user = links.found(session, use.token.get_secret_value(), pepper=pepper)
    if not links.take(session, user.id, link.digest):
        raise NotFound("This link was used just now.")
    if use.name is not None:
        user.name = use.name
    if use.email is not None and use.email != user.email:
        _take_address(session, user, use.email, link.purpose)
    actor = Actor("user", user.id, frozenset(), via="ui", ip=client.ip, name=user.email)
    users.set_password(session, user.id, password_hash, actor)
    return _begin(session, user, client, pepper=pepper)


def _take_address(session: Session, user: User, email: str, purpose: str) -> None:
    if purpose != "setup" or users.of_email(session, email) is not None:
        raise Conflict("This address cannot be taken.", param="email")
    user.email = user.email_key = email
    session.flush()


def _begin(session: Session, user: User, client: Client, *, pepper: bytes) -> Opened:
    user.last_login_at = now()
    opened = sessions.begin(session, user, client, pepper=pepper)
    signed = opened[1]
    target = Target("session", signed.row.id, user.email)
    audit.record(session, signed.actor, "session.begin", target, None, {"ip": client.ip})
    return opened


def _stranger(client: Client) -> Actor:
    return Actor("system", "", frozenset(), via="ui", ip=client.ip, name="nobody yet")
