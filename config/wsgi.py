from config.env import start

start("prod")

from django.core.wsgi import get_wsgi_application  # noqa: E402 -- the environment comes first

from foodmood.frames import with_room  # noqa: E402 -- as above
from foodmood.liveness import health_at_once  # noqa: E402 -- as above
from foodmood.requests import always_utf8  # noqa: E402 -- as above
from foodmood.startup import report  # noqa: E402 -- as above

application = health_at_once(with_room(always_utf8(get_wsgi_application())))
report()
