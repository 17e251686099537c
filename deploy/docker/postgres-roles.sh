#!/bin/sh
# PostgreSQL's image runs this once, when its folder is new. Again after a restore, and after a new password:
#   docker compose -f docker-compose.prod.yml exec postgres /docker-entrypoint-initdb.d/roles.sh
set -eu
FOODMOOD_PASSWORD=$(cat /run/secrets/owner_password)
FOODMOOD_WEB_PASSWORD=$(cat /run/secrets/web_password)
export FOODMOOD_PASSWORD FOODMOOD_WEB_PASSWORD
psql --no-psqlrc --quiet --output /dev/null --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
    --file /etc/postgresql/roles.sql
