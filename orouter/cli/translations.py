"""What a server answers, as verbs have it that read the settings of an installation."""

from typing import TYPE_CHECKING

from orouter.cli.later import later

if TYPE_CHECKING:
    from orouter.schemas import providers as answers
    from orouter.schemas import settings, system
    from orouter.services import installation, providers
else:
    answers = later("orouter.schemas.providers")
    installation = later("orouter.services.installation")
    providers = later("orouter.services.providers")
    settings = later("orouter.schemas.settings")
    system = later("orouter.schemas.system")


def nothing(_answer: bytes) -> None:
    """For verbs that return the settings as they are then: the server keeps those."""


def provider_views(answer: bytes) -> "list[providers.ProviderView]":
    """Every provider."""
    found = answers.ProviderList.model_validate_json(answer)
    return [_view(each) for each in found.items]


def provider_view(answer: bytes) -> "providers.ProviderView":
    """One provider."""
    return _view(answers.ProviderPublic.model_validate_json(answer))


def trials(answer: bytes) -> "list[providers.Trial]":
    """A provider, tried with each of its keys: a key's label begins with the provider's name."""
    found = answers.ProviderTest.model_validate_json(answer)
    return [
        providers.Trial(
            provider=each.key.partition("#")[0],
            key=each.key,
            ok=each.ok,
            latency_ms=each.latency_ms,
            error=each.error or "",
            code=each.code or "",
        )
        for each in found.keys
    ]


def setting_lines(answer: bytes) -> "list[settings.SettingLine]":
    """Every setting; those of providers and models have routes of their own."""
    found = settings.SettingList.model_validate_json(answer)
    return [
        settings.SettingLine(setting=each.path, value=each.value, origin=_origin(each))
        for each in found.items
    ]


def status(answer: object, url: str) -> "installation.Status":
    """An installation; that it answered is known by then. ``url`` is what clients are given."""
    told = system.SystemPublic.model_validate(answer)
    return installation.Status(
        version=told.version,
        config=told.configuration_file,
        server=url,
        answering=True,
        database=f"{told.database.kind} {told.database.version}",
        schema_revision=told.database.schema_revision,
        schema_needed=told.database.schema_needed,
        organizations=told.counts.orgs,
        keys=told.counts.keys,
    )


def _origin(told: "settings.SettingPublic") -> str:
    if told.origin == "environment":
        return f"env:{told.origin_detail}"
    return told.origin_detail or told.origin


def _view(told: "answers.ProviderPublic") -> "providers.ProviderView":
    same = told.model_dump(include=set(providers.ProviderView.model_fields) - {"keys", "problem"})
    return providers.ProviderView(**same, keys=len(told.keys), problem=told.problem or "")
