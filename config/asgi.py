from config.env import start

start("prod")

from django.core.asgi import get_asgi_application  # noqa: E402 -- the environment comes first

from foodmood.startup import report  # noqa: E402 -- as above

application = get_asgi_application()
report()
