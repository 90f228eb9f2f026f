-- Who may see which row, in PostgreSQL. Applied after the migrations, again whenever one of them is new, so that
-- a new table has its rule from its first moment:
--   * a table with a column workspace_id: the rows of the workspace that the transaction works for;
--   * the tables in the list below: reached through another, or shared by everybody;
--   * any other: nothing, for anybody but the server.
-- The server's own login owns the tables, and owners are not limited. The tenant's login is
-- ourvidz.tenant_login; the workspace is ourvidz.workspace, set for each transaction.

DO $$
DECLARE
    tenant text := current_setting('ourvidz.tenant_login');
    mine text := 'current_setting(''ourvidz.workspace'', true)';
    relation record;
    rule text;
BEGIN
    FOR relation IN
        SELECT c.oid, c.relname, c.relkind FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    LOOP
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, %I', relation.relname, tenant);
        CONTINUE WHEN relation.relkind NOT IN ('r', 'p');
        rule := CASE
            WHEN relation.relname = 'workspaces' THEN 'id = ' || mine
            WHEN relation.relname = 'attempts' THEN
                'EXISTS (SELECT 1 FROM jobs j WHERE j.id = job_id AND j.workspace_id = ' || mine || ')'
            WHEN relation.relname IN ('asset_files', 'checks') THEN
                'EXISTS (SELECT 1 FROM assets a WHERE a.id = asset_id AND a.workspace_id = ' || mine || ')'
            WHEN EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = relation.oid
                         AND a.attname = 'workspace_id' AND NOT a.attisdropped) THEN 'workspace_id = ' || mine
        END;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', relation.relname);
        EXECUTE format('DROP POLICY IF EXISTS tenant ON %I', relation.relname);
        CONTINUE WHEN rule IS NULL;
        EXECUTE format('CREATE POLICY tenant ON %I USING (%s) WITH CHECK (%s)', relation.relname, rule, rule);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO %I', relation.relname, tenant);
    END LOOP;

    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), tenant);

    -- Shared, to read only: how long kinds of jobs took, how long the line is, in what
    -- shares, and how much waits. None says whose.
    IF to_regclass('durations') IS NOT NULL THEN
        EXECUTE 'CREATE POLICY tenant ON durations FOR SELECT USING (true)';
        EXECUTE format('GRANT SELECT ON durations TO %I', tenant);
    END IF;
    IF to_regclass('queue_line') IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ON queue_line TO %I', tenant);
    END IF;
    IF to_regclass('queue_shares') IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ON queue_shares TO %I', tenant);
    END IF;
    IF to_regclass('queue_length') IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ON queue_length TO %I', tenant);
    END IF;
END
$$;
