"""What the bot can be told from outside, and how it is told where Discord is."""

from typing import Annotated, Self

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import Field, HttpUrl, SecretStr, UrlConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails, Url
from pydantic_settings import BaseSettings, SettingsConfigDict

from tzurot_bots.pluralkit import API_BASE

GatewayUrl = Annotated[Url, UrlConstraints(allowed_schemes=["ws", "wss"])]


class ConfigError(Exception):
    """What the operator has to mend before the bot can run; its text is one clear sentence."""


class Settings(BaseSettings):
    """The bot's settings; each is the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    tzurot_address: str = Field(min_length=1)
    """Where the server listens: `host:port`."""
    tzurot_token: SecretStr = Field(min_length=1)
    """A service token that may act for `discord:*`."""
    discord_token: SecretStr = Field(min_length=1)
    """The bot's token, from Discord's developer portal."""

    tzurot_discord_reads_messages: bool = True
    """Whether the bot has the Message Content intent; without it answers mentions and commands."""

    discord_api_base: HttpUrl | None = None
    """Another address for Discord's REST API, version included (`http://proxy:8080/api/v10`)."""
    discord_gateway_url: GatewayUrl | None = None
    """Another address for Discord's gateway."""
    discord_cdn_base: HttpUrl | None = None
    """Another address for Discord's files."""
    pluralkit_api_base: HttpUrl = HttpUrl(API_BASE)
    """Where PluralKit says whose message one of its webhooks shows."""

    tzurot_discord_public_url: HttpUrl | None = None
    """Where Discord reaches `tzurot_discord_bind`. Unset: avatars are kept as the bot's emojis."""
    tzurot_discord_bind: str = Field(default="127.0.0.1:8686", pattern=r"^[^:\s]+:\d{1,5}$")
    """Where the bot serves avatars if there is a public URL: `host:port`."""

    @property
    def bind(self) -> tuple[str, int]:
        """`tzurot_discord_bind` in its parts."""
        host, _, port = self.tzurot_discord_bind.partition(":")
        return host, int(port)

    @model_validator(mode="after")
    def _all_addresses_or_none(self) -> Self:
        """The REST API alone elsewhere would still send the token to the real gateway."""
        addresses = (self.discord_api_base, self.discord_gateway_url, self.discord_cdn_base)
        if any(addresses) and not all(addresses):
            raise ValueError(
                "DISCORD_API_BASE, DISCORD_GATEWAY_URL and DISCORD_CDN_BASE"
                " must be set together or not at all"
            )
        return self


def load() -> Settings:
    """Read the environment.

    Raises:
        ConfigError: a setting is missing or wrong.
    """
    try:
        return Settings()  # pyright: ignore[reportCallIssue] # the environment has the fields
    except ValidationError as error:
        raise ConfigError("; ".join(_sentence(item) for item in error.errors())) from error


def point_at_discord(settings: Settings) -> None:
    """Make discord.py use the addresses of the settings: the library's own, so process-wide."""
    if settings.discord_api_base is None or settings.discord_gateway_url is None:
        return
    Route.BASE = str(settings.discord_api_base).rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(str(settings.discord_gateway_url))
    cdn_base = str(settings.discord_cdn_base).rstrip("/")
    discord.Asset.BASE = cdn_base  # pyright: ignore[reportAttributeAccessIssue] # inferred as its literal


def _sentence(error: ErrorDetails) -> str:
    if not error["loc"]:
        return error["msg"].removeprefix("Value error, ")
    name = str(error["loc"][0]).upper()
    absent = error["type"] in ("missing", "too_short", "string_too_short")
    return f"{name} is not set" if absent else f"{name}: {error['msg']}"
