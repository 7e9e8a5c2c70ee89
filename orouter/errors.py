"""Everything that can go wrong in orouter, as one tree.

Each class knows whose fault it was, its HTTP status, its stable ``code`` and the exit code of the
command line. A message says what happened and what to do; it never holds a secret, SQL or a path.

::

    OrouterError
    ├── CallerError                      the caller sent something we cannot serve
    │   ├── InvalidRequest               400 invalid_request
    │   │   ├── ContextLengthExceeded    400 context_length_exceeded
    │   │   ├── UnsupportedParameter     400 unsupported_parameter
    │   │   └── ContentPolicyViolation   403 content_policy_violation
    │   ├── InvalidApiKey                401 invalid_api_key
    │   │   └── InvalidCredentials       401 invalid_credentials
    │   ├── PermissionDenied             403 permission_denied
    │   │   ├── OrganizationDisabled     403 organization_disabled
    │   │   └── CrossSiteRequest         403 cross_site_request
    │   ├── NotFound                     404 not_found
    │   │   └── ModelNotFound            404 model_not_found
    │   ├── MethodNotAllowed             405 method_not_allowed
    │   ├── Conflict                     409 conflict
    │   ├── RequestTimeout               408 request_timeout
    │   ├── BodyTooLarge                 413 body_too_large
    │   ├── UnsupportedEncoding          415 unsupported_encoding
    │   ├── ValidationFailed             422 validation_failed
    │   ├── LimitExceeded                429 limit_exceeded
    │   ├── SignInLocked                 429 sign_in_locked
    │   └── HeadersTooLarge              431 headers_too_large
    ├── UpstreamError                    502 upstream_error: a provider failed
    │   ├── UpstreamAuthenticationError  502 upstream_authentication_error
    │   ├── UpstreamQuotaExceeded        503 upstream_unavailable: the operator's account is empty
    │   ├── UpstreamRateLimited          429 rate_limit_exceeded
    │   ├── UpstreamUnavailable          503 upstream_unavailable
    │   └── UpstreamTimeout              504 upstream_timeout
    ├── OperatorError                    the installation is not in order
    │   ├── ConfigurationError           file, line and what was likely meant
    │   ├── SchemaBehind                 503 database_unavailable
    │   ├── CheckFailed                  a check the operator asked for found something
    │   └── ConfirmationNeeded           a destructive verb without --yes
    └── ServiceError                     500 internal_error: our own fault
        ├── DatabaseUnavailable          503 database_unavailable
        └── Overloaded                   503 overloaded
"""

from typing import Any, ClassVar


class OrouterError(Exception):
    """Base of the tree.

    ``hint`` tells an operator what to do next; ``param`` names the request field at fault;
    ``headers`` go into the HTTP answer as they are.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    type: ClassVar[str] = "api_error"
    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        hint: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.hint = hint
        self.headers = headers or {}

    def body(self, request_id: str | None = None) -> dict[str, Any]:
        """The answer promised to every caller: ``{"error": {...}}``."""
        error = {
            "message": self.message,
            "type": self.type,
            "param": self.param,
            "code": self.code,
        }
        if request_id is not None:
            error["request_id"] = request_id
        return {"error": error}


class CallerError(OrouterError):
    """The caller sent something we cannot serve."""

    status = 400
    code = "invalid_request"
    type = "invalid_request_error"
    exit_code = 2


class InvalidRequest(CallerError):
    """The request is not valid, and was answered before any provider was called."""


class ContextLengthExceeded(InvalidRequest):
    """The prompt does not fit into the model."""

    code = "context_length_exceeded"


class UnsupportedParameter(InvalidRequest):
    """A parameter that the model cannot honour and that would change the answer."""

    code = "unsupported_parameter"


class ContentPolicyViolation(InvalidRequest):
    """The provider's moderation refused the request."""

    status = 403
    code = "content_policy_violation"


class InvalidApiKey(CallerError):
    """Missing, unknown, disabled, expired or deleted: one body for all, so that nothing leaks."""

    status = 401
    code = "invalid_api_key"
    type = "authentication_error"
    exit_code = 4


class InvalidCredentials(InvalidApiKey):
    """Unknown, disabled, invited only or the wrong password: one body for all, as for keys."""

    code = "invalid_credentials"


class PermissionDenied(CallerError):
    """The caller is known and may not do this."""

    status = 403
    code = "permission_denied"
    type = "permission_error"
    exit_code = 4


class OrganizationDisabled(PermissionDenied):
    """The key is good, its organization is switched off."""

    code = "organization_disabled"


class CrossSiteRequest(PermissionDenied):
    """A page that is not ours made a browser send this, or its anti-forgery token is missing."""

    code = "cross_site_request"


class NotFound(CallerError):
    """No such thing, or none that this caller may see."""

    status = 404
    code = "not_found"
    exit_code = 3


class ModelNotFound(NotFound):
    """No such model; the message names the nearest ones."""

    code = "model_not_found"


class MethodNotAllowed(CallerError):
    """The path is right, the HTTP method is not."""

    status = 405
    code = "method_not_allowed"


class Conflict(CallerError):
    """It is there already, or somebody else changed it first."""

    status = 409
    code = "conflict"
    exit_code = 5


class RequestTimeout(CallerError):
    """The caller sent its request too slowly."""

    status = 408
    code = "request_timeout"


class BodyTooLarge(CallerError):
    """The request body is over ``server.max_body_mb``."""

    status = 413
    code = "body_too_large"


class UnsupportedEncoding(CallerError):
    """A content type or content encoding that we do not read."""

    status = 415
    code = "unsupported_encoding"


class ValidationFailed(CallerError):
    """A management request whose fields are wrong."""

    status = 422
    code = "validation_failed"


class LimitExceeded(CallerError):
    """A limit of the organization or key is used up; the message says which and until when."""

    status = 429
    code = "limit_exceeded"
    type = "rate_limit_error"
    exit_code = 6


class SignInLocked(CallerError):
    """Too many failed attempts to sign in; says when the next one is looked at."""

    status = 429
    code = "sign_in_locked"
    type = "rate_limit_error"
    exit_code = 4


class HeadersTooLarge(CallerError):
    """The request's headers are over the listener's bounds."""

    status = 431
    code = "headers_too_large"


class UpstreamError(OrouterError):
    """A provider failed in a way that is neither the caller's nor our fault."""

    status = 502
    code = "upstream_error"
    type = "api_error"
    exit_code = 7


class UpstreamAuthenticationError(UpstreamError):
    """The operator's own provider key was refused. Never the caller's 401."""

    code = "upstream_authentication_error"


class UpstreamQuotaExceeded(UpstreamError):
    """The operator's account at the provider has no money left."""

    status = 503
    code = "upstream_unavailable"


class UpstreamRateLimited(UpstreamError):
    """The provider asks us to slow down."""

    status = 429
    code = "rate_limit_exceeded"
    type = "rate_limit_error"


class UpstreamUnavailable(UpstreamError):
    """The provider is down or overloaded, or every candidate was tried."""

    status = 503
    code = "upstream_unavailable"


class UpstreamTimeout(UpstreamError):
    """The provider did not answer in time."""

    status = 504
    code = "upstream_timeout"
    type = "timeout_error"


class OperatorError(OrouterError):
    """The installation is not in order; the hint says how to mend it."""


class ConfigurationError(OperatorError):
    """The configuration cannot be used: the message names file, line and key."""

    exit_code = 2


class SchemaBehind(OperatorError):
    """The database schema is not the one this version needs."""

    status = 503
    code = "database_unavailable"
    exit_code = 8


class CheckFailed(OperatorError):
    """A check that the operator asked for found something."""

    exit_code = 6


class ConfirmationNeeded(OperatorError):
    """A destructive verb was called without a terminal and without ``--yes``."""

    exit_code = 9


class ServiceError(OrouterError):
    """Our own fault."""


class DatabaseUnavailable(ServiceError):
    """The database does not answer and this request cannot do without it."""

    status = 503
    code = "database_unavailable"
    exit_code = 8


class Overloaded(ServiceError):
    """More work than this node takes; the caller should come back later."""

    status = 503
    code = "overloaded"


def answered(body: object) -> OrouterError:
    """The error that an answer of orouter tells by its code; an upstream's if it tells none."""
    error = body.get("error") if isinstance(body, dict) else None
    told = error if isinstance(error, dict) else {}
    kinds = (each for each in globals().values() if isinstance(each, type))
    known = (each for each in kinds if issubclass(each, OrouterError))
    kind = next((each for each in known if each.code == told.get("code")), UpstreamError)
    message = str(told.get("message") or "The server's answer could not be read")
    return kind(message, param=told.get("param"))
