"""Which right the role lacks that migrates, and the statement that grants it."""

from django.db import DatabaseError, connection

# Since PostgreSQL 15, only a database's owner may create tables in its schema public.
LACKING = """
    WITH place AS (SELECT coalesce(current_schema(), 'public') AS schema)
    SELECT schema, current_user,
        CASE WHEN to_regnamespace(quote_ident(schema)) IS NULL THEN true ELSE
            has_schema_privilege(quote_ident(schema), 'USAGE') AND has_schema_privilege(quote_ident(schema), 'CREATE')
        END,
        format('GRANT USAGE, CREATE ON SCHEMA %%I TO %%I;', schema, current_user),
        (SELECT string_agg(format('ALTER TABLE %%I.%%I OWNER TO %%I;', schemaname, tablename, current_user), ' ')
         FROM (SELECT * FROM pg_tables
               WHERE schemaname = schema AND NOT pg_has_role(tableowner, 'USAGE') ORDER BY tablename LIMIT 3) AS others)
    FROM place
"""


def missing_right() -> str:
    """Return what the role may not do and how to allow it; "" if it has all that migrations need."""
    if connection.vendor != "postgresql":
        return ""
    try:
        with connection.cursor() as cursor:
            cursor.execute(LACKING, [])
            schema, role, may_create, grant, owners = cursor.fetchone()
    except DatabaseError:
        return ""
    name = connection.settings_dict["NAME"]
    if not may_create:
        return (
            f"The role {role} may not create tables in the schema {schema} of the database {name}. Its owner or a"
            f" superuser has to run there: {grant}"
        )
    if owners:
        return (
            f"Tables in the database {name} belong to another role than {role}, which may not change them. Their owner"
            f" or a superuser has to run there, for each such table: {owners}"
        )
    return ""
