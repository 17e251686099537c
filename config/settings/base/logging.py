from foodmood.telemetry.log_settings import configuration

LOG_CLIENT_IP = env["LOG_CLIENT_IP"]
LOGGING = configuration(
    env["LOG_FORMAT"] or ("json" if env["DJANGO_ENV"] == "prod" else "plain"),
    env["LOG_LEVEL"],
    env["LOG_DIR"],
    env["LOG_KEEP_DAYS"],
)
