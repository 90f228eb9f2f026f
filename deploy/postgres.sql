-- The two logins and the database that several servers share. Run once as a superuser of PostgreSQL 15 or newer:
--
--   psql -v server_password=... -v tenant_password=... -f deploy/postgres.sql
--
-- ourvidz_server owns the tables, applies migrations and works across workspaces (leases, sweeps): it is what
-- database_server_url names. Users' work runs as ourvidz_tenant (database_url), which owns nothing and which
-- row-level security holds to the workspace that it works for. The server refuses to start if it could do more.
CREATE ROLE ourvidz_server LOGIN PASSWORD :'server_password';
CREATE ROLE ourvidz_tenant LOGIN PASSWORD :'tenant_password';
-- Lists in pages rely on the order of bytes.
CREATE DATABASE ourvidz OWNER ourvidz_server TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';
REVOKE ALL ON DATABASE ourvidz FROM PUBLIC;
GRANT CONNECT ON DATABASE ourvidz TO ourvidz_tenant;
