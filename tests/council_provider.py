"""A council's sign-in for tests: an OpenID Connect provider in a process of its own, on loopback.

Run as `python -m tests.council_provider`: it prints its address and serves until its input is closed. It signs in
whoever the address asks for (`login_hint` is what Entra calls it), and spoils a token in the way the subject says.
"""

import base64
import hashlib
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "portal"
SECRET = "between us"
TENANT = "11111111-2222-3333-4444-555555555555"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CODES = {}  # what was asked for, by code; each is taken once
WHO = {"subject": "amy"}  # whoever is signed in at the council
ODD_TOKENS = {
    "no ID token": {"access_token": "x", "token_type": "Bearer"},
    "ID token that is a number": {"access_token": "x", "id_token": 5},
    "ID token that is no token": {"access_token": "x", "id_token": "a.b.c"},
    "token answer that is a list": ["access_token"],
    "token answer that is a word": "access_token",
}
ODD_KEYS = {
    "no keys": {},
    "keys that are words": {"keys": ["1"]},
    "keys that are a list": [],
    "key without a modulus": {"keys": [{"kid": "1", "kty": "RSA", "alg": "RS256"}]},
}


class Provider(BaseHTTPRequestHandler):
    """Discovery, keys, authorisation and tokens."""

    def do_GET(self):
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        page = address.path.removeprefix(f"/{TENANT}/v2.0")
        if page == "/.well-known/openid-configuration":
            return self.answer(self.configuration())
        if page == "/keys" and WHO["subject"] == "keys moved":
            return self.lead_on(f"{self.issuer}/keys/moved")
        if page == "/keys" and WHO["subject"] in ODD_KEYS:
            return self.answer(ODD_KEYS[WHO["subject"]])
        if page == "/keys" and WHO["subject"] == "30 MB of keys":
            return self.answer({"keys": [], "padding": "x" * 30_000_000})
        if page in ("/keys", "/keys/moved"):
            return self.answer({"keys": [self.public_key()]})
        if page == "/become":
            WHO["subject"] = asked["subject"]
            return self.answer({})
        if page == "/authorize":
            return self.authorize(asked)
        return self.answer({"error": "not_found"}, 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        code = CODES.pop(asked.get("code"), None)
        if code is None or not self.is_client(asked) or not is_verified(code, asked.get("code_verifier", "")):
            return self.answer({"error": "invalid_grant"}, 400)
        if WHO["subject"] in ODD_TOKENS:
            return self.answer(ODD_TOKENS[WHO["subject"]])
        if WHO["subject"] == "30 MB of token":
            return self.answer({"access_token": "x", "id_token": "x" * 30_000_000})
        return self.answer({"access_token": "x", "token_type": "Bearer", "id_token": self.token(code)})

    def is_client(self, asked):
        return (asked.get("client_id"), asked.get("client_secret")) == (CLIENT, SECRET)

    def authorize(self, asked):
        back = {"state": asked["state"]}
        if WHO["subject"] == "cancels":
            back |= {"error": "access_denied"}
        else:
            back |= {"code": (code := f"code{len(CODES)}{time.monotonic_ns()}")}
            CODES[code] = {"subject": WHO["subject"], "challenge": asked["code_challenge"], "nonce": asked["nonce"]}
            CODES[code]["acr"] = asked.get("acr_values", "")
        self.lead_on(f"{asked['redirect_uri']}?{urlencode(back)}")

    def lead_on(self, address):
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.server.server_port}/{TENANT}/v2.0"

    def configuration(self):
        if WHO["subject"] == "configuration that is a list":
            return [self.issuer]
        if WHO["subject"] == "30 MB of configuration":
            return {"issuer": self.issuer, "padding": "x" * 30_000_000}
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        if WHO["subject"] == "another provider":
            found["issuer"] = "http://127.0.0.1/elsewhere"
        return found

    def public_key(self):
        return json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "1", "alg": "RS256"}

    def token(self, code):
        now = time.time()
        subject = code["subject"]
        claims = {"iss": self.issuer, "sub": subject, "aud": CLIENT, "iat": now, "exp": now + 60}
        claims |= {"nonce": code["nonce"], "acr": code["acr"], "amr": ["pwd", "mfa"]}
        claims |= {"tid": TENANT, "email": "officer@alder.example", "email_verified": True, "name": "Amy"}
        claims |= {
            "wrong audience": {"aud": "another"},
            "wrong issuer": {"iss": "http://127.0.0.1/elsewhere"},
            "another sign-in": {"nonce": "of somebody else"},
            "no nonce": {"nonce": None},
            "password alone": {"acr": "1", "amr": ["pwd"]},
            "no strength": {"acr": None, "amr": None},
            "wrong tenant": {"tid": "99999999-2222-3333-4444-555555555555"},
            "expired": {"exp": now - 61},
            "expired within a minute": {"exp": now - 30},
            "clock a minute ahead": {"iat": now + 55, "nbf": now + 55, "exp": now + 115},
            "clock far ahead": {"iat": now + 90, "exp": now + 150},
            "no subject": {"sub": ""},
            "subject that is a number": {"sub": 5},
            "no expiry": {"exp": None},
            "no time of issue": {"iat": None},
            "expiry in words": {"exp": "tomorrow"},
            "several audiences": {"aud": [CLIENT, "another"]},
            "several audiences, another party": {"aud": [CLIENT, "another"], "azp": "another"},
            "several audiences, this party": {"aud": [CLIENT, "another"], "azp": CLIENT},
            "one audience in a list": {"aud": [CLIENT]},
            "one audience, another party": {"azp": "another"},
            "part of the tenant": {"tid": TENANT[:8]},
            "empty tenant": {"tid": ""},
            "tenant that is a number": {"tid": 5},
            "tenant that is a list": {"tid": [TENANT]},
            "tenant that is no value": {"tid": None},
        }.get(subject, {})
        if subject == "no signature":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "1"})
        if subject == "signed with the public key":
            return jwt.encode(claims, b"0" * 64, algorithm="HS256", headers={"kid": "1"})
        kind = {"access token": "at+jwt", "logout token": "logout+jwt"}.get(subject, "JWT")
        key = OTHER_KEY if subject == "wrong key" else KEY
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1", "typ": kind})

    def answer(self, found, status=200):
        body = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Says nothing."""


def is_verified(code, verifier):
    """PKCE: the code goes to whoever asked for it, and to nobody who overheard it."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return digest == code["challenge"]


def serve():
    """Until the process that started this one closes its input, also by ending."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)  # noqa: T201 -- where it is, for the test that started it
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    serve()
