"""What all groups of settings have in common."""

from pydantic import BaseModel, ConfigDict


class Group(BaseModel):
    """Nothing unknown in it, no infinite numbers, and not changed any more."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
