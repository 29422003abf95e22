-- Takes from the account that the portal runs under what nobody may do to the audit trail: change, delete, truncate.
-- Run it once after the first migration, as the owner of the database:
--     psql --username=portal --dbname=portal --file=deploy/audit_rights.sql
--     psql --username=portal --dbname=portal --command='\password portal_app'
-- Then let the portal run as portal_app (DATABASE_URL). The owner alone runs `manage.py migrate` and `manage.py prune_audit`.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') THEN
        CREATE ROLE portal_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO portal_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO portal_app;
-- The same for tables that later migrations make.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO portal_app;

REVOKE UPDATE, DELETE, TRUNCATE ON foundation_auditentry, foundation_auditseal, foundation_auditcheckpoint FROM portal_app;
