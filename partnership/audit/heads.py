"""The heads of the audit chains, signed, for keeping where nobody who can write to the database can reach them.

Whoever owns the database could rewrite a chain from its beginning, with new seals throughout. A file of heads that was
exported before shows it: the chain no longer has the seals that the file names. The signature (Ed25519) shows that
the file is the portal's. Its private key is in the environment of the one who exports, never in the database; the
public key is enough to check a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from partnership.audit import log
from partnership.audit.log import AuditEntry

FORMAT = 1
COUNCILS = "councils"


class NotOurs(ValueError):
    """A file of heads, or a key, that cannot be used; the message says why."""


def export(at: datetime, signing_key: str) -> str:
    """Return the signed heads of every chain as JSON. Raises ``NotOurs`` when the key is not 64 hexadecimal digits."""
    key = private_key(signing_key)
    heads = {str(scope or COUNCILS): list(head) for scope, head in log.heads().items()}
    content = {"format": FORMAT, "exported_at": at.isoformat(), "chains": heads}
    signed = {"public_key": public_key_of(signing_key), "signature": key.sign(to_sign(content)).hex()}
    return json.dumps(content | signed, indent=2, sort_keys=True)


def read(text: str, public_key: str) -> dict[str, Any]:
    """Return the content of an exported file. Raises ``NotOurs`` unless it is signed with the key of ``public_key``."""
    try:
        content = json.loads(text)
        signature = bytes.fromhex(content.pop("signature"))
        content.pop("public_key")
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(signature, to_sign(content))
    except InvalidSignature as error:
        raise NotOurs("The file was changed after it was exported, or signed with another key.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotOurs("This is not a file that export_audit_head wrote, or the public key is not one.") from error
    if content.get("format") != FORMAT:
        raise NotOurs("The file was exported by another release of the portal; check it with that one.")
    return content


def differences(content: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence for each chain that does not hold the seal that the exported heads name."""
    for name, (length, seal) in sorted(content["chains"].items()):
        scope = None if name == COUNCILS else int(name)
        links = AuditEntry.objects.filter(partnership=scope, number=length)
        if length and links.values_list("seal", flat=True).first() != seal:
            yield (
                f"{log.chain_name(scope)} does not have the seal that was exported at {content['exported_at']}:"
                f" link {length} was sealed by {seal}."
            )


def to_sign(content: dict[str, Any]) -> bytes:
    """The bytes that the signature is about."""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def private_key(signing_key: str) -> Ed25519PrivateKey:
    """The private key that 64 hexadecimal digits stand for. Raises ``NotOurs``."""
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(signing_key))
    except ValueError as error:
        raise NotOurs("AUDIT_SIGNING_KEY must be 64 hexadecimal digits.") from error


def public_key_of(signing_key: str) -> str:
    """The public key of a private one, as 64 hexadecimal digits. Raises ``NotOurs``."""
    return private_key(signing_key).public_key().public_bytes_raw().hex()
