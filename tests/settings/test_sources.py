"""Where values come from, and in which order."""

from pathlib import Path

import pytest

from orouter.settings import ConfigurationError, load


def test_flag_over_environment_over_stored_over_file_over_default(here):
    (here / "orouter.yaml").write_text(
        "server:\n  port: 1\n  workers: 1\n  host: a\n  max_body_mb: 1\n"
    )
    environ = {"OROUTER_SERVER__PORT": "3", "OROUTER_SERVER__WORKERS": "3"}
    stored = {"server.port": 2, "server.workers": 2, "server": {"host": "b"}}
    settings = load(None, {"server.port": 4}, stored=stored, environ=environ)
    found = {
        name: (getattr(settings.server, name), settings.origin(f"server.{name}"))
        for name in ("port", "workers", "host", "max_body_mb", "shutdown_grace_s")
    }
    assert found == {
        "port": (4, "flag"),
        "workers": (3, "env:OROUTER_SERVER__WORKERS"),
        "host": ("b", "stored"),
        "max_body_mb": (1, "orouter.yaml:5"),
        "shutdown_grace_s": (65, "default"),
    }


def test_without_a_file_there_are_the_defaults_and_the_environment():
    settings = load(environ={"OPENAI_API_KEY": "k", "OROUTER_SERVER__PORT": "9"})
    assert settings.file is None
    assert settings.server.port == 9
    assert settings.providers["openai"].enabled
    assert settings.origin("providers.openai.api_key") == "env:OPENAI_API_KEY"


def test_the_file_asked_for_goes_before_the_variable_before_the_usual_place(here):
    for number, name in enumerate(["asked.yaml", "variable.yaml", "orouter.yaml"], 1):
        (here / name).write_text(f"server: {{port: {number}}}")
    environ = {"OROUTER_CONFIG": "variable.yaml"}
    assert load("asked.yaml", environ=environ).server.port == 1
    assert load(environ=environ).server.port == 2
    assert load(environ={}).server.port == 3


@pytest.mark.parametrize("asked", ["nowhere.yaml", "."])
def test_a_file_that_was_asked_for_must_be_readable(asked):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(asked, environ={})


def test_a_file_that_is_not_text_is_refused(here):
    (here / "orouter.yaml").write_bytes(b"server: \xff")
    with pytest.raises(ConfigurationError, match="cannot be read: it is not UTF-8"):
        load(environ={})


def test_json_is_read_with_lines_too(read, refused):
    assert read('{"server":\n\t{"port": 9, "cors_origins": ["*"]}}', "o.json").server.port == 9
    assert refused('{"server":\n\t{"prot": 9}}', "o.json") == [
        "o.json:2: server.prot is not known; did you mean server.port?"
    ]


@pytest.mark.parametrize("text", ["", "# nothing", "server:", "server:\n  port:\nproviders:"])
def test_nothing_said_means_the_defaults(read, text):
    assert read(text).model_dump() == load(environ={}).model_dump()


def test_variables_are_read_from_the_environment(read):
    text = """
server: {port: ${PORT:-9000}, host: ${HOST}, workers: ${EMPTY:-2}}
secret_key: prefix-${HOST}-$${literal}-$5-{}
redis_url: ${EMPTY}
# ${NOT_LOOKED_AT}
"""
    settings = read(text, HOST="h", EMPTY="")
    assert (settings.server.port, settings.server.host, settings.server.workers) == (9000, "h", 2)
    assert settings.require_secret_key().get_secret_value() == "prefix-h-${literal}-$5-{}"
    assert settings.redis_url is None


def test_a_variable_cannot_bring_structure_with_it(read):
    assert read("server: {host: ${X}}", X="a}\nport: 1").server.host == "a}\nport: 1"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("server:\n  host: ${NOPE}", "${NOPE} is not set in the environment and has no default"),
        ("server:\n  host: ${NO-PE}", "write ${NAME} or ${NAME:-default} (or $${ for a plain ${)"),
        ("server:\n  host: ${NOPE", "write ${NAME} or ${NAME:-default} (or $${ for a plain ${)"),
        ("server:\n  ${NAME}: x", "a key must be plain text"),
        ("server:\n  ? [a]\n  : x", "a key must be plain text"),
        ("server:\n  port: ]", "not valid YAML: did not find expected node content"),
        ("server:\n\tport: 1", "not valid YAML: found character that cannot start any token"),
        ("server: {}\nserver: {}", "server is there already, on line 1"),
        ("# x\nserver: &a {host: *a}", "server.host is nested too deeply"),
    ],
)
def test_what_is_not_readable_is_refused_on_its_line(refused, text, problem):
    assert refused(text)[0] == f"orouter.yaml:2: {problem}"


def test_a_list_of_nothing_but_items_is_no_configuration(refused):
    assert refused("- 1") == ["orouter.yaml:1: must be a mapping of sections, such as `server:`"]


def test_control_characters_are_refused(refused):
    assert refused("a: \x00") == [
        "orouter.yaml:1: not valid YAML: it holds characters that are not allowed"
    ]


def test_scalars_mean_what_their_field_makes_of_them(read):
    settings = read("""
server: {port: 010}
metrics: {enabled: off}
aliases: {on: demo/1.10, no: demo/b, 1.10: demo/c}
providers: {openai: {api_key: 0123e5}}
""")
    assert settings.server.port == 10
    assert not settings.metrics.enabled
    assert settings.aliases == {"on": "demo/1.10", "no": "demo/b", "1.10": "demo/c"}
    assert settings.providers["openai"].keys[0].get_secret_value() == "0123e5"


def test_variables_reach_names_that_no_variable_can_spell(read):
    settings = read(
        "models: {openai/gpt-4.1: {context: 1}}\nproviders: {my-llm: {type: demo}}",
        OROUTER_MODELS__OPENAI_GPT_4_1__CONTEXT="5",
        OROUTER_PROVIDERS__MY_LLM__TIMEOUT_S="7",
        OROUTER_SERVER__CORS_ORIGINS="https://a.example, https://b.example",
    )
    assert settings.models["openai/gpt-4.1"].context == 5
    assert settings.providers["my-llm"].timeout_s == 7
    assert settings.server.cors_origins == ("https://a.example", "https://b.example")


def test_variables_of_others_are_left_alone_and_empty_ones_say_nothing(read):
    settings = read(
        "server: {port: 9}",
        OROUTER_PORT="tcp://10.0.0.1:8000",
        OROUTER_SERVICE_HOST="10.0.0.1",
        OROUTER_TEST_MYSQL_URL="mysql://h",
        OROUTER_SERVER__PORT="",
    )
    assert settings.server.port == 9


def test_a_key_of_the_environment_is_not_sent_to_another_kind_of_provider(read):
    text = "providers: {openai: {type: compatible, base_url: http://localhost}}"
    assert read(text, OPENAI_API_KEY="k").providers["openai"].keys == ()
    listed = read("providers: {openai: {api_keys: [a, b]}}", OPENAI_API_KEY="k")
    assert [key.get_secret_value() for key in listed.providers["openai"].keys] == ["a", "b"]


def test_the_origin_of_what_a_section_does_not_say_is_the_default(read):
    settings = read("server:\n  cors_origins:\n    - https://a.example")
    assert settings.origin("server.cors_origins") == "orouter.yaml:2"
    assert settings.origin("server.port") == "default"
    assert settings.origin("providers.openai.type") == "default"
    assert settings.file == str(Path("orouter.yaml"))
