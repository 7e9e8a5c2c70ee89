from tests.api.edge import Edge


async def test_models_are_listed_as_openai_does_with_more_beside(served: Edge) -> None:
    listed = (await served.ask("GET", "/v1/models", await served.issue("ci", "read"))).json()
    assert listed["object"] == "list"
    echo = next(model for model in listed["data"] if model["id"] == "demo/echo")
    assert (echo["object"], echo["owned_by"]) == ("model", "demo")
    assert echo["context_length"] == 128_000
    assert echo["pricing"]["prompt"] == "0.0000001"
    assert echo["capabilities"]["temperature"] is True


async def test_one_model_by_its_name_with_slashes(served: Edge) -> None:
    key = await served.issue("ci")
    assert (await served.ask("GET", "/v1/models/demo/echo", key)).json()["id"] == "demo/echo"
    unknown = await served.ask("GET", "/v1/models/demo/eco", key)
    assert unknown.status_code == 404
    assert "demo/echo" in unknown.json()["error"]["message"]


async def test_models_are_for_callers_with_a_key(served: Edge) -> None:
    assert (await served.ask("GET", "/v1/models")).status_code == 401
