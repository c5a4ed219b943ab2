"""Believing Touchline, and nobody else: each question carries a signature over itself."""

import hashlib
import hmac
import time
from collections.abc import Mapping

SIGNED = ("X-Touchline-Time", "X-Touchline-Number", "X-Touchline-Family", "Accept-Language")
OLDEST = 60  # seconds


def is_touchlines(secret: str, method: str, address: str, headers: Mapping[str, str]) -> bool:
    """Tell whether Touchline asks this, now.

    Args:
        secret: what both know: Touchline's setting `external_secrets`.
        method, address: what was asked, the address as Touchline knows it.
        headers: what came with it.
    """
    told = [headers.get(name, "") for name in SIGNED]
    text = "".join(f"{part}\n" for part in (method, address, *told))
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature.encode(), headers.get("X-Touchline-Signature", "").encode()):
        return False
    return told[0].isdecimal() and abs(time.time() - int(told[0])) <= OLDEST
