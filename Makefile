# What there is to do, and nothing to remember. `make run` and `make test` do all the set-up themselves.

TARGET   := $(or $(CARGO_TARGET_DIR),target)
SERVER   := $(TARGET)/release/customer-logs
BUNDLE   := $(TARGET)/release/bundle
WASM     := $(TARGET)/wasm32-unknown-unknown/wasm-release/frontend.wasm
SITE     := $(TARGET)/site
# Beside the server: it tells the names of the files in $(SITE).
HASHES   := $(TARGET)/release/hash.txt

export LEPTOS_SITE_ROOT ?= $(SITE)

.PHONY: help run test build lint unit contract end2end bench screenshots format clean

help: ## Show this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /  make \1\t/' | expand -t 20

run: build ## Serve the product on http://127.0.0.1:3000, with demo data on the first start
	@echo "== Serving. The private PostgreSQL and its data are in $${DATA_DIR:-./data}."
	@exec $(SERVER) serve --demo-if-empty

build: ## Build server and browser's module in release
	@scripts/setup.sh build
	@echo "== Building the server (some 4 minutes the first time)"
	@cargo build --locked --release -p server -p bundle
	@echo "== Building the browser's module (some 2 minutes the first time)"
	@cargo build --locked --profile wasm-release -p frontend --target wasm32-unknown-unknown
	@$(MAKE) --silent --no-print-directory $(HASHES)

$(HASHES): $(WASM) $(BUNDLE) $(wildcard style/*) frontend/package-lock.json
	@echo "== Bundling what the browser loads"
	@$(BUNDLE) $(WASM) $(SITE) $@

test: lint unit contract end2end ## Do all the set-up and run every test

lint: ## Check format, lints (native and wasm32) and licences
	@scripts/setup.sh build
	@echo "== Format"
	@cargo fmt --all --check
	@echo "== Lints, native"
	@cargo clippy --locked --release -p app -p server -p bundle -p customer-logs-client --all-targets -- -D warnings
	@echo "== Lints, wasm32"
	@cargo clippy --locked --profile wasm-release -p frontend --target wasm32-unknown-unknown -- -D warnings
	@echo "== Licences"
	@node scripts/licences.mjs

unit: ## Test pure logic, and the server against a real PostgreSQL (make unit T=name runs one)
	@scripts/setup.sh build
	@echo "== Tests of logic and server"
	@cargo test --locked --release -p app -p server $(T)
	@echo "== Tests of the client (by itself: its https would become everybody's)"
	@cargo test --locked --release -p customer-logs-client $(T)

contract: build ## Hold the API against its description, with requests that Schemathesis makes up
	@echo "== Tests of the API's description"
	@SERVER=$(abspath $(SERVER)) scripts/schemathesis.sh

end2end: build ## Test the screen in a real Chromium (make end2end T=name runs one)
	@scripts/setup.sh test
	@echo "== Tests of the screen"
	@cd end2end && SERVER=$(abspath $(SERVER)) LEPTOS_SITE_ROOT=$(abspath $(SITE)) npx playwright test $(T)

bench: ## Measure how fast it is, against plain Postgres (ENTRIES=20000000, ONLY=pages, BENCH_OUT=docs/bench)
	@scripts/setup.sh build
	@echo "== Measuring (some ten minutes, after building; the first time it makes its data)"
	@cargo bench --locked --profile release -p app -p server --bench speed -- \
		$(if $(ENTRIES),--entries $(ENTRIES)) $(if $(ONLY),--only $(ONLY)) \
		$(if $(BENCH_OUT),--out $(abspath $(BENCH_OUT)))

screenshots: build ## Take the pictures in end2end/screenshots anew
	@scripts/setup.sh test
	@cd end2end && SCREENSHOTS=1 SERVER=$(abspath $(SERVER)) LEPTOS_SITE_ROOT=$(abspath $(SITE)) npx playwright test screenshots

format: ## Format the code
	@cargo fmt --all

clean: ## Remove everything that was built (not the data)
	@cargo clean
	@rm -rf frontend/node_modules end2end/node_modules end2end/results
