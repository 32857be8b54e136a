#!/usr/bin/env bash
# One event with curl: a device is made, then something happens to it.
set -euo pipefail

# Posts a body to a path and prints the answer.
post() {
  curl -sS --fail-with-body -u "${BELFRY_USER:-t1/admin}:$BELFRY_PASSWORD" \
    -H 'Content-Type: application/json' -H 'Accept: application/json' \
    "${BELFRY_URL:-http://127.0.0.1:8080}$1" -d "$2"
}

# The first "id" of an answer is that of the new object.
device=$(post /inventory/managedObjects '{"name": "Front door", "c8y_IsDevice": {}}' |
  sed -E 's/.*"id":"([0-9]+)".*/\1/')

post /event/events '{
  "source": {"id": "'"$device"'"},
  "type": "door_open",
  "text": "Front door opened",
  "time": "2026-02-01T10:00:00+01:00",
  "demo_Door": {"angle": 90, "by": "key"}
}'
echo
