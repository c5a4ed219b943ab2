"""How Touchline is served: `gunicorn -c gunicorn.conf.py "app:create_app()"`, with the settings of `settings.py`.

Threads cover the time that O2G takes; kept connections spread over workers by the kernel (`reuse_port`); the client
certificate is asked for in the handshake and judged by `prs.caller`, so that `/healthz` answers without one.
"""

import ssl
from typing import Any

from flask import Flask

import entrance
import memory
import settings as house_settings

_settings = house_settings.load()
memory.take_few_heaps()

bind = [_settings.listen]
workers = _settings.workers
entrance.bounds = entrance.Bounds(
    _settings.request_seconds, _settings.connections_per_address, tuple(_settings.trusted_proxies)
)
worker_class = "entrance.EntranceWorker"
threads = _settings.threads
worker_connections = entrance.CONNECTIONS
reuse_port = True
keepalive = entrance.KEPT_SECONDS
timeout = 30
graceful_timeout = entrance.GRACE_SECONDS + entrance.CLOSING_SECONDS  # a worker's own is `entrance.GRACE_SECONDS`
limit_request_line = entrance.LARGEST_LINE
limit_request_fields = entrance.FIELDS
limit_request_field_size = entrance.LARGEST_LINE
forwarded_allow_ips = ""  # what proxies say is read in one place, `prs.proxies`, and believed of configured ones only
accesslog = None  # the reception writes one line for each screen, without names and numbers
errorlog = "-"
control_socket_disable = True  # one door less
loglevel = _settings.log_level.lower()
certfile = str(_settings.tls_cert) if _settings.tls_cert else None
keyfile = str(_settings.tls_key) if _settings.tls_key else None
ca_certs = str(_settings.prs_client_ca) if _settings.prs_client_ca else None


def ssl_context(_config: Any, default_factory: Any) -> ssl.SSLContext:
    """Speak TLS 1.2 and later; ask for a client certificate where one can prove the presentation server."""
    context: ssl.SSLContext = default_factory()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.verify_mode = ssl.CERT_OPTIONAL if _settings.prs_client_ca else ssl.CERT_NONE
    return context


def when_ready(server: Any) -> None:
    """Tell where it serves: with `reuse_port` the workers open the sockets, and gunicorn's own line names none."""
    scheme = "https" if certfile else "http"
    server.log.info("Workers listen at: %s", ", ".join(f"{scheme}://{address}" for address in bind))


def post_worker_init(_worker: Any) -> None:
    """Begin what a worker does beside serving."""
    memory.keep_giving_back()


def worker_exit(_server: Any, worker: Any) -> None:
    """Close the O2G session with the worker, so that it takes no licence after its end."""
    app = getattr(worker, "wsgi", None)
    if isinstance(app, Flask):
        app.extensions["touchline.o2g"].close()
