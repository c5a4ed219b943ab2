"""The second factor: six digits that change every half minute (TOTP, RFC 6238), and codes for who loses the device."""

import hashlib
import hmac
import io
import secrets
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
import segno

ISSUER = "Touchline"
CODES = 10
CODE_LETTERS, CODE_LENGTH, CODE_GROUP = "abcdefghjkmnpqrstuvwxyz23456789", 16, 4  # 79 bits; none is taken for another
STEPS_AROUND = (0, -1, 1)  # a clock that is half a minute wrong still lets in
QR_SCALE = 5


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """Codes to be shown once, and their digests to be kept."""

    codes: tuple[str, ...] = field(repr=False)
    digests: tuple[str, ...] = field(repr=False)


def new_secret() -> str:
    """Make a secret, base32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Give the step in time that a code belongs to, so that it can be used up; None: it is wrong, or too old."""
    totp = pyotp.TOTP(secret)
    digits = "".join(code.split())
    for around in STEPS_AROUND:
        step = totp.timecode(now) + around
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def address_of(login: str, secret: str) -> str:
    """Give what an authenticator reads from the picture (otpauth)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def picture_of(login: str, secret: str) -> bytes:
    """Draw the QR code as SVG, dark on white whatever the page's colours: cameras want it so."""
    drawn = io.BytesIO()
    segno.make(address_of(login, secret), error="m").save(
        drawn, kind="svg", scale=QR_SCALE, border=4, dark="#000", light="#fff", xmldecl=False
    )
    return drawn.getvalue()


def new_codes() -> RecoveryCodes:
    """Make recovery codes."""
    codes = tuple(_code() for _ in range(CODES))
    return RecoveryCodes(codes, tuple(digest_of(code) for code in codes))


def digest_of(code: str) -> str:
    """Give a recovery code's digest; 79 random bits need no slow hash."""
    plain = "".join(character for character in code.lower() if character.isalnum())
    return hashlib.sha256(f"touchline.recovery:{plain}".encode()).hexdigest()


def _code() -> str:
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return "-".join(letters[at : at + CODE_GROUP] for at in range(0, CODE_LENGTH, CODE_GROUP))
