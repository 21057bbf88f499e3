#!/bin/sh
# Makes what is missing of the secrets that compose.yml names, in a folder (deploy/secrets). What is there stays.
# Example: deploy/postgres/secrets.sh deploy/secrets
set -eu
folder=${1:?the folder for the secrets}
# Closed is the folder: Compose mounts the files one by one, and who runs in a container is not who runs this.
umask 022
mkdir -p "$folder"
chmod 700 "$folder"

made() { # name, then the command whose output is the secret
  name=$1
  shift
  [ -s "$folder/$name" ] || "$@" > "$folder/$name"
}

for name in master_key engine_secret actions_secret; do made "$name" openssl rand -base64 32; done
# Letters and digits only: they stand in the addresses below.
for name in postgres_password door_password engine_password; do made "$name" openssl rand -hex 24; done
made database_url printf 'postgresql://tactful:%s@postgres/tactful' "$(cat "$folder/door_password")"
made tracker_url printf 'postgresql://tactful_engine:%s@postgres/tactful_trackers' "$(cat "$folder/engine_password")"
