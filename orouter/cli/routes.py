"""Where a server does what the verbs of `orouter.services` do: the table behind ``--server``."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from orouter.cli import translations

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Route(NamedTuple):
    """A verb over HTTP. ``{names}`` in the path, and all others, are the verb's own parameters.

    ``body`` and ``query`` name parameters that are models, sent field by field as far as they were
    set; ``query`` also plain ones, sent by their names. ``fields`` of the body are the wire's name
    → the parameter, ``fixed`` ones always the same.
    ``dry_run``: the route can also only tell what it would answer. ``read``
    makes the verb's answer of the server's, where they are not alike.
    """

    method: str
    path: str
    body: str = ""
    query: tuple[str, ...] = ()
    fields: Mapping[str, str] = _NOTHING
    fixed: Mapping[str, object] = _NOTHING
    dry_run: bool = False
    read: Callable[[bytes], Any] | None = None


_ORG, _KEY, _LIMITS = "/orgs/{ref}", "/keys/{ref}", "/{scope}s/{ref}/limits"
_USER = "/users/{ref}"
_PROVIDER, _MODEL = "/providers/{name}", "/models/{name}"
_AFTER = translations.nothing
_ON, _OFF = {"enabled": True}, {"enabled": False}

ROUTES = {
    "administrators.create": Route("POST", "/orgs", body="new", query=("if_not_exists",)),
    "administrators.update": Route("PATCH", _ORG, body="change"),
    "organizations.list_all": Route("GET", "/orgs", query=("listing",)),
    "organizations.get": Route("GET", _ORG),
    "organizations.enable": Route("PATCH", _ORG, fixed=_ON),
    "organizations.disable": Route("PATCH", _ORG, fixed=_OFF),
    "organizations.delete": Route("DELETE", _ORG, dry_run=True),
    "organizations.restore": Route("POST", _ORG + "/restore"),
    "user_secrets.invite": Route("POST", "/users", body="new"),
    "user_secrets.make_link": Route("POST", _USER + "/link"),
    "user_secrets.list_sessions": Route("GET", _USER + "/sessions"),
    "user_secrets.end_sessions": Route("DELETE", _USER + "/sessions"),
    "user_secrets.list_tokens": Route("GET", _USER + "/tokens"),
    "user_secrets.issue_token": Route("POST", _USER + "/tokens", body="new"),
    "user_secrets.revoke_token": Route("DELETE", _USER + "/tokens/{token_id}"),
    "users.list_all": Route("GET", "/users", query=("listing",)),
    "users.get": Route("GET", _USER),
    "users.update": Route("PATCH", _USER, body="change"),
    "users.enable": Route("PATCH", _USER, fixed=_ON),
    "users.disable": Route("PATCH", _USER, fixed=_OFF),
    "users.delete": Route("DELETE", _USER, dry_run=True),
    "users.restore": Route("POST", _USER + "/restore"),
    "audit.list_all": Route("GET", "/audit", query=("listing",)),
    "keys.issue": Route("POST", "/orgs/{org}/keys", body="new", query=("if_not_exists",)),
    "keys.list_all": Route("GET", "/keys", query=("listing",)),
    "keys.get": Route("GET", _KEY),
    "keys.update": Route("PATCH", _KEY, body="change"),
    "keys.enable": Route("PATCH", _KEY, fixed=_ON),
    "keys.disable": Route("PATCH", _KEY, fixed=_OFF),
    "keys.rotate": Route("POST", _KEY + "/rotate", fields={"grace_s": "grace"}),
    "keys.delete": Route("DELETE", _KEY, dry_run=True),
    "keys.restore": Route("POST", _KEY + "/restore"),
    "keys.move": Route("POST", _KEY + "/move", fields={"org": "org"}),
    "keys.verify": Route("POST", "/keys/verify", fields={"key": "secret"}),
    "limit_overview.listing": Route("GET", "/limits", query=("asked",)),
    "limits.report": Route("GET", _LIMITS),
    "limits.put": Route("PUT", _LIMITS, body="change"),
    "limits.remove": Route("DELETE", _LIMITS, query=("period",)),
    "providers.views": Route("GET", "/providers", read=translations.provider_views),
    "providers.view": Route("GET", _PROVIDER, read=translations.provider_view),
    "providers.tried": Route("POST", _PROVIDER + "/test", read=translations.trials),
    "provider_changes.add": Route("POST", "/providers", body="new", read=_AFTER),
    "provider_changes.update": Route("PATCH", _PROVIDER, body="change", read=_AFTER),
    "provider_changes.switch": Route("PATCH", _PROVIDER, fields={"enabled": "on"}, read=_AFTER),
    "provider_changes.remove": Route("DELETE", _PROVIDER, read=_AFTER),
    "model_overview.listed": Route("GET", "/models", query=("asked",)),
    "model_overview.detail": Route("GET", _MODEL),
    "model_changes.update": Route("PATCH", _MODEL, body="change", read=_AFTER),
    "settings.lines": Route("GET", "/settings", read=translations.setting_lines),
    "stored_settings.set_values": Route(
        "PATCH", "/settings", fields={"values": "values"}, read=_AFTER
    ),
    "stored_settings.forget": Route("DELETE", "/settings/{path}", read=_AFTER),
    "stats_reading.report": Route("GET", "/stats", query=("asked",)),
    "stats_reading.top": Route("GET", "/stats/top", query=("asked",)),
    "stats_reading.exported": Route("GET", "/stats/export", query=("asked",)),
    "stats_reading.requests": Route("GET", "/requests", query=("asked",)),
    "stats_reading.request": Route("GET", "/requests/{request}", query=("tz",)),
}
"""``MODULE.VERB`` → its route below ``/api/v1``. The others work beside the database only."""
