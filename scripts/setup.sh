#!/usr/bin/env bash
# Installs what is missing, and nothing that is there. `setup.sh build` is for building and running,
# `setup.sh test` for the tests in a browser.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { echo "== Set-up: $*"; }
fail() { echo "!! $1" >&2; echo "   Mend: $2" >&2; exit 1; }

# Debian's way of installing, where this user may.
install_package() { # name, what it is for, further options
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        step "installing the package $1 ($2)"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ${3:-} "$1"; } >/dev/null ||
            fail "the package $1 could not be installed" "run apt-get install $1 and read what it says"
    else
        fail "$1 is missing ($2)" "install it with your system's packages"
    fi
}

npm_packages() { # folder, what they are for
    if [ ! "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ]; then
        step "installing npm packages in $1 ($2)"
        npm ci --prefix "$1" --no-audit --no-fund --loglevel=error ||
            fail "npm could not install the packages of $1" "run npm ci --prefix $1 and read what it says"
        touch "$1/node_modules/.package-lock.json"
    fi
}

command -v cargo >/dev/null || fail "Rust is missing" "install it from https://rustup.rs"
command -v npm >/dev/null || install_package npm "it brings wasm-opt and esbuild, which make the browser's module small"

# rustup's list also installs the toolchain that rust-toolchain.toml names, where it is not there.
sysroot=$(rustc --print sysroot)
if [ ! -d "$sysroot/lib/rustlib/wasm32-unknown-unknown" ]; then
    step "adding the compiler's target wasm32-unknown-unknown (the browser's)"
    rustup target add wasm32-unknown-unknown ||
        fail "the target wasm32-unknown-unknown could not be added" "run rustup target add wasm32-unknown-unknown"
fi

if [ -z "${DATABASE_URL:-}" ] && [ -z "${POSTGRES_BIN:-}" ] && ! command -v postgres >/dev/null &&
    ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
    # Only the programs are wanted: the private cluster is made in the data folder.
    if [ "$(id -u)" = 0 ] && [ -d /etc/apt ]; then
        mkdir -p /etc/postgresql-common
        [ -e /etc/postgresql-common/createcluster.conf ] ||
            echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    fi
    install_package postgresql "its programs run the private database; or set DATABASE_URL"
fi

npm_packages frontend "wasm-opt and esbuild"

if [ "${1:-}" = test ]; then
    npm_packages end2end "Playwright and axe"
    if [ -z "${CHROMIUM:-}" ] && ! command -v chromium >/dev/null; then
        install_package chromium "the browser that the tests of the screen use; or set CHROMIUM"
    fi
    command -v soffice >/dev/null ||
        install_package libreoffice-calc-nogui "a spreadsheet, to open what was exported" --no-install-recommends
fi
