import os
from datetime import timedelta

from flask import Flask, jsonify, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jti,
    get_jwt_identity,
    jwt_required,
)

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = "a key of the test, long enough for HS256"
app.config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(seconds=int(os.environ["LIFETIME"]))
jwt = JWTManager(app)
issued, revoked = set(), set()


@jwt.token_in_blocklist_loader
def is_revoked(header, payload):
    return payload["jti"] in revoked


@app.post("/login")
def login():
    user = request.json["username"]
    refresh_token = create_refresh_token(identity=user)
    issued.add(get_jti(refresh_token))
    return jsonify(access_token=create_access_token(identity=user), refresh_token=refresh_token)


@app.post("/refresh")
@jwt_required(refresh=True)
def refresh():
    return jsonify(access_token=create_access_token(identity=get_jwt_identity()))


@app.get("/me")
@jwt_required()
def me():
    return jsonify(name=get_jwt_identity())


@app.post("/test/revoke")
def revoke():
    revoked.update(issued)
    return jsonify(ok=True)


app.run(host="127.0.0.1", port=int(os.environ["PORT"]), threaded=True)
