#!/bin/sh
# Writes the three lock files anew from pyproject.toml and requirements-build.in. Needs pip-tools on PATH.
set -eu
cd "$(dirname "$0")/.."
compile() { pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-header \
    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links "$@"; }
compile -o requirements-build.lock requirements-build.in
compile --extra pades --extra dev -o requirements-dev.lock pyproject.toml
compile --extra pades -c requirements-dev.lock -o requirements.lock pyproject.toml
