#!/bin/sh
# Starts PgBouncer in compose.prod.yaml. Who may come in is written into memory, from the secret.
set -eu
umask 077
printf '"foodmood_web" "%s"\n' "$(cat /run/secrets/web_password)" > /tmp/userlist.txt
exec pgbouncer /etc/pgbouncer/pgbouncer.ini
