"""Encryption of drafts with a secret that only the person has. Pure.

The secret is random, and lives in a cookie or an emailed link. The database has a digest of it, to find the row, and
the content encrypted with a key derived from it: neither reveals the secret, and nothing can be decrypted without it.
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
    """Raised if content cannot be decrypted with this secret."""


def new_secret() -> str:
    """Return a new random secret of 32 bytes, in URL-safe base64."""
    return secrets.token_urlsafe(32)


def secret_for(secret: str, purpose: str) -> str:
    """Return a secret derived for one purpose, from a secret that has several."""
    made = _made_from(secret, b"secret for " + purpose.encode(), 32)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest_of_secret(secret: str) -> str:
    """Return the SHA-256 of a secret, which reveals nothing about so random a text."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_of_secret(secret: str) -> uuid.UUID:
    """Return the key that the submission will have, so that a draft's link still finds it once it is sent."""
    return uuid.UUID(bytes=_made_from(secret, b"key of the submission", 16))


def seal(secret: str, content: dict) -> bytes:
    """Encrypt JSON-serialisable content."""
    return _box(secret).encrypt(json.dumps(content).encode())


def unseal(secret: str, sealed: bytes | memoryview) -> dict:
    """Return decrypted content.

    :raises SealBroken: if it was encrypted with another secret, or was tampered with.
    """
    try:
        return json.loads(_box(secret).decrypt(bytes(sealed)))
    except InvalidToken:
        raise SealBroken from None


def _box(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_made_from(secret, b"answers", 32)))


def _made_from(secret: str, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(secret.encode())
