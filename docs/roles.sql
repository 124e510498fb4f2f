-- The four cluster roles of the portal, for a database server of your own. Run once by its administrator:
--   psql -v database=portal -f docs/roles.sql
-- Give each role a password (\password portal_web …) and put the four addresses into the environment (.env.example).
CREATE ROLE portal_owner LOGIN;
CREATE ROLE portal_job LOGIN;
CREATE ROLE portal_web LOGIN;
CREATE ROLE portal_read LOGIN;
CREATE DATABASE :"database" OWNER portal_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO portal_owner, portal_job, portal_web, portal_read;
