#!/bin/sh
# Every check but the tests: runs all of them, then names those that failed. Ends with 1 if one did.
cd "$(dirname "$0")/.." || exit 1
PATH=$PWD/.venv/bin:$PATH
PYTHONPATH=src:.
DJANGO_SETTINGS_MODULE=motcua.config.settings.test
MOTCUA_SECRET_KEY=${MOTCUA_SECRET_KEY:-for checks only}
MOTCUA_JOURNAL_KEY=${MOTCUA_JOURNAL_KEY:-for checks only}
MOTCUA_DATABASE_ROLE=owner
export PATH PYTHONPATH DJANGO_SETTINGS_MODULE MOTCUA_SECRET_KEY MOTCUA_JOURNAL_KEY MOTCUA_DATABASE_ROLE
mkdir -p build
log=build/check.log
failed=

# check TITLE COMMAND...: one line with the time it took; the output only when it fails.
check() {
    title=$1
    shift
    started=$(date +%s)
    if "$@" >"$log" 2>&1 </dev/null; then result=passed; else result=FAILED; fi
    printf '%-14s %s, %s s\n' "$title" "$result" $(($(date +%s) - started))
    if [ "$result" = FAILED ]; then
        cat "$log"
        failed="$failed${failed:+, }$title"
    fi
}

check format ruff format --check .
check lint ruff check .
check types mypy
check imports lint-imports
check migrations motcua makemigrations --check --dry-run
check packs motcua pack lint packs/vn --level warning
[ ! -e tools/check_translations.py ] || check translations python tools/check_translations.py
[ ! -e tools/map.py ] || check map python tools/map.py --check

if [ -n "$failed" ]; then
    echo "Failed: $failed."
    exit 1
fi
echo "All checks passed."
