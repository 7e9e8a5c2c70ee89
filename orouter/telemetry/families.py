"""Every metric of ``/metrics``: its name, kind, labels and meaning.

Labels take few values: models that nobody knows are ``other``, codes and outcomes are our own, and
of the organizations with limits only the fullest appear.
"""

from typing import Literal

from msgspec import Struct

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Upper bounds of the histograms' buckets; the last one, without bound, is not written down."""


class Family(Struct, frozen=True):
    """``merge`` says what the workers' gauges make together; counters are added up."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    meaning: str
    labels: tuple[str, ...] = ()
    merge: Literal["sum", "max", "min"] = "sum"


_CHAT = ("provider", "model", "status", "stream")
_MODEL = ("provider", "model")

REQUESTS = Family(
    "orouter_requests_total", "counter", "Chat completions, by class of status.", _CHAT
)
DURATION = Family(
    "orouter_request_duration_seconds",
    "histogram",
    "From a chat completion's head to its last byte.",
    (*_MODEL, "stream"),
)
FIRST_TOKEN = Family(
    "orouter_time_to_first_token_seconds",
    "histogram",
    "From a stream's head to its first event.",
    _MODEL,
)
TOKENS = Family(
    "orouter_tokens_total",
    "counter",
    "Tokens; cached ones are part of the input.",
    (*_MODEL, "kind"),
)
COST = Family("orouter_cost_usd_total", "counter", "What requests cost, in USD.", _MODEL)
UNPRICED = Family(
    "orouter_unpriced_requests_total",
    "counter",
    "Requests that used tokens at an unknown price.",
    _MODEL,
)
ERRORS = Family("orouter_errors_total", "counter", "Answers of /v1 that are errors.", ("code",))
HTTP = Family("orouter_http_requests_total", "counter", "Every request.", ("path", "status"))
IN_FLIGHT = Family("orouter_requests_in_flight", "gauge", "Requests of /v1 being served.")
ATTEMPTS = Family(
    "orouter_upstream_attempts_total",
    "counter",
    "Calls of providers: ok, or the error's code.",
    ("provider", "outcome"),
)
UPSTREAM_IN_FLIGHT = Family(
    "orouter_upstream_in_flight",
    "gauge",
    "Calls of a provider that wait for an answer or a first event.",
    ("provider",),
)
BREAKERS_OPEN = Family(
    "orouter_upstream_breakers_open",
    "gauge",
    "Pairs of key and model that are left alone after failures, over all workers.",
    ("provider",),
)
KEYS_RESTING = Family(
    "orouter_upstream_keys_resting",
    "gauge",
    "Provider keys left alone after a refusal, over all workers.",
    ("provider",),
)
CACHE = Family(
    "orouter_cache_requests_total",
    "counter",
    "Requests that asked for an earlier answer: hit, miss, bypass.",
    ("result",),
)
LIMIT_USED = Family(
    "orouter_limit_used_ratio",
    "gauge",
    "Used part of an organization's limit; of the organizations the 100 fullest.",
    ("org_id", "org", "period", "dimension"),
    "max",
)
LIMIT_WARNINGS = Family(
    "orouter_limit_warnings_total",
    "counter",
    "Limits that reached limits.warn_at_percent.",
    ("scope", "dimension"),
)
SETTLED = Family("orouter_journal_records_total", "counter", "Settlements written to the journal.")
STORED = Family(
    "orouter_usage_rows_total", "counter", "Usage rows that were brought into the database."
)
LAG = Family(
    "orouter_journal_lag_seconds",
    "gauge",
    "How long the batch under way has been waiting for the database; 0 if none is.",
    (),
    "max",
)
RETRIES = Family(
    "orouter_ingest_retries_total", "counter", "Batches that the database did not take at once."
)
SET_ASIDE = Family(
    "orouter_ingest_set_aside_total",
    "counter",
    "Journal records that were not stored as they are: corrupt, refused, unresolved.",
    ("reason",),
)
DATABASE_UP = Family(
    "orouter_database_up", "gauge", "1 if every worker reaches the database.", (), "min"
)
DRAINING = Family("orouter_draining", "gauge", "1 after SIGTERM.", (), "max")
WORKERS = Family("orouter_workers", "gauge", "Worker processes of this node.")
BUILD = Family("orouter_build_info", "gauge", "1, for its labels.", ("version", "python"), "max")
CPU = Family("process_cpu_seconds_total", "counter", "CPU time of all workers.")
MEMORY = Family("process_resident_memory_bytes", "gauge", "Resident memory of all workers.")
DESCRIPTORS = Family("process_open_fds", "gauge", "Open files and sockets of all workers.")
TASKS = Family("orouter_tasks", "gauge", "Tasks on the event loops of all workers.")
STARTED = Family(
    "process_start_time_seconds", "gauge", "When the oldest worker started.", (), "min"
)

FAMILIES: dict[str, Family] = {
    family.name: family for family in list(vars().values()) if isinstance(family, Family)
}
