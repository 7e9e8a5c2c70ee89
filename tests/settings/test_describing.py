"""Settings are told as the schema declares them."""

import pytest

from orouter.settings import Settings
from orouter.settings.describing import described
from orouter.settings.showing import flat


def test_every_single_setting_is_described() -> None:
    named = ("providers", "models", "aliases", "fallbacks")
    mappings = {"tracing.headers"}
    every = {path for path, _ in flat(Settings()) if path.partition(".")[0] not in named}
    assert set(described()) == every - mappings


@pytest.mark.parametrize("path", list(described()))
def test_every_setting_says_what_it_means(path: str) -> None:
    assert described()[path].description.endswith(".")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("server.host", "string"),
        ("server.port", "integer"),
        ("server.max_body_mb", "number"),
        ("server.cors_origins", "list"),
        ("metrics.enabled", "boolean"),
        ("database.url", "secret"),
        ("database.replica_url", "secret"),
        ("secret_key", "secret"),
        ("logging.level", "choice"),
        ("logging.file", "string"),
    ],
)
def test_kinds(path: str, kind: str) -> None:
    assert described()[path].kind == kind


def test_bounds_and_choices() -> None:
    port, size = described()["server.port"], described()["server.max_body_mb"]
    assert (port.minimum, port.maximum, port.more_than) == (0, 65_535, None)
    assert (size.minimum, size.maximum, size.more_than) == (None, 1024, 0)
    assert described()["usage.mode"].choices == ("journal", "direct")
    assert described()["secret_key"].section == ""
