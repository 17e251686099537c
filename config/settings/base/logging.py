from foodmood.telemetry.log_settings import configuration

LOGGING = configuration(
    env["LOG_FORMAT"] or ("json" if env["DJANGO_ENV"] == "prod" else "plain"),
    env["LOG_LEVEL"],
    env["LOG_DIR"],
    env["LOG_KEEP_DAYS"],
)
