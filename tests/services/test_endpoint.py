"""What each worker may take of O2G: together no more than O2G allows, and than the settings say."""

from typing import Any

import pytest

from services.endpoint import O2GEndpoint
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
    "redis_url": "redis://127.0.0.1",
}


@pytest.mark.parametrize("workers", [1, 2, 3, 8, 20, 21, 64])
def test_workers_share_what_o2g_allows(workers: int) -> None:
    each = O2GEndpoint.of(Settings(**(RIGHT | {"workers": workers, "o2g_concurrency": 64})))
    assert each.at_once * workers <= 64
    assert each.sessions.searches * workers <= 100
    assert each.sessions.for_searches * 5 >= each.sessions.searches


def test_fewer_searches_are_shared_likewise() -> None:
    each = O2GEndpoint.of(Settings(**(RIGHT | {"workers": 4, "o2g_search_sessions": 2})))
    assert each.sessions.searches * 4 <= 10
