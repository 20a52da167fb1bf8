"""The two usual ways of a FastAPI app: its guard answers 401, or as HTTPBearer 403. The refresh token rotates."""
import os
import secrets
import time

import jwt
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import HTTPBearer, OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

app = FastAPI()
key = "a key of the test, long enough for HS256"
refresh_tokens = {}


def issue(user):
    access = jwt.encode({"sub": user, "exp": time.time() + int(os.environ["LIFETIME"])}, key, "HS256")
    refresh_token = secrets.token_urlsafe(32)
    refresh_tokens[refresh_token] = user
    return {"access_token": access, "refresh_token": refresh_token, "token_type": "bearer"}


class Refresh(BaseModel):
    refresh_token: str


@app.post("/auth/token")
def login(form: OAuth2PasswordRequestForm = Depends()):
    return issue(form.username)


@app.post("/auth/refresh")
def refresh(body: Refresh):
    user = refresh_tokens.pop(body.refresh_token, None)
    if user is None:
        raise HTTPException(401, "Could not validate credentials")
    return issue(user)


def verified(token):
    try:
        return jwt.decode(token, key, ["HS256"])["sub"]
    except jwt.PyJWTError:
        return None


def user_of_oauth2(token: str = Depends(OAuth2PasswordBearer(tokenUrl="/auth/token"))):
    user = verified(token)
    if user is None:
        raise HTTPException(401, "Could not validate credentials", {"WWW-Authenticate": "Bearer"})
    return user


class JWTBearer(HTTPBearer):
    """As tutorials have it."""

    async def __call__(self, request: Request):
        credentials = await super().__call__(request)
        user = verified(credentials.credentials)
        if user is None:
            raise HTTPException(403, "Invalid token or expired token.")
        return user


@app.get("/me")
def me(user: str = Depends(user_of_oauth2)):
    return {"name": user}


@app.get("/bearer/me")
def bearer_me(user: str = Depends(JWTBearer())):
    return {"name": user}


@app.post("/test/revoke")
def revoke():
    refresh_tokens.clear()
    return {"ok": True}


uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
