"""Events sent to a client's own address: one POST each, in order, tried again when it fails (L97)."""

import asyncio
import ssl
from collections.abc import Coroutine, Iterable
from urllib.parse import quote, urlsplit

import aiohttp
import orjson

from simulators.o2g.rules.subscriptions import Subscription

PATIENCE = 5.0  # seconds for one POST
RETRY_SECONDS = (0.2, 1.0, 5.0, 15.0)  # then the event is dropped, as nobody is there


def is_address(url: str) -> bool:
    """Tell whether a webhook can be reached at such an address."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


class Webhooks:
    """Delivers the events of subscriptions that name an address."""

    def __init__(self) -> None:
        """Start with none. Certificates are not checked: a client under test has one of its own making."""
        trust = ssl.create_default_context()
        trust.check_hostname = False
        trust.verify_mode = ssl.CERT_NONE
        self._trust = trust
        self._tasks: set[asyncio.Task[None]] = set()

    def serve(self, subscription: Subscription) -> None:
        """Deliver a subscription's events until it is closed."""
        self._begin(self._deliver(subscription))

    def announce(self, addresses: Iterable[str], event: dict[str, object]) -> None:
        """Tell addresses of something, outside of any subscription that still lives."""
        for address in addresses:
            self._begin(self._tell(address, orjson.dumps(event)))

    async def close(self) -> None:
        """Stop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, subscription: Subscription) -> None:
        headers = {"Cookie": quote(subscription.id, safe=""), "Content-Type": "application/json"}
        async with self._client() as client:
            while not subscription.closed:
                if not subscription.queue:
                    subscription.waiting.clear()
                    await subscription.waiting.wait()
                    continue
                line = subscription.queue.popleft()
                for pause in (*RETRY_SECONDS, None):
                    if subscription.closed or await _post(client, subscription.webhook or "", line, headers):
                        break
                    if pause is not None:
                        await asyncio.sleep(pause)

    async def _tell(self, address: str, line: bytes) -> None:
        async with self._client() as client:
            for pause in (*RETRY_SECONDS, None):
                if await _post(client, address, line, {"Content-Type": "application/json"}):
                    return
                if pause is not None:
                    await asyncio.sleep(pause)

    def _client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._trust), timeout=aiohttp.ClientTimeout(total=PATIENCE)
        )


async def _post(client: aiohttp.ClientSession, url: str, line: bytes, headers: dict[str, str]) -> bool:
    """Send an event; False where it should be tried again. A refusal (4xx) is an answer: the event was heard."""
    try:
        async with client.post(url, data=line.rstrip(b"\n"), headers=headers, allow_redirects=False) as answer:
            return answer.status < 500
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
