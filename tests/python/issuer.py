"""An authorization server and OpenID Connect provider made of Authlib, with keys and signatures of `cryptography`.

issuer.py PORT PEM: listens on 127.0.0.1, knows `otelcol` by its secret and `signer` by the key whose other half is in PEM.
Besides what such servers have there is /tune, which changes it, and /forge, which signs what no server would.
"""

import base64
import hmac
import json
import os
import sys
import time

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7523 import JWTBearerGrant
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from cryptography.hazmat.primitives import serialization
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from werkzeug.serving import make_server

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]

port, pem = int(sys.argv[1]), sys.argv[2]
state = {"lifetime": 3600, "audience": "otel", "issued": 0, "asked_for_keys": 0}
app = Flask("issuer")
server = make_server("127.0.0.1", port, app, threaded=True)
issuer = f"http://127.0.0.1:{server.port}"


def new_keys(name):
    return {
        "RS": RSAKey.generate_key(2048, {"kid": f"{name}-rs", "use": "sig"}),
        "ES256": ECKey.generate_key("P-256", {"kid": f"{name}-es256"}),
        "ES384": ECKey.generate_key("P-384", {"kid": f"{name}-es384"}),
        "EdDSA": OKPKey.generate_key("Ed25519", {"kid": f"{name}-ed"}),
    }


def key_of(keys, algorithm):
    return keys["RS"] if algorithm[:2] in ("RS", "PS") else keys[algorithm]


keys = new_keys(f"first-{time.time_ns()}")
strangers = new_keys("stranger")


class Client(ClientMixin):
    def __init__(self, name, secret):
        self.name, self.secret = name, secret

    def get_client_id(self):
        return self.name

    def get_allowed_scope(self, scope):
        return " ".join(s for s in (scope or "").split() if s == "telemetry")

    def check_client_secret(self, secret):
        return self.secret is not None and hmac.compare_digest(self.secret, secret)

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_grant_type(self, grant_type):
        return True

    def get_user_id(self):
        return self.name


CLIENTS = {"otelcol": Client("otelcol", os.environ["CLIENT_SECRET"]), "signer": Client("signer", None)}


def save(token, request):
    state["issued"] += 1


oauth = AuthorizationServer(app, CLIENTS.get, save)


class Tokens(JWTBearerTokenGenerator):
    def get_jwks(self):
        return KeySet([keys["RS"]])

    def get_audiences(self, client, user, scope):
        return [state["audience"], "others"]

    def get_extra_claims(self, client, grant_type, user, scope):
        return {"groups": ["edge", "eu"]}

    def _get_expires_in(self, client, grant_type):
        return state["lifetime"]


oauth.register_token_generator("default", Tokens(issuer, expires_generator=lambda client, grant: state["lifetime"]))
oauth.register_grant(grants.ClientCredentialsGrant)


class Statement(JWTBearerGrant):
    def get_audiences(self):
        return [f"{issuer}/token"]

    def resolve_issuer_client(self, name):
        return CLIENTS.get(name)

    def resolve_client_public_key(self, client):
        with open(pem, "rb") as file:
            private = serialization.load_pem_private_key(file.read(), None)
        public = serialization.PublicFormat.SubjectPublicKeyInfo
        return RSAKey.import_key(private.public_key().public_bytes(serialization.Encoding.PEM, public))

    def authenticate_user(self, subject):
        return CLIENTS.get(subject)

    def has_granted_permission(self, client, user):
        return client is user


oauth.register_grant(Statement)


@app.post("/token")
def token():
    return oauth.create_token_response()


@app.get("/.well-known/openid-configuration")
def description():
    return jsonify(
        issuer=issuer,
        jwks_uri=f"{issuer}/keys",
        token_endpoint=f"{issuer}/token",
        id_token_signing_alg_values_supported=[*ALGORITHMS, "HS256", "none"],
    )


@app.get("/keys")
def published():
    state["asked_for_keys"] += 1
    return jsonify(KeySet(list(keys.values())).as_dict(private=False))


@app.post("/tune")
def tune():
    global keys
    change = request.get_json()
    if change.pop("rotate", False):
        keys = new_keys(f"next-{time.time_ns()}")
    state.update(change)
    return jsonify(state)


def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@app.post("/forge")
def forge():
    wish = request.get_json()
    claims = {"iss": issuer, "aud": state["audience"], "sub": "otelcol", "exp": int(time.time()) + 60}
    claims.update(wish.get("claims", {}))
    algorithm = wish.get("alg", "RS256")
    message = ".".join(part(json.dumps(piece).encode()) for piece in ({"alg": algorithm}, claims))
    if algorithm == "none":
        return f"{message}."
    if algorithm == "HS256":
        # The well-known trick: the public key as a shared secret.
        secret = keys["RS"].as_pem(private=False)
        return f"{message}.{part(hmac.digest(secret, message.encode(), 'sha256'))}"
    key = key_of(strangers if wish.get("stranger") else keys, algorithm)
    header = {"alg": algorithm, "kid": wish.get("kid", key.kid)}
    return jwt.encode(header, claims, key, algorithms=[algorithm])


print(f"listening on 127.0.0.1:{server.port}", flush=True)
server.serve_forever()
