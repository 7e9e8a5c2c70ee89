"""What every section of the configuration is made of: its base, and the kinds of its values."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from orouter.settings import checks


class Section(BaseModel):
    """What all sections share: frozen, no unknown keys, no input echoed in errors."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {k: v for k, v in data.items() if v not in (None, "") or k not in cls.model_fields}


Secret = Annotated[SecretStr, Field(min_length=1)]
LongSecret = Annotated[SecretStr, AfterValidator(checks.long_enough)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(checks.database_url)]
RedisUrl = Annotated[SecretStr, AfterValidator(checks.redis_url)]
Origin = Annotated[str, AfterValidator(checks.origin)]
Network = Annotated[str, AfterValidator(checks.network)]
PublicUrl = Annotated[str, AfterValidator(checks.public_url)]
ModelName = Annotated[str, AfterValidator(checks.model_name)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Days = Annotated[int, Field(ge=1, le=36_500)]
Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=9)]
Tokens = Annotated[int, Field(ge=1)]
Split = BeforeValidator(checks.split)
Upper = BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value)
