-- The four cluster roles of the portal and its database, for a server of your own. Run by its administrator; a second run changes nothing:
--   psql -v database=portal -f docs/roles.sql
-- Give each role a password (\password portal_web …) and put the four addresses into the environment (.env.example).
SELECT format('CREATE ROLE %I LOGIN', role)
    FROM unnest(ARRAY['portal_owner', 'portal_job', 'portal_web', 'portal_read']) AS role
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec
-- Imports, postings, proofs and reports concern everybody: the second wall (portal/walls.py) stands before the web role alone.
SELECT format('ALTER ROLE %I BYPASSRLS', rolname) FROM pg_roles
    WHERE rolname IN ('portal_job', 'portal_read') AND NOT rolbypassrls
\gexec
SELECT format('CREATE DATABASE %I OWNER portal_owner TEMPLATE template0 ENCODING ''UTF8''', :'database')
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO portal_owner, portal_job, portal_web, portal_read;
