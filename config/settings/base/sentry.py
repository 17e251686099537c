# None: nothing is told to anybody, and nothing of it is loaded.
SENTRY = None

if env["SENTRY_DSN"]:
    SENTRY = {
        "dsn": env["SENTRY_DSN"],
        "environment": env["SENTRY_ENVIRONMENT"],
        "release": env["SENTRY_RELEASE"],
        "traces": env["SENTRY_TRACES_SAMPLE_RATE"],
        "profiles": env["SENTRY_PROFILES_SAMPLE_RATE"],
    }
    MIDDLEWARE.insert(1, "foodmood.telemetry.sentry.named")  # where the request has its name
