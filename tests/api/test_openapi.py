from typing import Any

from orouter.api import data_plane
from tests.api.edge import Edge


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


async def test_the_whole_surface_is_described(served: Edge) -> None:
    described = (await served.client.get("/openapi.json")).json()
    paths = described["paths"]
    for route in data_plane.ROUTES:
        path = route.path + "{id}" if route.path.endswith("/") else route.path
        assert route.method.lower() in paths[path]
    assert {"/health", "/api/v1/orgs", "/api/v1/keys/{ref}", "/api/v1/stats"} <= paths.keys()
    names = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert references(described) <= names
    request = described["components"]["schemas"]["ChatRequest"]["properties"]
    assert "messages" in request
    assert not [name for name in request if name.startswith("orouter:")]


async def test_every_operation_has_a_name_of_its_own(served: Edge) -> None:
    paths = (await served.client.get("/openapi.json")).json()["paths"]
    names = [operation["operationId"] for path in paths.values() for operation in path.values()]
    assert sorted(names) == sorted(set(names))


async def test_the_documents_are_served(served: Edge) -> None:
    assert (await served.client.get("/docs")).status_code == 200
