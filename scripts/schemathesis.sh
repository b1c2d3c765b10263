#!/usr/bin/env bash
# Holds the API against its description: Schemathesis reads /api/v1/openapi.json, makes requests that fit it and
# requests that do not, and compares every answer with what is described. It needs a built server ($SERVER), and
# starts it on a database of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

VERSION=4.32.5
TARGET=${CARGO_TARGET_DIR:-target}
SERVER=${SERVER:-$TARGET/release/customer-logs}
TOOL=$(mkdir -p "$TARGET/schemathesis" && cd "$TARGET/schemathesis" && pwd)
ADDRESS=127.0.0.1:3109

step() { echo "== Contract: $*"; }
fail() { echo "!! $1" >&2; echo "   Mend: $2" >&2; exit 1; }

[ -x "$SERVER" ] || fail "there is no server at $SERVER" "run make build"
command -v python3 >/dev/null || fail "python3 is missing (Schemathesis is written in it)" "install Python 3.10 or later"

# In a venv; where the system's Python cannot make one, in a folder.
if [ "$(cat "$TOOL/version" 2>/dev/null)" != "$VERSION" ]; then
    step "installing Schemathesis $VERSION in $TARGET/schemathesis"
    rm -rf "$TOOL/venv" "$TOOL/packages"
    if python3 -m venv "$TOOL/venv" >/dev/null 2>&1; then
        "$TOOL/venv/bin/python" -m pip install -q --disable-pip-version-check "schemathesis==$VERSION"
    else
        rm -rf "$TOOL/venv"
        python3 -m pip install -q --disable-pip-version-check --target "$TOOL/packages" "schemathesis==$VERSION"
    fi || fail "Schemathesis could not be installed" "run pip install schemathesis==$VERSION and read what it says"
    echo "$VERSION" >"$TOOL/version"
fi
PYTHON=python3
if [ -d "$TOOL/venv" ]; then PYTHON=$TOOL/venv/bin/python; else export PYTHONPATH=$TOOL/packages; fi

# PostgreSQL does not run as root, and must come through to its folder.
export DATA_DIR
DATA_DIR=$(mktemp -d)
chmod 755 "$DATA_DIR"
unset DATABASE_URL
export APP_INSTANCE=contract RUST_LOG=${RUST_LOG:-warn}
LEPTOS_SITE_ADDR=$ADDRESS "$SERVER" serve >"$DATA_DIR/server.log" 2>&1 &
SERVER_ID=$!
finish() {
    kill "$SERVER_ID" 2>/dev/null || true
    wait "$SERVER_ID" 2>/dev/null || true
    rm -rf "$DATA_DIR"
}
trap finish EXIT

step "starting the server"
"$PYTHON" - "http://$ADDRESS/readyz" "$SERVER_ID" <<'END' || {
import os, sys, time, urllib.request
for _ in range(300):
    os.kill(int(sys.argv[2]), 0)
    try:
        urllib.request.urlopen(sys.argv[1], timeout=2)
        sys.exit(0)
    except OSError:
        time.sleep(0.2)
sys.exit(1)
END
    cat "$DATA_DIR/server.log" >&2
    fail "the server did not get ready" "read above what it says"
}

export WRITE_KEY READ_KEY
WRITE_KEY=$("$SERVER" api-key create --name contract-write --scope write 2>/dev/null)
READ_KEY=$("$SERVER" api-key create --name contract-read --scope read 2>/dev/null)

# What Schemathesis cannot know of this API.
cat >"$DATA_DIR/hooks.py" <<'END'
import itertools
import json

import schemathesis

numbers = itertools.count(1)


def unique(text):
    return f"{next(numbers)}-{text}"


@schemathesis.hook
def before_load_schema(ctx, raw_schema):
    # OpenAPI 3.1 cannot say what a line of a body is; x-line does.
    for path in raw_schema["paths"].values():
        content = path.get("post", {}).get("requestBody", {}).get("content", {})
        for body in content.values():
            if "x-line" in body:
                body["schema"] = {"type": "array", "minItems": 1, "items": body["x-line"]}


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    if isinstance(value, str):
        return value.encode()
    items = value if isinstance(value, list) else [value]
    return "".join(json.dumps(item) + "\n" for item in items).encode()


MOMENTS = ["today", "yesterday", "month", "-7d", "-15m", "2026-03-12", "2026-03-12T14:22", "2026-03-12T14:22:31.5Z"]


@schemathesis.hook
def before_call(ctx, case, kwargs):
    # The same id, or Idempotency-Key, with something else is refused, and so is another currency for the same
    # customer, and rightly so: what is to be taken gets ids and keys of its own.
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # Nor can it know which time zones there are, what a moment is, or what the search language takes; and all
    # filters together make an address longer than any that is taken.
    query = case.query or {}
    if "tz" in query:
        query["tz"] = "America/Sao_Paulo"
    for moment in ("from", "to"):
        if moment in query:
            query[moment] = MOMENTS[len(query[moment]) % len(MOMENTS)]
    if isinstance(query.get("q"), str):
        query["q"] = query["q"].replace(":", " ").replace('"', " ")
    filters = [name for name, value in query.items() if isinstance(value, list) and name != "columns"]
    for name in filters[3:]:
        del query[name]
    if case.method.upper() == "PUT" and isinstance(case.body, dict):
        if "currency" in case.body:
            case.path_parameters["customer_id"] = unique(case.path_parameters["customer_id"])[:64]
        # To JSON Schema 1.0 is a whole number; an amount of money is to be written as one.
        if isinstance(case.body.get("daily_limit"), float):
            case.body["daily_limit"] = int(case.body["daily_limit"])
    if case.method.upper() != "POST":
        return
    if "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = unique(case.headers["Idempotency-Key"])[:255].rstrip()
    for item in case.body if isinstance(case.body, list) else [case.body]:
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            item["id"] = unique(item["id"])[:128]
END

cat >"$DATA_DIR/schemathesis.toml" <<'END'
# Nothing is kept from one run to the next: each finds the same, everywhere.
[cache]
enabled = false

# Whatever fits the description is taken whole; of items that do not fit some may be recorded, which is 207.
[[operations]]
include-operation-id = "record"
checks.positive_data_acceptance.expected-statuses = ["200"]
checks.negative_data_rejection.expected-statuses = ["207", "400", "401", "403", "413", "415", "422"]
END

# All checks but use_after_free and ensure_resource_availability (nothing is ever removed, and what was added is
# read with another key than it was written with) and object_level_authorization (keys are not bound to
# customers; for sessions, server/tests/api/access.rs tests it).
CHECKS=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
CHECKS+=,response_headers_conformance,negative_data_rejection,positive_data_acceptance,missing_required_header
CHECKS+=,unsupported_method,allow_header_conformance,ignored_auth

run() { # what it is, the key, then what schemathesis run takes
    step "$1"
    local key=$2
    shift 2
    HYPOTHESIS_STORAGE_DIRECTORY=$DATA_DIR/hypothesis SCHEMATHESIS_HOOKS=$DATA_DIR/hooks.py \
        "$PYTHON" -m schemathesis.cli --config-file "$DATA_DIR/schemathesis.toml" \
        run "http://$ADDRESS/api/v1/openapi.json" --header "Authorization: Bearer $key" --checks "$CHECKS" \
        --phases examples,coverage,fuzzing --max-examples "${EXAMPLES:-150}" --seed 1 \
        --generation-database none --no-color "$@"
}

# Each goes on where the one before found something: one look at everything that is wrong.
found=0
run "recording" "$WRITE_KEY" --include-tag Record || found=1
run "reading, of logs that are mostly not there" "$READ_KEY" --exclude-tag Record || found=1
cat >>"$DATA_DIR/schemathesis.toml" <<'END'

[[operations]]
include-tag = "Read"
parameters = { "path.customer_id" = "20401" }
END
run "reading, of one that is" "$READ_KEY" --include-tag Read --phases fuzzing || found=1
exit $found
