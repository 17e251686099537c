"""What a browser sends of a passkey, well formed."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

_ID = b"passkey"
_SEEN = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
_SITE = bytes(32)  # the hash of its name


def registration() -> dict[str, Any]:
    """As for a new key; the same is what allauth keeps of it."""
    public = ec.derive_private_key(1, ec.SECP256R1()).public_key()
    key = ES256.from_cryptography_key(public)  # type: ignore[no-untyped-call] # published without types
    credential = AttestedCredentialData.create(bytes(16), _ID, key)
    data = AuthenticatorData.create(_SITE, _SEEN | AuthenticatorData.FLAG.AT, 0, credential)
    response = AuthenticatorAttestationResponse(
        client_data=_client_data("webauthn.create"), attestation_object=AttestationObject.create("none", data, {})
    )
    return dict(RegistrationResponse(raw_id=_ID, response=response))


def log_in(user36: str) -> dict[str, Any]:
    """As from whoever says that they are this user; the challenge is none of ours."""
    parts = {
        "clientDataJSON": _client_data("webauthn.get"),
        "authenticatorData": AuthenticatorData.create(_SITE, _SEEN, 0),
        "signature": b"signature",
        "userHandle": user36.encode(),
    }
    return {
        "id": websafe_encode(_ID),
        "rawId": websafe_encode(_ID),
        "type": "public-key",
        "response": {name: websafe_encode(part) for name, part in parts.items()},
    }


def _client_data(kind: str) -> CollectedClientData:
    return CollectedClientData.create(kind, b"challenge", "http://testserver")
