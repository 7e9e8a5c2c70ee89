"""Models, aliases and fallbacks over HTTP. Prices are USD per million tokens, as decimal text."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from orouter.schemas.pages import PRINTABLE
from orouter.settings.showing import OriginKind

PriceOrigin = Literal["catalogue", "file", "environment", "flag", "stored", "none"]

_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)

ModelId = Annotated[str, Field(min_length=3, max_length=200, pattern=PRINTABLE)]
"""``provider/model``."""
Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=9)]
Tokens = Annotated[int, Field(ge=1, le=1_000_000_000)]


class ModelListing(BaseModel):
    """Which models to list, in which order: ``sort=-requests_30d`` descends."""

    model_config = _STRICT

    page: int = Field(default=1, ge=1, le=1_000_000)
    page_size: int = Field(default=50, ge=1, le=200)
    sort: str = Field(default="id", max_length=50, pattern=PRINTABLE)
    search: str = Field(default="", max_length=100, pattern=PRINTABLE)
    """In id, upstream name and aliases."""
    provider: str = Field(default="", max_length=64)
    enabled: bool | None = None
    """Whether it can be asked: the model and its provider are switched on."""
    unpriced: bool | None = None
    include: Literal["usage"] | None = None
    """``usage`` fills in ``requests_30d``."""


class ModelPrices(BaseModel):
    """None: not known, which is not zero."""

    input_per_mtok: str | None
    output_per_mtok: str | None
    cached_input_per_mtok: str | None
    cache_write_per_mtok: str | None


class ModelPublic(BaseModel):
    """One model. ``enabled`` is its own switch; it can be asked if its provider is on too."""

    id: str
    provider: str
    provider_enabled: bool
    upstream: str
    """The provider's own name for it."""
    context: int | None
    max_output: int | None
    prices: ModelPrices
    price_origin: PriceOrigin
    enabled: bool
    origin: Literal["shipped", "config", "unlisted"]
    capabilities: dict[str, bool]
    aliases: list[str]
    stored: list[str]
    """Fields that were set here, and that deleting the override resets."""
    requests_30d: int | None = None
    """None unless it was asked for."""


class ModelDetail(ModelPublic):
    """A model with everything that is known of it."""

    tiers: list[dict[str, Any]]
    """Prices of long prompts: for those of more than ``above`` tokens."""
    fallbacks: list[str]
    set_by: dict[str, OriginKind]
    """Where corrected values come from, by field."""


class ModelUpdate(BaseModel):
    """What is to change; None forgets what was set here, so that file or catalogue hold again."""

    model_config = _STRICT

    enabled: bool | None = None
    upstream: Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTABLE)] | None = None
    input_per_mtok: Price | None = None
    output_per_mtok: Price | None = None
    cached_input_per_mtok: Price | None = None
    cache_write_per_mtok: Price | None = None
    context: Tokens | None = None
    max_output: Tokens | None = None


class ModelCreate(ModelUpdate):
    """A model that the catalogue does not know; None: not known."""

    id: ModelId


class AliasPublic(BaseModel):
    """Another name for a model."""

    name: str
    model: str
    origin: OriginKind
    editable: bool
    """Whether a value stored here would hold."""


class AliasList(BaseModel):
    """Every alias, by name."""

    items: list[AliasPublic]


class AliasPut(BaseModel):
    """What an alias stands for."""

    model_config = _STRICT

    model: ModelId


class FallbackPublic(BaseModel):
    """Models tried in turn when the providers of ``model`` fail."""

    model: str
    models: list[str]
    origin: OriginKind
    editable: bool


class FallbackList(BaseModel):
    """Every model that has fallbacks, by name."""

    items: list[FallbackPublic]


class FallbackPut(BaseModel):
    """The models to try, in their order."""

    model_config = _STRICT

    models: list[ModelId] = Field(min_length=1, max_length=8)
