#!/bin/sh
# Run once by the image of PostgreSQL, when its volume is new.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v server_password="$SERVER_PASSWORD" -v tenant_password="$TENANT_PASSWORD" \
    -f /ourvidz/postgres.sql
