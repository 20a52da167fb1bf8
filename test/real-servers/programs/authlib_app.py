import os
import time

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from flask import Flask, jsonify

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
app = Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"password": int(os.environ["LIFETIME"])}
tokens = []


class Client(ClientMixin):
    """The one public client."""

    client_id = "spa"

    def get_client_id(self):
        return self.client_id

    def get_allowed_scope(self, scope):
        return scope

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "none"

    def check_grant_type(self, grant_type):
        return True


class Token(TokenMixin):
    def __init__(self, fields, user):
        self.fields, self.user, self.issued_at, self.is_good = fields, user, time.time(), True
        self.client = client

    def check_client(self, client):
        return client.get_client_id() == "spa"

    def get_scope(self):
        return ""

    def get_expires_in(self):
        return self.fields["expires_in"]

    def is_expired(self):
        return time.time() > self.issued_at + self.fields["expires_in"]

    def is_revoked(self):
        return not self.is_good


client = Client()


def find(name, value):
    return next((token for token in tokens if token.fields.get(name) == value), None)


class PasswordGrant(grants.ResourceOwnerPasswordCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def authenticate_user(self, username, password):
        return username if (username, password) == ("ada", "lovelace") else None


class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        token = find("refresh_token", refresh_token)
        return token if token and token.is_good else None

    def authenticate_user(self, credential):
        return credential.user

    def revoke_old_credential(self, credential):
        credential.is_good = False


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = ["none"]

    def query_token(self, token, token_type_hint):
        return find("refresh_token", token) or find("access_token", token)

    def revoke_token(self, token, request):
        token.is_good = False


class Validator(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return find("access_token", token_string)


server = AuthorizationServer(
    app,
    query_client=lambda client_id: client if client_id == "spa" else None,
    save_token=lambda fields, request: tokens.append(Token(fields, request.user)),
)
server.register_grant(PasswordGrant)
server.register_grant(RefreshGrant)
server.register_endpoint(Revocation)
protected = ResourceProtector()
protected.register_token_validator(Validator())


@app.post("/token")
def token():
    return server.create_token_response()


@app.post("/revoke")
def revoke():
    return server.create_endpoint_response("revocation")


@app.get("/me")
@protected()
def me():
    return jsonify(name=current_token.user)


@app.post("/test/revoke")
def revoke_all():
    for token in tokens:
        token.is_good = False
    return jsonify(ok=True)


app.run(host="127.0.0.1", port=int(os.environ["PORT"]), threaded=True)
