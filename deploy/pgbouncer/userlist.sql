-- The lines of PgBouncer's userlist.txt: what PostgreSQL itself keeps of the web's password. A superuser runs it, and
-- again after each new password, with RELOAD in PgBouncer's console:
--
--     psql --no-align --tuples-only --file userlist.sql > /etc/pgbouncer/userlist.txt
SELECT format('"%s" "%s"', rolname, rolpassword) FROM pg_authid WHERE rolname = 'foodmood_web';
