#!/bin/sh
# Installs the Debian packages listed in the given files that are missing. Says what it would need when it may not.
set -eu
wanted=$(sed 's/#.*//' "$@" | tr -s ' \n' '\n' | sort -u | sed '/^$/d')
missing=""
for package in $wanted; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then as_root=""
elif command -v sudo >/dev/null; then as_root="sudo"
else
    echo "Thiếu gói hệ thống / missing system packages. As root, run:" >&2
    echo "  apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
echo "installing system packages:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
