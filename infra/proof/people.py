"""Sample people of the deployed stack, and an issuer of their tokens whose key lives for one run."""

import base64
import json
import time

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

ISSUER = "https://issuer.example"
AUDIENCE = "dhr-casework"
ROLES = {"referrer-1": "referrer", "csp-chair-1": "csp-chair", "coordinator-1": "coordinator"}


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class People:
    def __init__(self, csp):
        self.csp = csp
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_numbers()
        x, y = (encode(number.to_bytes(32, "big")) for number in (point.x, point.y))
        self.key_set = {
            "keys": [
                {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "proof", "x": x, "y": y}
            ]
        }

    def token(self, actor):
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": actor,
            "token_use": "access",
            "iat": now,
            "exp": now + 900,
        }
        header = {"alg": "ES256", "kid": "proof", "typ": "JWT"}
        signed = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
        r, s = decode_dss_signature(self.key.sign(signed.encode(), ec.ECDSA(SHA256())))
        return f"{signed}.{encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def join(self, stack):
        """Makes the first administrator as an operator would, who then invites the others."""
        first = {"csp": self.csp, "actor": "administrator-1", "email": self.address("administrator-1")}
        stack.invoke("directory", {"first_administrator": first})
        for actor, role in ROLES.items():
            entry = {"roles": [role], "email": self.address(actor), "active": True}
            path = f"/directory/people/{actor}"
            status, answer = stack.ask(path, "administrator-1", entry, method="PUT")
            assert status == 201, (status, answer)
        print(f"invited: {', '.join(ROLES)}", flush=True)

    def address(self, actor):
        return f"{actor}@{self.csp}.example"
