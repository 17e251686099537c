#!/bin/sh
# Starts PgBouncer in docker-compose.prod.yml. Who may come in is written into memory, from the secret.
set -eu
umask 077
printf '"foodmood_web" "%s"\n' "$(cat /run/secrets/web_password)" > /tmp/userlist.txt
exec pgbouncer /etc/pgbouncer/pgbouncer.ini
