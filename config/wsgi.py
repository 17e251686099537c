from config.env import hide_script_name, start

start("prod")

from django.conf import settings  # noqa: E402 -- the environment comes first
from django.core.wsgi import get_wsgi_application  # noqa: E402 -- as above

from foodmood.frames import with_room  # noqa: E402 -- as above
from foodmood.liveness import health_at_once  # noqa: E402 -- as above
from foodmood.requests import always_utf8  # noqa: E402 -- as above
from foodmood.startup import report  # noqa: E402 -- as above
from foodmood.sub_path import below  # noqa: E402 -- as above

application = health_at_once(with_room(always_utf8(get_wsgi_application())))
application = below(settings.FORCE_SCRIPT_NAME or "", application)
hide_script_name()
report()
