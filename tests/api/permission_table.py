"""Who may do what: every route of management, once.

``*`` everything, ``o`` what is one's own (an organization one belongs to and what is in it; of
users oneself), ``-`` nothing. An auditor is a viewer without organizations. The last column is a
key of permission ``admin``; other keys may do nothing.

``session``: with the cookie only, since it is about the session itself; ``no-token``: not by a
token.
"""

from typing import NamedTuple

ROLES = ("superadmin", "operator", "auditor", "org_admin", "viewer", "key")

TABLE = """
GET    /orgs                               * * * o o o
POST   /orgs                               * * - - - -
GET    /orgs/{ref}                         * * * o o o
PATCH  /orgs/{ref}                         * * - - - -
DELETE /orgs/{ref}                         * * - - - -
POST   /orgs/{ref}/restore                 * * - - - -
GET    /orgs/{ref}/members                 * * * o o -
PUT    /orgs/{ref}/members/{user_id}       * - - - - -
DELETE /orgs/{ref}/members/{user_id}       * - - - - -
GET    /orgs/{org}/keys                    * * * o o o
POST   /orgs/{org}/keys                    * * - o - o
GET    /keys                               * * * o o o
POST   /keys/verify                        * * * o o o
GET    /keys/{ref}                         * * * o o o
PATCH  /keys/{ref}                         * * - o - o
DELETE /keys/{ref}                         * * - o - o
POST   /keys/{ref}/rotate                  * * - o - o
POST   /keys/{ref}/move                    * * - o - o
POST   /keys/{ref}/restore                 * * - o - o
GET    /{owners}/{ref}/limits              * * * o o o
PUT    /{owners}/{ref}/limits              * * - - - -
DELETE /{owners}/{ref}/limits              * * - - - -
GET    /limits                             * * * o o o
GET    /stats                              * * * o o o
GET    /stats/top                          * * * o o o
GET    /stats/export                       * * * o o o
GET    /requests                           * * * o o o
GET    /requests/export                    * * * o o o
GET    /requests/{request_id}              * * * o o o
GET    /calendar                           * * * * * *
GET    /models                             * * * * * *
POST   /models                             * * - - - -
GET    /models/{id}                        * * * * * *
PATCH  /models/{id}                        * * - - - -
DELETE /models/{id}                        * * - - - -
GET    /aliases                            * * * * * *
PUT    /aliases/{name}                     * * - - - -
DELETE /aliases/{name}                     * * - - - -
GET    /fallbacks                          * * * * * *
PUT    /fallbacks/{model}                  * * - - - -
DELETE /fallbacks/{model}                  * * - - - -
GET    /providers                          * * * - - -
POST   /providers                          * * - - - -
GET    /providers/{name}                   * * * - - -
PATCH  /providers/{name}                   * * - - - -
DELETE /providers/{name}                   * * - - - -
POST   /providers/{name}/test              * * - - - -
GET    /settings                           * * * - - -
PATCH  /settings                           * - - - - -
DELETE /settings/{path}                    * - - - - -
GET    /system                             * * * - - -
GET    /audit                              * * * o o -
GET    /users                              * * * - - -
POST   /users                              * - - - - -
GET    /users/{ref}                        * * * o o -
PATCH  /users/{ref}                        * o o o o -
DELETE /users/{ref}                        * - - - - -
POST   /users/{ref}/restore                * - - - - -
POST   /users/{ref}/link                   * - - - - -
GET    /users/{ref}/sessions               * * * o o -
DELETE /users/{ref}/sessions               * o o o o -
DELETE /users/{ref}/sessions/{session_id}  * o o o o -
GET    /users/{ref}/tokens                 * * * o o -
POST   /users/{ref}/tokens                 * o o o o - no-token
DELETE /users/{ref}/tokens/{token_id}      * o o o o -
GET    /session                            * * * * * - session
DELETE /session                            * * * * * - session
DELETE /session/others                     * * * * * - session
PUT    /session/password                   * * * * * - session
"""

PUBLIC = frozenset(
    {
        "POST /session",
        "GET /session/state",
        "GET /session/link",
        "POST /session/link",
    }
)
"""For everybody, since nobody is signed in yet."""

OPEN = frozenset(
    {
        *("GET /health", "HEAD /health", "GET /health/ready", "HEAD /health/ready"),
        *("GET /metrics", "HEAD /metrics", "GET /openapi.json", "HEAD /openapi.json"),
        *("GET /docs", "HEAD /docs", "GET /docs/oauth2-redirect", "HEAD /docs/oauth2-redirect"),
    }
)
"""Not of management; who reaches the port reaches them."""


class Rule(NamedTuple):
    """What a role may do with a route, and what is said of tokens."""

    cells: dict[str, str]
    flag: str


def rules() -> dict[str, Rule]:
    """The table by ``METHOD /path``."""
    found = {}
    for line in TABLE.strip().splitlines():
        method, path, *rest = line.split()
        cells = dict(zip(ROLES, rest, strict=False))
        found[f"{method} {path}"] = Rule(cells, "".join(rest[len(ROLES) :]))
    return found
