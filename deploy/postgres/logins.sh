# Run once by the postgres image, when its volume is empty: a login and a database for the doors, and others for the
# engines, which cannot even open the doors'. Neither login is the server's own. Sourced by bash, with psql at hand.
secrets=${SECRETS:-/run/secrets}

psql --set=ON_ERROR_STOP=1 --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set=door="$(cat "$secrets/door_password")" --set=engine="$(cat "$secrets/engine_password")" <<'SQL'
CREATE ROLE tactful LOGIN PASSWORD :'door';
CREATE ROLE tactful_engine LOGIN PASSWORD :'engine';
CREATE DATABASE tactful OWNER tactful;
CREATE DATABASE tactful_trackers OWNER tactful_engine;
REVOKE CONNECT ON DATABASE tactful, tactful_trackers FROM PUBLIC;
SQL
