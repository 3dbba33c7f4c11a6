"""Every setting, documented where it is declared; nobody else reads the environment."""

import os
from pathlib import Path
from typing import ClassVar, Self

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from tzurot.errors import StartupError

DEFAULT_PORT = 50551


def default_home() -> Path:
    """`$TZUROT_HOME`, else the folder for data that the XDG base directory specification names."""
    named = os.environ.get("TZUROT_HOME")
    if named:
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "tzurot"


class Settings(BaseSettings):
    """Read from `TZUROT_*` in the environment, then from `config.toml` in the home folder."""

    model_config = SettingsConfigDict(env_prefix="TZUROT_", extra="ignore")

    home: Path = Field(default_factory=default_home)
    """Where the server keeps what it owns: embedded database, token, log. Mode 0700."""

    host: str = "127.0.0.1"
    """Address to listen on. Beyond loopback TLS is required, or `insecure`."""

    port: int = Field(default=DEFAULT_PORT, ge=0, le=65535)
    """Port to listen on; 0 takes a free one."""

    insecure: bool = False
    """Allow listening beyond loopback without TLS, for a network that something else protects."""

    tls_certificate: Path | None = None
    """PEM file with the server's certificate chain."""

    tls_key: Path | None = None
    """PEM file with the certificate's private key."""

    database_url: SecretStr | None = None
    """`postgresql://…` of a Postgres with pgvector. Unset: the embedded one, in the home folder."""

    weaviate_url: str | None = None
    """`http://host:port` of a Weaviate to search memories in. Unset: Postgres searches them."""

    weaviate_grpc_port: int = 50051
    """Weaviate's gRPC port, on the same host."""

    weaviate_api_key: SecretStr | None = None
    """Weaviate's API key."""

    embedding_model: str | None = None
    """Model that reads memories and documents, so that they are found, as its provider names it.
    Unset: the bundled one. See how-to/production.md before you change it."""

    embedding_base_url: str | None = None
    """OpenAI-compatible address of that model, such as `https://api.openai.com/v1`. It sees what
    everybody says."""

    embedding_api_key: SecretStr | None = None
    """Key for that address, if it wants one."""

    model: str | None = None
    """Model that speaks, as its provider names it. With no `model_base_url` it picks the model at
    the provider whose key is set."""

    model_base_url: str | None = None
    """OpenAI-compatible address of that model, such as `http://127.0.0.1:8000/v1`."""

    model_api_key: SecretStr | None = None
    """Key for that address, if it wants one."""

    openrouter_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("OPENROUTER_API_KEY")
    )
    """OpenRouter's key; pays for `local:*` only (see `share_operator_key`). A `model` that ends in
    `:free` costs nothing there: it answers everybody."""

    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("OPENAI_API_KEY")
    )
    """OpenAI's key; pays for `local:*` only (see `share_operator_key`)."""

    ollama_url: str = "http://127.0.0.1:11434"
    """Where an Ollama is looked for."""

    local_model: Path | None = None
    """GGUF file of a chat model to run in the server."""

    bundled_model: bool = True
    """Let the small model that comes with the server answer where no other may."""

    share_operator_key: bool = False
    """Let the keys above pay for everybody, not only for `local:*`."""

    master_keys_file: Path | None = None
    """File with the master keys that people's own keys are sealed with; mode 0600, as
    `tzurot-server rotate-keys` writes it. Unset: with the embedded database `master-keys` in the
    home folder, which is made at first; else nobody can bring keys."""

    master_keys: SecretStr | None = None
    """The same lines in the environment, with `;` between them, where there is no file."""

    pluralkit_url: str = "https://api.pluralkit.me"
    """Where it is asked who fronts, for people who want that; https, by name, at a public address.
    Empty: nowhere."""

    drain_seconds: float = Field(default=10, ge=0)
    """How long running turns may go on after SIGTERM."""

    _home_file: ClassVar[str] = "config.toml"

    @classmethod
    def load(cls, **overrides: object) -> Self:
        """Read all settings; `overrides` come from the command line.

        Raises:
            StartupError: a value does not fit; says which and why.
        """
        try:
            return cls(**{name: value for name, value in overrides.items() if value is not None})  # pyright: ignore[reportArgumentType] - checked by pydantic
        except ValidationError as error:
            first = error.errors()[0]
            name = "_".join(str(part) for part in first["loc"]).upper()
            raise StartupError(f"Setting {name}: {first['msg']}.") from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, then environment, then the home's file."""
        del dotenv_settings, file_secret_settings
        file = TomlConfigSettingsSource(settings_cls, default_home() / cls._home_file)
        return init_settings, env_settings, file
