"""Every setting of Touchline, in one typed table that documents itself.

A setting comes from an environment variable `TOUCHLINE_<NAME>`, else from `touchline.toml` (or the file that
`TOUCHLINE_CONFIG` names), else from its default here. `docs/settings.md` is generated from this table.
"""

import os
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import AnyHttpUrl, Field, IPvAnyNetwork, SecretStr, UrlConstraints, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

HttpsUrl = Annotated[AnyHttpUrl, UrlConstraints(allowed_schemes=["https"])]

CONFIG_VARIABLE = "TOUCHLINE_CONFIG"
DEFAULT_CONFIG = Path("touchline.toml")
HEADER_NAME = r"^[A-Za-z0-9-]+$"
DATABASES = ("sqlite:///", "postgresql+psycopg://")


class Settings(BaseSettings):
    """The settings of one Touchline server. Unknown names in the file are refused, so that a typo is found at start."""

    # A refusal is printed where everybody reads it, and what was typed there may be a secret.
    model_config = SettingsConfigDict(env_prefix="TOUCHLINE_", extra="forbid", frozen=True, hide_input_in_errors=True)

    # The phone side
    public_url: HttpsUrl = Field(
        description="The address under which the presentation server reaches Touchline. Every link is built from it, "
        "never from what a request says of itself."
    )
    link_keys: list[SecretStr] = Field(
        min_length=1,
        description="Keys that sign links, oldest first: the last one signs, all of them verify. At least 32 "
        "characters each; `openssl rand -hex 32` makes one.",
    )
    link_seconds: int = Field(
        default=1800, ge=60, le=86_400, description="How long a link on a screen stays valid, in seconds."
    )
    prs_shared_secret: SecretStr | None = Field(
        default=None,
        description="The secret that the presentation server sends with each request. At least 16 characters. With "
        "none of this, `prs_client_ca` and `prs_networks` Touchline refuses to start; of several, each must hold.",
    )
    prs_client_ca: Path | None = Field(
        default=None, description="PEM file of the authority whose client certificates a presentation server may show."
    )
    prs_client_names: list[str] = Field(
        default=[],
        description="Host or common names of which the client certificate must carry one. Empty: any certificate "
        "of `prs_client_ca`.",
    )
    prs_networks: list[IPvAnyNetwork] = Field(
        default=[],
        description="Networks in one of which the presentation server must be, such as `10.1.2.3/32`. Empty: anywhere. "
        "By itself this believes every machine and every person in them: better beside a certificate or secret.",
    )
    trusted_proxies: list[IPvAnyNetwork] = Field(
        default=[],
        description="Networks of the reverse proxies that are believed about the client's address and certificate; "
        "they must set the three headers below on every request, whatever the client sent. Empty: nobody is.",
    )
    proxy_address_header: str = Field(
        default="X-Forwarded-For",
        pattern=HEADER_NAME,
        description="The header in which those proxies add the address of their client, last.",
    )
    proxy_verify_header: str = Field(
        default="X-Client-Verify",
        pattern=HEADER_NAME,
        description="The header that those proxies set to `SUCCESS` where the client showed a certificate of the "
        "presentation server's authority and it holds.",
    )
    proxy_certificate_header: str = Field(
        default="X-Client-Cert",
        pattern=HEADER_NAME,
        description="The header in which those proxies hand on that certificate: PEM escaped as in addresses, or DER "
        "in base64.",
    )
    user_requests_per_minute: int = Field(
        default=300,
        ge=0,
        description="Screens that one user's phones get in a minute, and as many menus. 0: any number.",
    )
    prs_requests_per_second: int = Field(
        default=1000,
        ge=0,
        description="Screens that one presentation server gets in a second, and as many menus. 0: any number.",
    )
    dialect: str = Field(
        default="noe", pattern=r"^[a-z][a-z0-9_]*$", description="The folder of `xml_templates/` that renders screens."
    )
    default_language: str = Field(
        default="en", description="Language of screens for a user whose language O2G does not tell."
    )
    time_zone: str = Field(default="UTC", description="Time zone of users, as an IANA name such as `Europe/Paris`.")
    node_time_zones: dict[Annotated[str, Field(pattern=r"^[0-9]{1,10}$")], str] = Field(
        default={},
        description="Time zones of users on OXE nodes that lie elsewhere, by the node's number, such as "
        '`{"2": "America/New_York"}`. Users of other nodes have `TOUCHLINE_TIME_ZONE`.',
    )
    screen_seconds: float = Field(
        default=2.5, gt=0.1, le=30, description="The deadline of a screen: what it asks of O2G gets what is left of it."
    )

    # The O2G side
    o2g_url: HttpsUrl = Field(description="O2G's address, such as `https://o2g.example`; `/api/rest` is added.")
    o2g_login: str = Field(min_length=1, description="Login of the O2G administrator that Touchline acts as.")
    o2g_password: SecretStr = Field(description="That administrator's password.")
    o2g_access: str = Field(
        default="private",
        pattern="^(private|public)$",
        description="Which of the addresses that O2G returns is used: `private` from inside the company network, "
        "`public` through a reverse proxy.",
    )
    o2g_ca: Path | None = Field(
        default=None,
        description="PEM file with O2G's certificate or its authority's. An O2G ships with a self-signed "
        "certificate: save that one here. None: the system's authorities.",
    )
    o2g_verify: bool = Field(
        default=True,
        description="Check O2G's certificate. `false` lets anyone on the way read the administrator's password and "
        "is logged at every start.",
    )
    o2g_other_url: HttpsUrl | None = Field(
        default=None,
        description="A second address of the same O2G, or the other host of a pair. It is used while `o2g_url` does "
        "not answer; the first one is used again as soon as it does.",
    )
    o2g_other_access: str | None = Field(
        default=None,
        pattern="^(private|public)$",
        description="As `o2g_access`, for `o2g_other_url`. None: the same.",
    )
    o2g_concurrency: int = Field(
        default=32,
        ge=1,
        le=500,
        description="Requests to O2G at the same time, divided among the workers (one each at least); more wait.",
    )
    o2g_sessions: str = Field(
        default="administrator",
        pattern="^(administrator|per_user)$",
        description="Whose sessions are opened at O2G. `administrator`: one for all users; each user's licence is "
        "taken with the first use and free when Touchline stops. `per_user`: one for each user, which the "
        "administrator opens (it needs the role of supervisor); it is closed when the user is idle, and the licence "
        "is free then.",
    )
    o2g_session_idle_seconds: int = Field(
        default=300,
        ge=5,
        le=86_400,
        description="How long a user's session may lie unused before it is closed, in seconds. The same holds for "
        "sessions opened for searches.",
    )
    o2g_user_sessions: int = Field(
        default=1000,
        ge=1,
        le=100_000,
        description="With `per_user`, how many users' sessions each worker opens at once; for one more, the one "
        "unused for longest is closed.",
    )
    o2g_search_sessions: int = Field(
        default=20,
        ge=1,
        le=20,
        description="Over how many of the administrator's sessions directory searches are spread, five in each; "
        "divided among the workers. O2G allows 100 searches in all: lower it where other applications search, too.",
    )
    o2g_application: str = Field(
        default="Touchline", min_length=1, description="The application name under which sessions are opened."
    )
    user_cache_seconds: int = Field(
        default=600, ge=0, description="How long a user's record and language are kept before O2G is asked again."
    )
    live_state: str = Field(
        default="channel",
        pattern="^(off|channel|webhook)$",
        description="How O2G tells of changes, so that screens need not ask. `channel`: over a connection that "
        "Touchline holds open. `webhook`: by requests to Touchline; one worker only. `off`: each screen asks. Unless "
        "it is off, O2G counts a licence for each of its users; where it has too few, it tells less, and screens ask.",
    )
    live_silence_seconds: float = Field(
        default=90,
        ge=5,
        le=900,
        description="For how long O2G may tell nothing at all before it is asked again, in seconds. It sends a "
        "keep-alive each minute: more than that, unless its administrator changed it.",
    )
    live_users: int = Field(
        default=100_000,
        ge=100,
        le=1_000_000,
        description="Of how many users each kind of state is kept in each process: about 3 kB a user in all.",
    )
    live_webhook_url: HttpsUrl | None = Field(
        default=None,
        description="The address under which O2G reaches Touchline, for the webhook. None: `public_url`.",
    )

    # Voicemail
    voicemail_password: Literal["ask", "user"] = Field(
        default="ask",
        description="How a user's mailbox is opened. `ask`: the set asks for its password. `user`: nobody is asked "
        "where the OXE has given mailbox and user the same password, so whoever stands at the set can listen; where "
        "they differ, the set asks.",
    )
    voicemail_open_seconds: int = Field(
        default=300,
        ge=30,
        le=3600,
        description="How long a mailbox stays open on a set that nobody touches. Its password is kept for so long, "
        "encrypted, and asked for again afterwards.",
    )
    voicemail_tries: int = Field(
        default=3, ge=1, le=20, description="Wrong passwords of a mailbox, on all sets together, before it is locked."
    )
    voicemail_lock_seconds: int = Field(
        default=900, ge=60, le=86_400, description="How long it is locked then; so long wrong passwords are counted."
    )

    # Administration
    admin_pages: bool = Field(
        default=True,
        description="Serve the administration's pages at `/admin/`. `false`: there are none, and `flask --app app …` "
        "does what they do.",
    )
    admin_networks: list[IPvAnyNetwork] = Field(
        default=[],
        description="Networks from which the administration's pages are reached; elsewhere they do not exist. Empty: "
        "from wherever the server is.",
    )
    admin_second_factor: bool = Field(
        default=True,
        description="Whether everybody who administers must set up a second factor (TOTP) when they first sign in.",
    )
    admin_session_minutes: int = Field(
        default=30, ge=1, le=1440, description="How long an administrator's session may lie unused, in minutes."
    )
    admin_session_hours: float = Field(
        default=10, ge=0.1, le=24, description="How long an administrator's session lasts at most, in hours."
    )
    admin_tries: int = Field(
        default=5, ge=1, le=50, description="Wrong sign-ins in a row before an administrator's account is locked."
    )
    admin_address_tries: int = Field(
        default=30, ge=0, description="Sign-ins that one address may try in `admin_lock_minutes`. 0: any number."
    )
    admin_lock_minutes: int = Field(
        default=15, ge=1, le=1440, description="How long an administrator's account is locked then, in minutes."
    )
    registry_copy: Path = Field(
        default=Path("var/registry-last-known.toml"),
        description="Where the registry is noted after each change, for a start at which the database is not there: "
        "what was switched off stays off.",
    )
    registry_file: Path | None = Field(
        default=None,
        description="The registry as a file that is kept under version control; the administration shows how far what "
        "is registered has drifted from it.",
    )

    # How it runs
    listen: str = Field(default="0.0.0.0:8443", description="Address and port to serve on.")
    tls_cert: Path | None = Field(default=None, description="PEM file of the server's certificate chain.")
    tls_key: Path | None = Field(default=None, description="PEM file of the certificate's private key.")
    workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes. More than one needs `redis_url`; `/metrics` then shows one of them.",
    )
    threads: int = Field(
        default=32, ge=2, le=512, description="Threads of each process; they cover the time that O2G takes to answer."
    )
    request_seconds: float = Field(
        default=10,
        ge=0.5,
        le=120,
        description="How long a client may take for its handshake, and for sending a request, in seconds.",
    )
    connections_per_address: int = Field(
        default=500,
        ge=1,
        le=2000,
        description="Connections that one address may hold open to each process; `trusted_proxies` may hold more.",
    )
    redis_url: SecretStr | None = Field(
        default=None,
        description="Redis for what workers share: search results, links that work once. None: kept in the process.",
    )
    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///var/touchline.db"),
        description="Where kept messages, registered applications and administrators' accounts are stored: "
        "`sqlite:///FILE` (`sqlite:////var/lib/…` for an absolute path), made where it is missing, or "
        "`postgresql+psycopg://USER:PASSWORD@HOST/NAME`, whose database must exist.",
    )
    database_upgrade: bool = Field(
        default=True,
        description="Bring the database's tables to this version when it is first used. `false`: only "
        "`flask --app app db upgrade` does, and until then what needs the database says that it is not available.",
    )
    guest_numbers: list[Annotated[str, Field(pattern=r"^[0-9]{1,20}(-[0-9]{1,20})?$")]] = Field(
        default=[],
        description="Directory numbers of guests' sets, each a number or a range such as `71000-71999`, for rules "
        "about who gets an application: O2G does not tell who is a guest. Empty: a rule about guests admits nobody.",
    )
    applications_folder: Path | None = Field(
        default=None,
        description="A folder with phone applications in Python, each a folder of its own; beside those, packages that "
        "are installed are found by their entry point `touchline.applications`. What lies there runs as a part of "
        "Touchline: let nobody else write into it. None: no folder.",
    )
    external_secrets: dict[str, SecretStr] = Field(
        default={},
        description="For external applications, by their id: the secret with which Touchline signs what it asks of "
        "them, 16 characters at least. One without a secret is asked unsigned.",
    )
    external_inside: bool = Field(
        default=False,
        description="Let external applications lie at addresses inside the company's network or on this machine. "
        "`false`: whatever is registered, only public addresses are asked.",
    )
    external_ca: Path | None = Field(
        default=None,
        description="PEM file of the authorities of external applications' certificates. None: the system's.",
    )
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least level logged.")
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Bearer token that `/metrics` asks for. None: only requests from this machine are answered.",
    )

    @model_validator(mode="after")
    def check(self) -> Self:
        """Refuse what would start unsafely, naming the setting and what to do.

        Raises:
            ValueError: nothing proves the presentation server, or what anybody could show, a secret is too short, half
                a TLS pair, more workers than requests to O2G, or several workers that share nothing.
        """
        if self.prs_shared_secret is None and self.prs_client_ca is None and not self.prs_networks:
            raise ValueError(
                "nothing proves the presentation server: set TOUCHLINE_PRS_CLIENT_CA, TOUCHLINE_PRS_SHARED_SECRET or "
                "TOUCHLINE_PRS_NETWORKS"
            )
        for name, networks in (("PRS_NETWORKS", self.prs_networks), ("TRUSTED_PROXIES", self.trusted_proxies)):
            if any(network.prefixlen == 0 for network in networks):
                raise ValueError(f"TOUCHLINE_{name}: a network that everybody is in proves nothing")
        if self.prs_shared_secret is not None and len(self.prs_shared_secret.get_secret_value()) < 16:
            raise ValueError("TOUCHLINE_PRS_SHARED_SECRET is too short: 16 characters at least")
        if any(len(key.get_secret_value()) < 32 for key in self.link_keys):
            raise ValueError("a key of TOUCHLINE_LINK_KEYS is too short: 32 characters at least")
        if any(len(secret.get_secret_value()) < 16 for secret in self.external_secrets.values()):
            raise ValueError("a secret of TOUCHLINE_EXTERNAL_SECRETS is too short: 16 characters at least")
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("TOUCHLINE_TLS_CERT and TOUCHLINE_TLS_KEY go together")
        if self.tls_cert is None:
            raise ValueError("no certificate to serve with: set TOUCHLINE_TLS_CERT and TOUCHLINE_TLS_KEY")
        if self.prs_client_names and self.prs_client_ca is None:
            raise ValueError("TOUCHLINE_PRS_CLIENT_NAMES means nothing without TOUCHLINE_PRS_CLIENT_CA")
        if unknown := {self.time_zone, *self.node_time_zones.values()} - available_timezones():
            raise ValueError(f"TOUCHLINE_TIME_ZONE, TOUCHLINE_NODE_TIME_ZONES: there is no time zone {min(unknown)!r}")
        if self.live_state == "webhook" and self.workers > 1:
            raise ValueError(
                "events that O2G posts reach one of several workers only: set TOUCHLINE_LIVE_STATE=channel, or "
                "TOUCHLINE_WORKERS=1"
            )
        if self.workers > self.o2g_concurrency:
            raise ValueError("TOUCHLINE_O2G_CONCURRENCY is below TOUCHLINE_WORKERS: each needs one request at least")
        if self.workers > 1 and self.redis_url is None:
            raise ValueError("several workers share what they keep through Redis: set TOUCHLINE_REDIS_URL")
        if not self.database_url.get_secret_value().startswith(DATABASES):
            raise ValueError(f"TOUCHLINE_DATABASE_URL begins with {' or '.join(DATABASES)}")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (pydantic's signature)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment before the file; no other sources."""
        file = Path(os.environ.get(CONFIG_VARIABLE, DEFAULT_CONFIG))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)


def load() -> Settings:
    """Read the settings from the environment and the file.

    Raises:
        pydantic.ValidationError: a setting is missing, misspelt or out of range; its text names each.
    """
    return Settings()
