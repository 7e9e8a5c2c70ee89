from tests.api.edge import Edge

SHAPE = {"message", "type", "param", "code", "request_id"}


async def test_every_error_has_the_promised_shape(served: Edge) -> None:
    admin = await served.issue("admin", "admin")
    asked = [
        ("GET", "/nothing", {}, 404, "not_found"),
        ("PATCH", "/health", {}, 405, "method_not_allowed"),
        ("GET", "/api/v1/keys/key_none", {}, 404, "not_found"),
        ("POST", "/api/v1/orgs/acme/keys", {"json": {"colour": "red"}}, 422, "validation_failed"),
        ("POST", "/api/v1/orgs/acme/keys", {"content": b"{"}, 400, "invalid_request"),
        ("POST", "/api/v1/orgs", {"json": {"name": "more"}}, 403, "permission_denied"),
    ]
    for method, path, options, status, code in asked:
        headers = {"content-type": "application/json"}
        answer = await served.ask(method, path, admin, headers=headers, **options)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (status, code), (path, answer.text)
        assert error.keys() == SHAPE
        assert error["request_id"] == answer.headers["x-request-id"]


async def test_what_was_sent_is_not_echoed(served: Edge) -> None:
    admin = await served.issue("admin", "admin")
    secret = "sk-put-here-by-mistake"
    body = {"name": {"deep": secret}, "permission": secret}
    answer = await served.ask("POST", "/api/v1/orgs/acme/keys", admin, json=body)
    assert answer.status_code == 422
    assert secret not in answer.text
