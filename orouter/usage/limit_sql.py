"""The statements of admission, written out: sqlite3 and SQLAlchemy both take ``:name`` parameters.

Only upserts differ between databases; `of` picks. SELECTs get FOR UPDATE where they lock.
"""

from collections.abc import Mapping

ADD_OUTSTANDING = {
    "mysql": (
        "INSERT INTO reservations"
        " (worker_id, scope, subject_id, period_key, requests, tokens, cost, batch)"
        " VALUES (:worker_id, :scope, :subject_id, :period_key, :requests, :tokens, :cost, :batch)"
        " ON DUPLICATE KEY UPDATE requests = requests + VALUES(requests),"
        " tokens = tokens + VALUES(tokens), cost = cost + VALUES(cost), batch = VALUES(batch)"
    ),
    "other": (
        "INSERT INTO reservations"
        " (worker_id, scope, subject_id, period_key, requests, tokens, cost, batch)"
        " VALUES (:worker_id, :scope, :subject_id, :period_key, :requests, :tokens, :cost, :batch)"
        " ON CONFLICT (worker_id, scope, subject_id, period_key) DO UPDATE SET"
        " requests = reservations.requests + excluded.requests,"
        " tokens = reservations.tokens + excluded.tokens,"
        " cost = reservations.cost + excluded.cost, batch = excluded.batch"
    ),
}
ENSURE_OUTSTANDING = {
    "mysql": (
        "INSERT INTO reservations"
        " (worker_id, scope, subject_id, period_key, requests, tokens, cost, batch)"
        " VALUES (:worker_id, :scope, :subject_id, :period_key, 0, 0, 0, 0)"
        " ON DUPLICATE KEY UPDATE batch = batch"
    ),
    "other": (
        "INSERT INTO reservations"
        " (worker_id, scope, subject_id, period_key, requests, tokens, cost, batch)"
        " VALUES (:worker_id, :scope, :subject_id, :period_key, 0, 0, 0, 0)"
        " ON CONFLICT DO NOTHING"
    ),
}
CHANGE_OUTSTANDING = (
    "UPDATE reservations SET requests = requests + :requests, tokens = tokens + :tokens,"
    " cost = cost + :cost WHERE worker_id = :worker_id"
    " AND scope = :scope AND subject_id = :subject_id AND period_key = :period_key"
)
SEE_OUTSTANDING = (
    "SELECT requests, tokens, cost, batch FROM reservations WHERE worker_id = :worker_id"
    " AND scope = :scope AND subject_id = :subject_id AND period_key = :period_key"
)
ENSURE_COUNTER = {
    "mysql": (
        "INSERT INTO limit_counters (scope, subject_id, period_key, used_requests, used_tokens,"
        " used_cost, reserved_requests, reserved_tokens, reserved_cost, warned)"
        " VALUES (:scope, :subject_id, :period_key, 0, 0, 0, 0, 0, 0, 0)"
        " ON DUPLICATE KEY UPDATE scope = scope"
    ),
    "other": (
        "INSERT INTO limit_counters (scope, subject_id, period_key, used_requests, used_tokens,"
        " used_cost, reserved_requests, reserved_tokens, reserved_cost, warned)"
        " VALUES (:scope, :subject_id, :period_key, 0, 0, 0, 0, 0, 0, 0)"
        " ON CONFLICT DO NOTHING"
    ),
}
RESERVE = (
    "UPDATE limit_counters SET reserved_requests = reserved_requests + :requests,"
    " reserved_tokens = reserved_tokens + :tokens, reserved_cost = reserved_cost + :cost"
    " WHERE scope = :scope AND subject_id = :subject_id AND period_key = :period_key"
)
# Scalar subqueries, not EXISTS: PostgreSQL makes an anti-join of that, does not check it again
# after waiting for the row, and overruns the limit. No row, or NULL, is no limit.
RESERVE_IF_ROOM = (
    "UPDATE limit_counters SET reserved_requests = reserved_requests + :requests,"
    " reserved_tokens = reserved_tokens + :tokens, reserved_cost = reserved_cost + :cost"
    " WHERE scope = :scope AND subject_id = :subject_id AND period_key = :period_key"
    " AND used_requests + reserved_requests + :requests <= COALESCE((SELECT l.requests"
    " FROM limits l WHERE l.scope = :scope AND l.subject_id = :subject_id"
    " AND l.period = :period), 9223372036854775807)"
    " AND used_tokens + reserved_tokens + :tokens <= COALESCE((SELECT l.tokens"
    " FROM limits l WHERE l.scope = :scope AND l.subject_id = :subject_id"
    " AND l.period = :period), 9223372036854775807)"
    " AND used_cost + reserved_cost + :cost <= COALESCE((SELECT l.cost"
    " FROM limits l WHERE l.scope = :scope AND l.subject_id = :subject_id"
    " AND l.period = :period), 9223372036854775807)"
)
SEE_COUNTER = (
    "SELECT used_requests, used_tokens, used_cost, reserved_requests, reserved_tokens,"
    " reserved_cost FROM limit_counters"
    " WHERE scope = :scope AND subject_id = :subject_id AND period_key = :period_key"
)
SEE_LIMIT = (
    "SELECT requests, tokens, cost FROM limits"
    " WHERE scope = :scope AND subject_id = :subject_id AND period = :period"
)
ADD_USE = {
    "mysql": (
        "INSERT INTO limit_counters (scope, subject_id, period_key, used_requests, used_tokens,"
        " used_cost, reserved_requests, reserved_tokens, reserved_cost, warned)"
        " VALUES (:scope, :subject_id, :period_key, :used_requests, :used_tokens, :used_cost,"
        " :reserved_requests, :reserved_tokens, :reserved_cost, 0)"
        " ON DUPLICATE KEY UPDATE used_requests = used_requests + VALUES(used_requests),"
        " used_tokens = used_tokens + VALUES(used_tokens),"
        " used_cost = used_cost + VALUES(used_cost),"
        " reserved_requests = reserved_requests + VALUES(reserved_requests),"
        " reserved_tokens = reserved_tokens + VALUES(reserved_tokens),"
        " reserved_cost = reserved_cost + VALUES(reserved_cost)"
    ),
    "other": (
        "INSERT INTO limit_counters (scope, subject_id, period_key, used_requests, used_tokens,"
        " used_cost, reserved_requests, reserved_tokens, reserved_cost, warned)"
        " VALUES (:scope, :subject_id, :period_key, :used_requests, :used_tokens, :used_cost,"
        " :reserved_requests, :reserved_tokens, :reserved_cost, 0)"
        " ON CONFLICT (scope, subject_id, period_key) DO UPDATE SET"
        " used_requests = limit_counters.used_requests + excluded.used_requests,"
        " used_tokens = limit_counters.used_tokens + excluded.used_tokens,"
        " used_cost = limit_counters.used_cost + excluded.used_cost,"
        " reserved_requests = limit_counters.reserved_requests + excluded.reserved_requests,"
        " reserved_tokens = limit_counters.reserved_tokens + excluded.reserved_tokens,"
        " reserved_cost = limit_counters.reserved_cost + excluded.reserved_cost"
    ),
}
BEAT = "UPDATE admission_workers SET beat = beat + 1 WHERE id = :id"
REGISTER = "INSERT INTO admission_workers (id, node, beat) VALUES (:id, :node, 0)"
SEE_WORKERS = (
    "SELECT id, node, beat FROM admission_workers"
    " UNION SELECT DISTINCT worker_id, '', -1 FROM reservations"
    " WHERE worker_id NOT IN (SELECT id FROM admission_workers)"
)
SEE_ALL_OUTSTANDING = (
    "SELECT scope, subject_id, period_key, requests, tokens, cost FROM reservations"
    " WHERE worker_id = :worker_id ORDER BY scope, subject_id, period_key"
)
FORGET_OUTSTANDING = "DELETE FROM reservations WHERE worker_id = :worker_id"
FORGET_WORKER = "DELETE FROM admission_workers WHERE id = :worker_id"
SEE_CROSSED = (
    "SELECT c.scope, c.subject_id, c.period_key, c.warned,"
    " c.used_requests, c.used_tokens, c.used_cost, l.requests, l.tokens, l.cost"
    " FROM limits l JOIN limit_counters c ON c.scope = l.scope AND c.subject_id = l.subject_id"
    " AND c.period_key = CASE WHEN l.period = 'year' THEN :year ELSE :month END"
    " WHERE c.used_requests * 100 >= l.requests * :percent"
    " OR c.used_tokens * 100 >= l.tokens * :percent"
    " OR c.used_cost * 100 >= l.cost * :percent"
)
MARK_WARNED = (
    "UPDATE limit_counters SET warned = warned + :bit WHERE scope = :scope"
    " AND subject_id = :subject_id AND period_key = :period_key AND (warned & :bit) = 0"
)


def of(variants: Mapping[str, str], backend: str) -> str:
    """The variant for a database."""
    return variants.get(backend, variants["other"])
