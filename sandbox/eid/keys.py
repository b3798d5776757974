"""The key that signs id_tokens."""

from __future__ import annotations

import json
from pathlib import Path

from joserfc.jwk import RSAKey


def signing_key(state: Path | None) -> RSAKey:
    """A new RSA key with 2048 bits, or the one kept in the folder `state`, made there at the first start."""
    if state is None:
        return _new_key()
    file = state / "signing-key.json"
    if not file.exists():
        state.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(_new_key().as_dict(private=True)), encoding="ascii")
    return RSAKey.import_key(json.loads(file.read_text(encoding="ascii")))


def _new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
