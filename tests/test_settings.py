import traceback
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from pydantic import ValidationError

import settings
from settings import Settings

RIGHT: dict[str, Any] = {
    "public_url": "https://phones.example",
    "link_keys": ["k" * 32],
    "prs_shared_secret": "s" * 16,
    "o2g_url": "https://o2g.example",
    "o2g_login": "touchline",
    "o2g_password": "Secret-123",
    "tls_cert": "server.pem",
    "tls_key": "server.key",
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOUCHLINE_CONFIG", str(tmp_path / "touchline.toml"))


def test_what_is_required_is_enough() -> None:
    made = Settings(**RIGHT)
    assert (made.workers, made.o2g_verify, made.time_zone) == (1, True, "UTC")


@pytest.mark.parametrize("proof", [{"prs_client_ca": "prs-ca.pem"}, {"prs_networks": ["10.1.2.3/32"]}])
def test_any_one_proof_of_the_presentation_server_is_enough_to_start(proof: dict[str, object]) -> None:
    assert Settings(**(RIGHT | {"prs_shared_secret": None} | proof)).prs_shared_secret is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"prs_shared_secret": None}, "nothing proves the presentation server"),
        ({"prs_shared_secret": "short"}, "PRS_SHARED_SECRET is too short"),
        ({"link_keys": ["short"]}, "LINK_KEYS is too short"),
        ({"link_keys": []}, "link_keys"),
        ({"workers": 2}, "TOUCHLINE_REDIS_URL"),
        ({"workers": 3, "o2g_concurrency": 2, "redis_url": "redis://localhost/0"}, "TOUCHLINE_O2G_CONCURRENCY"),
        ({"time_zone": "Mars/Olympus"}, "TOUCHLINE_TIME_ZONE"),
        ({"node_time_zones": {"2": "Mars/Olympus"}}, "TOUCHLINE_NODE_TIME_ZONES"),
        ({"node_time_zones": {"2": "../etc/passwd"}}, "TOUCHLINE_NODE_TIME_ZONES"),
        ({"node_time_zones": {"two": "Europe/Paris"}}, "node_time_zones"),
        ({"tls_key": None}, "go together"),
        ({"tls_cert": None, "tls_key": None}, "no certificate to serve with"),
        ({"prs_client_names": ["prs.example"]}, "means nothing without"),
        ({"prs_networks": ["0.0.0.0/0"]}, "PRS_NETWORKS: a network that everybody is in"),
        ({"trusted_proxies": ["::/0"]}, "TRUSTED_PROXIES: a network that everybody is in"),
        ({"prs_networks": ["10.0.0.5/8"]}, "prs_networks"),
        ({"proxy_verify_header": "X Verify: "}, "proxy_verify_header"),
        ({"public_url": "http://phones.example"}, "public_url"),
        ({"o2g_url": "http://o2g.example"}, "o2g_url"),
        ({"o2g_acces": "public"}, "o2g_acces"),
        ({"dialect": "../etc"}, "dialect"),
        ({"screen_seconds": 0}, "screen_seconds"),
        ({"database_url": "mysql://db.example/touchline"}, "TOUCHLINE_DATABASE_URL"),
    ],
)
def test_what_would_start_unsafely_is_refused_and_named(change: dict[str, object], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        Settings(**(RIGHT | change))


def test_the_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = [f"{name} = {value!r}" for name, value in RIGHT.items()]
    (tmp_path / "touchline.toml").write_text("\n".join([*lines, "threads = 8", "workers = 1"]), encoding="utf-8")
    assert settings.load().threads == 8
    monkeypatch.setenv("TOUCHLINE_THREADS", "16")
    assert settings.load().threads == 16


def test_no_secret_shows_when_settings_are_printed() -> None:
    shown = repr(Settings(**RIGHT))
    assert "k" * 32 not in shown
    assert "s" * 16 not in shown
    assert "Secret-123" not in shown
    with_database = repr(Settings(**RIGHT, database_url="postgresql+psycopg://touchline:Hidden-7@db.example/touchline"))
    assert "Hidden-7" not in with_database


HIDDEN = "Hidden-Secret-77" * 2
SECRETS: dict[str, object] = {
    "link_keys": [HIDDEN],
    "prs_shared_secret": HIDDEN,
    "o2g_password": HIDDEN,
    "redis_url": f"redis://:{HIDDEN}@redis.example/0",
    "database_url": f"postgresql+psycopg://touchline:{HIDDEN}@db.example/touchline",
    "external_secrets": {"rooms": HIDDEN},
    "metrics_token": HIDDEN,
}


def test_every_secret_is_among_those_that_are_misspelt_here() -> None:
    assert {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)} == set(
        SECRETS
    )


@pytest.mark.parametrize("name", SECRETS)
def test_a_misspelt_secret_is_named_and_not_shown_when_the_start_is_refused(name: str, tmp_path: Path) -> None:
    refused = _refused(tmp_path, RIGHT | {f"{name}x": SECRETS[name]})
    assert f"{name}x" in refused
    assert HIDDEN not in refused


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_of_the_wrong_type_is_named_and_not_shown_when_the_start_is_refused(name: str, tmp_path: Path) -> None:
    refused = _refused(tmp_path, RIGHT | {name: 1234567890123456})
    assert name in refused
    assert "1234567890123456" not in refused


@pytest.mark.parametrize("name", SECRETS)
def test_another_fault_shows_no_secret_when_the_start_is_refused(name: str, tmp_path: Path) -> None:
    refused = _refused(tmp_path, RIGHT | {name: SECRETS[name], "time_zone": "Mars/Olympus"})
    assert "TOUCHLINE_TIME_ZONE" in refused
    assert HIDDEN[-12:] not in refused


def _refused(folder: Path, found: dict[str, object]) -> str:
    """Give all that a start prints that is refused for what stands in the file."""
    (folder / "touchline.toml").write_text(tomlkit.dumps(found), encoding="utf-8")
    with pytest.raises(ValidationError) as refused:
        settings.load()
    return "".join(traceback.format_exception(refused.value))
