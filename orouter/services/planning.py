"""From settings to the plan of the data plane: endpoints, catalogue, routes, retries."""

from orouter.errors import ConfigurationError
from orouter.providers.catalogue import Catalogue
from orouter.providers.registry import TYPES
from orouter.services.gateway import Plan
from orouter.services.routing import Routes
from orouter.settings.schema import Provider, Settings
from orouter.upstream.attempts import RetryPolicy
from orouter.upstream.client import HttpClient
from orouter.upstream.credentials import CredentialPool
from orouter.upstream.endpoint import Endpoint

OUR_HEADERS = {
    "content-type": "application/json",
    "accept-encoding": "identity",
    "user-agent": "orouter",
}


def plan(settings: Settings, http: HttpClient, demo: HttpClient) -> Plan:
    """The plan these settings describe. Raises ConfigurationError."""
    endpoints = {
        name: endpoint(name, provider, settings, demo if provider.type == "demo" else http)
        for name, provider in settings.providers.items()
        if provider.enabled
    }
    routes = Routes(
        catalogue=Catalogue.build(settings),
        endpoints=endpoints,
        fallbacks=dict(settings.fallbacks),
        refuse_unpriced=settings.routing.unpriced == "refuse",
    )
    return Plan(
        routes=routes,
        retries=RetryPolicy(
            max_retries=settings.routing.max_retries, deadline_s=settings.routing.timeout_s
        ),
        total_s=settings.routing.total_timeout_s,
        max_body=int(settings.server.max_body_mb * (1 << 20)),
        cors_origins=frozenset(origin.encode() for origin in settings.server.cors_origins),
        strict_estimates=settings.limits.estimates == "strict",
        show_detail=settings.server.environment == "development",
    )


def endpoint(name: str, provider: Provider, settings: Settings, client: HttpClient) -> Endpoint:
    """One configured provider, ready to be called."""
    kind = TYPES[provider.type]
    base_url = provider.base_url + kind.base_path if provider.base_url else kind.base_url
    secrets = tuple(key.get_secret_value() for key in provider.keys)
    if not base_url:
        raise ConfigurationError(
            f"providers.{name}.base_url is needed for the type {provider.type}"
        )
    return Endpoint(
        name=name,
        provider=kind,
        base_url=base_url,
        credentials=CredentialPool(name, secrets or ("",)),
        client=client,
        headers={
            **OUR_HEADERS,
            **kind.headers,
            **{
                header.lower(): value.get_secret_value()
                for header, value in provider.headers.items()
            },
        },
        answer_timeout_s=provider.timeout_s or settings.routing.timeout_s,
        connect_timeout_s=provider.connect_timeout_s or settings.routing.connect_timeout_s,
    )
