-- FoodMood's roles and database, with the least that each role needs. A superuser runs it once before the first
-- `release`, and again whenever a backup was restored; it does no harm more often:
--
--     psql --set ON_ERROR_STOP=1 --file roles.sql
--
-- foodmood      owns the tables: migrations, the worker, backups (DATABASE_DIRECT_URL)
-- foodmood_web  reads and writes rows, and that is all: the web (DATABASE_URL)
--
-- The names are FoodMood's; another database: --set database=NAME.

\if :{?database}
\else
  \set database foodmood
\endif

SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['foodmood', 'foodmood_web']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- From the environment, so that they stand in no list of processes. Without, each stays as it was.
\getenv password FOODMOOD_PASSWORD
\if :{?password}
  ALTER ROLE foodmood PASSWORD :'password';
\endif
\getenv web_password FOODMOOD_WEB_PASSWORD
\if :{?web_password}
  ALTER ROLE foodmood_web PASSWORD :'web_password';
\endif

-- The drill of the backups restores into a database of its own.
ALTER ROLE foodmood NOSUPERUSER NOCREATEROLE NOREPLICATION CREATEDB;
ALTER ROLE foodmood_web NOSUPERUSER NOCREATEROLE NOREPLICATION NOCREATEDB;

-- What bounds the web. Behind PgBouncer it can't bring its bounds itself (docs/database.md).
ALTER ROLE foodmood_web SET statement_timeout = '15s';
ALTER ROLE foodmood_web SET lock_timeout = '5s';
ALTER ROLE foodmood_web SET idle_in_transaction_session_timeout = '30s';

SELECT format('CREATE DATABASE %I OWNER foodmood TEMPLATE template0 ENCODING ''UTF8''', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

\connect :"database"

-- Whoever else has a role on this server has no business in here.
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO foodmood;
GRANT CONNECT ON DATABASE :"database" TO foodmood_web;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- Rows, of the tables that are there and of those that migrations bring.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO foodmood_web;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO foodmood_web;
ALTER DEFAULT PRIVILEGES FOR ROLE foodmood IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO foodmood_web;
ALTER DEFAULT PRIVILEGES FOR ROLE foodmood IN SCHEMA public GRANT USAGE ON SEQUENCES TO foodmood_web;

-- Which statements take the time: SELECT * FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 20;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
