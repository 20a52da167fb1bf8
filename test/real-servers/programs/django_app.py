"""What both Django apps have in common: a database in memory, a user, and a server."""
import os
from wsgiref.simple_server import WSGIServer, make_server
from socketserver import ThreadingMixIn

import django
from django.conf import settings


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def configure(apps, **more):
    settings.configure(
        SECRET_KEY="a key of the test, long enough for HS256",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="__main__",
        USE_TZ=True,
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", *apps],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        # Shared by the threads of the server.
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": "file:latchkey?mode=memory&cache=shared",
                "OPTIONS": {"uri": True, "timeout": 20},
            }
        },
        **more,
    )
    django.setup()


def serve():
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("ada", password="lovelace")
    application = get_wsgi_application()
    return user, lambda: make_server(
        "127.0.0.1", int(os.environ["PORT"]), application, server_class=ThreadingServer
    ).serve_forever()
