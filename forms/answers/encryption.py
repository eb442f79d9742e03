"""Sealing what somebody has begun, so that only who holds its secret can read it. Pure.

The secret is random and lives in a cookie or a mailed link. The database has a digest of it, to find the row by, and
what was sealed with a key made from it: neither gives the secret away, and without it nothing can be opened.
"""

import base64
import hashlib
import json
import re
import secrets
import uuid

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 random bytes


class SealBroken(Exception):
    """What was sealed cannot be opened with this secret."""


def new_secret() -> str:
    """Return a secret that nobody guesses."""
    return secrets.token_urlsafe(32)


def secret_for(secret: str, purpose: str) -> str:
    """Return a secret of its own for one of several things that somebody keeps with one secret."""
    made = _made_from(secret, b"secret for " + purpose.encode(), 32)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest_of_secret(secret: str) -> str:
    """Return the SHA-256 of a secret: nothing is known of so random a text from it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_of_secret(secret: str) -> uuid.UUID:
    """Return the key that the submission will carry, so that a link leads to it when the form has been sent."""
    return uuid.UUID(bytes=_made_from(secret, b"key of the submission", 16))


def seal(secret: str, content: dict) -> bytes:
    """Encrypt what JSON can hold."""
    return _box(secret).encrypt(json.dumps(content).encode())


def unseal(secret: str, sealed: bytes) -> dict:
    """Return what was sealed.

    :raises SealBroken: when it was sealed with another secret, or was tampered with.
    """
    try:
        return json.loads(_box(secret).decrypt(bytes(sealed)))
    except InvalidToken:
        raise SealBroken from None


def _box(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_made_from(secret, b"answers", 32)))


def _made_from(secret: str, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(secret.encode())
