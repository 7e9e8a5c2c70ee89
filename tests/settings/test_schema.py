"""What each setting takes and refuses."""

import json
from pathlib import Path
from typing import get_type_hints

import pytest

from orouter.dialects import base
from orouter.settings import ConfigurationError, load
from orouter.settings.schema import Capabilities

REPOSITORY = Path(__file__).parents[2]
CANARY = "sk-canary-0123456789abcdef"


def test_the_documented_example_holds_exactly_the_defaults(here):
    example = load(str(REPOSITORY / "orouter.yaml"), environ={})
    assert example.model_dump() == load(environ={}).model_dump()


def test_no_value_of_the_schema_is_missing_in_the_example():
    example = (REPOSITORY / "orouter.yaml").read_text(encoding="utf-8")
    dumped = load(environ={}).model_dump()
    names = [*dumped, *(name for value in dumped.values() if type(value) is dict for name in value)]
    assert [name for name in names if f"{name}:" not in example] == []


def test_settings_cannot_be_changed(read):
    with pytest.raises(ValueError, match="frozen"):
        read("").server.port = 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("server: {port: 70000}", "server.port must be at most 65535"),
        ("server: {port: 8.5}", "server.port must be a whole number"),
        ("server: {port: true}", "server.port must be a whole number"),
        ("server: {environment: prod}", "server.environment must be 'production' or 'development'"),
        (
            "server: {cors_origins: [https://a.example/x]}",
            (
                "server.cors_origins.0 must be an origin such as https://app.example.com, "
                "without a path"
            ),
        ),
        ("server: 8000", "server must be a mapping of settings"),
        ("routing: {max_retries: 4}", "routing.max_retries must be at most 3"),
        ("routing: {timeout_s: .nan}", "routing.timeout_s must be a number"),
        ("routing: {timeout_s: 0}", "routing.timeout_s must be more than 0"),
        ("metrics: {enabled: perhaps}", "metrics.enabled must be true or false"),
        ("redis_url: localhost", "redis_url must start with redis://, rediss:// or unix://"),
        (
            "database: {url: oracle://x/y}",
            "database.url must start with sqlite:///, mysql:// or postgresql://",
        ),
        (
            "database: {url: 'sqlite://'}",
            "database.url must name a file, such as sqlite:///data/orouter.db",
        ),
        (
            "database: {url: mysql:///orouter}",
            "database.url must name a host, such as mysql://user:password@host/orouter",
        ),
        (
            "secret_key: fifteen-letters",
            "secret_key is too short: 16 characters at least, from a random source",
        ),
        (
            "reporting_timezone: Europe/Berln",
            "reporting_timezone is not an IANA time zone; did you mean Europe/Berlin?",
        ),
        (
            "reporting_timezone: ../../etc/passwd",
            "reporting_timezone is not an IANA time zone, such as Europe/Berlin",
        ),
        ("aliases: {gpt-4: gpt-4o}", "aliases.gpt-4 must be written provider/model"),
        ("models: {gpt: {}}", "models.gpt must be written provider/model"),
        (
            "models: {a/b: {input_per_mtok: -1}}",
            "models.a/b.input_per_mtok must be at least 0",
        ),
        (
            "models: {a/b: {input_per_mtok: 0.0000000001}}",
            "models.a/b.input_per_mtok must have at most 9 decimals",
        ),
    ],
)
def test_wrong_values_are_refused(refused, text, problem):
    assert refused(text) == [f"orouter.yaml:1: {problem}"]


@pytest.mark.parametrize(
    ("provider", "problem"),
    [
        ("{type: opnai}", ".type must be 'openai'"),
        ("{api_key: abc}", ".type is missing"),
        ("{type: compatible}", ".base_url is needed for the type compatible"),
        ("{type: openai, enabled: true}", " is enabled and has no api_key"),
        ("{type: demo, base_url: ftp://x}", ".base_url must be a URL such as"),
        ("{type: demo, base_url: 'https://'}", ".base_url must be a URL such as"),
        ("{type: demo, base_url: 'https://x:port'}", ".base_url must be a URL such as"),
        ("{type: demo, base_url: 'https://u:p@x'}", ".base_url must not hold credentials"),
        ("{type: demo, base_url: 'https://x/?key=1'}", ".base_url must not hold credentials"),
        ("{type: demo, base_url: http://api.example.com}", ".base_url must use https"),
        ("{type: demo, base_url: http://8.8.8.8}", ".base_url must use https"),
        ('{type: demo, headers: {x: "a\\r\\nb: c"}}', ".headers 'x' is not a valid header"),
        ("{type: demo, headers: {'a b': c}}", ".headers 'a b' is not a valid header"),
    ],
)
def test_wrong_providers_are_refused(refused, provider, problem):
    [line] = refused(f"providers: {{p: {provider}}}")
    assert line.startswith(f"orouter.yaml:1: providers.p{problem}")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:11434/v1", "http://[::1]/v1", "http://10.1.2.3", "http://vllm:8000/v1"],
)
def test_http_is_good_enough_for_one_s_own_network(read, url):
    settings = read(f"providers: {{p: {{type: compatible, base_url: '{url}/'}}}}")
    assert settings.providers["p"].base_url == url


def test_http_to_a_public_address_can_be_insisted_on(read):
    text = "providers: {p: {type: compatible, allow_http: true, base_url: http://api.example.com}}"
    assert read(text).providers["p"].enabled


def test_a_provider_is_on_where_it_has_a_key(read):
    text = """
providers:
  openai: {api_key: one, api_keys: [two, one]}
  anthropic: {type: anthropic, api_key: x, enabled: no}
  local: {type: compatible, base_url: http://localhost}
"""
    providers = read(text).providers
    assert {name: provider.enabled for name, provider in providers.items()} == {
        "demo": False,
        "openai": True,
        "anthropic": False,
        "google": False,
        "openrouter": False,
        "local": True,
    }
    assert [key.get_secret_value() for key in providers["openai"].keys] == ["one", "two"]


def test_a_key_of_orouter_in_the_shell_is_no_key_of_a_provider(read):
    text = "providers: {p: {type: compatible, base_url: http://x, api_key: ork_other}}"
    providers = read(text, OPENAI_API_KEY="ork_mine").providers
    assert (providers["openai"].enabled, providers["openai"].keys) == (False, ())
    assert providers["p"].keys[0].get_secret_value() == "ork_other"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("postgres://u:p@h/d", "postgresql://u:p@h/d"),
        ("mysql+pymysql://h/d", "mysql://h/d"),
        ("mariadb://h/d", "mysql://h/d"),
        ("sqlite:////var/lib/orouter.db", "sqlite:////var/lib/orouter.db"),
    ],
)
def test_the_database_is_chosen_by_its_scheme_alone(read, written, kept):
    assert read(f"database: {{url: '{written}'}}").database.url.get_secret_value() == kept


def test_capabilities_are_read_as_their_types(read):
    text = """
models:
  openai/x:
    capabilities: {sampling: none, logprobs: false, thinking_budget: [1, 2], efforts: "low, high"}
"""
    given = read(text).models["openai/x"].capabilities.model_dump(exclude_none=True)
    assert given == {
        "sampling": "none",
        "logprobs": False,
        "thinking_budget": (1, 2),
        "efforts": ("low", "high"),
    }


def test_every_capability_can_be_corrected():
    told = {name: of | None for name, of in get_type_hints(base.Capabilities).items()}
    hints = get_type_hints(Capabilities)
    assert {name: hints[name] for name in Capabilities.model_fields} == told


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("temperature: false", "capabilities.temperature is not known"),
        ("samplin: none", "did you mean models.openai/x.capabilities.sampling?"),
        ("sampling: some", "capabilities.sampling must be 'any', 'one' or 'none'"),
    ],
)
def test_capabilities_that_cannot_be_are_refused(refused, given, problem):
    [line] = refused(f"models:\n  openai/x: {{capabilities: {{{given}}}}}")
    assert line.startswith("orouter.yaml:2: models.openai/x.capabilities.")
    assert problem in line


def test_the_demo_provider_is_on_where_it_is_written_down(read):
    assert not read("").providers["demo"].enabled
    assert not read("", OROUTER_PROVIDERS__DEMO__TIMEOUT_S="5").providers["demo"].enabled
    assert read("providers: {demo: {type: demo}}").providers["demo"].enabled
    off = read("providers: {demo: {type: demo, enabled: false}}")
    assert not off.providers["demo"].enabled


def test_models_of_a_provider_that_is_off_are_fine(read):
    assert read("aliases: {gpt: openai/gpt-4}").aliases


def test_models_of_no_provider_are_refused(refused):
    text = """\
models: {opnai/gpt-4.1: {context: 1}}
aliases:
  gpt: antropic/x
fallbacks: {openai/gpt-4o: [openai/gpt-4, qwen/max]}
"""
    assert refused(text) == [
        "orouter.yaml:1: models.opnai/gpt-4.1: there is no provider opnai; did you mean openai?",
        "orouter.yaml:3: aliases.gpt: there is no provider antropic; did you mean anthropic?",
        (
            "orouter.yaml:4: fallbacks.openai/gpt-4o: there is no provider qwen; "
            "add it under providers"
        ),
    ]


def test_prices_are_exact(read):
    model = read("models: {openai/b: {input_per_mtok: 0.1}}").models["openai/b"]
    assert str(model.input_per_mtok) == "0.1"


def test_no_secret_is_shown_by_printing_or_dumping(read):
    settings = read(f"""
secret_key: {CANARY}
redis_url: redis://:{CANARY}@h
database: {{url: 'mysql://u:{CANARY}@h/d', replica_url: 'mysql://u:{CANARY}@r/d'}}
providers:
  openai: {{api_key: {CANARY}, api_keys: [{CANARY}], headers: {{x-key: {CANARY}}}}}
""")
    shown = [str(settings), repr(settings), json.dumps(settings.model_dump(mode="json"))]
    assert CANARY not in "".join(shown)


def test_the_secrets_can_be_asked_for_to_keep_them_out_of_the_logs(read):
    settings = read("""
secret_key: 0123456789abcdef
database: {url: "mysql://u:password@h/d"}
redis_url: redis://:fourth@h
metrics: {token: fifth-fifth-fifth-fifth}
providers: {openai: {api_key: one, api_keys: [two], headers: {x-key: three}}}
models: {openai/a: {upstream: b}}
""")
    assert sorted(filter(None, settings.secrets())) == [
        "0123456789abcdef",
        "fifth-fifth-fifth-fifth",
        "fourth",
        "one",
        "password",
        "three",
        "two",
    ]


def test_no_secret_is_shown_by_a_refusal(refused):
    lines = refused(f"""
secret_key: [{CANARY}]
redis_url: {CANARY}
database: {{url: '{CANARY}://h', pool_size: {CANARY}}}
providers: {{openai: {{api_key: [{CANARY}], base_url: {CANARY}, headers: {{x: "\\n{CANARY}"}}}}}}
""")
    assert len(lines) == 7
    assert CANARY not in "".join(lines)


def test_the_secret_key_is_asked_for_with_the_way_to_make_one(read):
    with pytest.raises(ConfigurationError) as caught:
        read("").require_secret_key()
    assert "OROUTER_SECRET_KEY" in caught.value.message
    assert "orouter init" in str(caught.value.hint)


def test_the_secret_key_is_found_where_init_writes_it(here, read):
    (here / "data").mkdir()
    (here / "data/secret.key").write_text("0123456789abcdef\n")
    settings = read("")
    assert settings.require_secret_key().get_secret_value() == "0123456789abcdef"
    assert settings.origin("secret_key") == "data/secret.key"


def test_a_named_secret_key_file_must_be_there(refused):
    assert refused("\nsecret_key_file: nowhere.key") == [
        "orouter.yaml:2: secret_key_file nowhere.key: there is no such file"
    ]


def test_a_short_secret_key_in_a_file_is_refused_by_the_file_s_name(here, refused):
    (here / "k").write_text("short")
    [line] = refused("secret_key_file: k")
    assert line.startswith("k: secret_key is too short")
