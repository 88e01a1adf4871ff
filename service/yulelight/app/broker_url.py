"""The address of a broker in the settings, checked when they are read."""

from typing import Annotated

from pydantic import AfterValidator

from yulelight.core.errors import UsageError
from yulelight.mqtt.address import BrokerAddress


def _checked(url: str) -> str:
    try:
        BrokerAddress.parse(url)
    except UsageError as error:
        raise ValueError(str(error)) from None
    return url


BrokerUrl = Annotated[str, AfterValidator(_checked)]
"""``mqtt://user:password@host:1883`` or ``mqtts://…``."""
