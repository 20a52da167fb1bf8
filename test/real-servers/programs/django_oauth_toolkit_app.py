import os

from django_app import configure, serve

configure(
    ["oauth2_provider"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["oauth2_provider.contrib.rest_framework.OAuth2Authentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    },
    OAUTH2_PROVIDER={
        "ACCESS_TOKEN_EXPIRE_SECONDS": int(os.environ["LIFETIME"]),
        "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
    },
)

from django.http import JsonResponse
from django.urls import include, path
from oauth2_provider.models import Application, RefreshToken
from rest_framework.decorators import api_view
from rest_framework.response import Response


@api_view()
def me(request):
    return Response({"name": request.user.username})


def revoke(request):
    for token in RefreshToken.objects.filter(revoked__isnull=True):
        token.revoke()
    return JsonResponse({"ok": True})


urlpatterns = [
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("me/", me),
    path("test/revoke", revoke),
]

user, run = serve()
Application.objects.create(
    client_id="spa",
    client_type=Application.CLIENT_PUBLIC,
    authorization_grant_type=Application.GRANT_PASSWORD,
    user=user,
)
run()
