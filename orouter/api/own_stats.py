"""``GET /v1/stats``: the usage of the calling key, or of its organization for an admin key."""

from orouter.api.exchange import Exchange, query
from orouter.api.own_key import actor_of
from orouter.errors import InvalidRequest
from orouter.schemas.stats_requests import StatsAsked
from orouter.services import statistics, stats_reading
from orouter.services.gateway import Gateway


async def show(gateway: Gateway, exchange: Exchange) -> None:
    """The endpoint; it takes what ``/api/v1/stats`` takes."""
    caller = exchange.caller = await gateway.keys.authenticate(exchange.head.bearer, exchange.at_us)
    wanted = stats_reading.wanted(_asked(exchange), gateway.calendar.zone, exchange.at_us)
    report = await gateway.database.run_on_replica(statistics.query, wanted, actor_of(caller))
    await exchange.json(report.model_dump(mode="json"))


def _asked(exchange: Exchange) -> StatsAsked:
    """The parameters; ``group_by`` may be repeated or separated by commas."""
    given = query(exchange.head.query_string, repeatable=("group_by",))
    named = {name: values[-1] for name, values in given.items() if name != "group_by"}
    groups = [group for value in given.get("group_by", []) for group in value.split(",") if group]
    try:
        return StatsAsked.model_validate({**named, "group_by": groups})
    except ValueError as e:
        fields = StatsAsked.model_json_schema()["properties"]
        raise InvalidRequest(
            f"A parameter is not known or not valid. Known are: {', '.join(fields)}."
        ) from e
