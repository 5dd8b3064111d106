#!/bin/sh
# Makes a distribution in a CI job: the GitHub action and the GitLab template run this file, and so can any other.
#
# What is made is said in the environment; only one of the first two is needed.
#   DISTRO_MANIFEST   the manifest
#   DISTRO_CONFIG     a collector configuration to derive the manifest from
#   DISTRO_OUTPUT     where everything goes (dist)
#   DISTRO_TARGETS    what to compile for, separated by blanks (this machine)
#   DISTRO_IMAGE      the image's name; without one there is no image
#   DISTRO_PUSH       `true`: push the image to its registry
#   DISTRO_PACKAGES   package formats, separated by commas (deb,rpm,tar.gz)
#   DISTRO_SBOM       formats of the bill of materials, separated by commas (cyclonedx,spdx)
#   DISTRO_MAX_SIZE   fail if the binary is larger (6MB)
#   DISTRO_ARGUMENTS  further arguments of `slimcol build`, separated by blanks
#   SLIMCOL           the program; by default the one on the path, else it is installed from beside this file
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
output=${DISTRO_OUTPUT:-dist}

if [ -z "${SLIMCOL:-}" ]; then
  SLIMCOL=slimcol
  command -v slimcol >/dev/null || {
    cargo install --locked --quiet --path "$here/../builder"
    SLIMCOL=${CARGO_HOME:-$HOME/.cargo}/bin/slimcol
  }
fi

set -- build --json --output-path "$output"
if [ -n "${DISTRO_MANIFEST:-}" ] && [ -n "${DISTRO_CONFIG:-}" ]; then
  echo 'distro.sh: set DISTRO_MANIFEST or DISTRO_CONFIG, not both' >&2
  exit 1
elif [ -n "${DISTRO_MANIFEST:-}" ]; then
  set -- "$@" --config "$DISTRO_MANIFEST"
elif [ -n "${DISTRO_CONFIG:-}" ]; then
  set -- "$@" --from-config "$DISTRO_CONFIG"
else
  echo 'distro.sh: set DISTRO_MANIFEST to a manifest, or DISTRO_CONFIG to a collector configuration' >&2
  exit 1
fi
for target in ${DISTRO_TARGETS:-}; do
  set -- "$@" --target "$target"
done
[ -z "${DISTRO_IMAGE:-}" ] || set -- "$@" "--image=$DISTRO_IMAGE"
[ -z "${DISTRO_PACKAGES:-}" ] || set -- "$@" --package "$DISTRO_PACKAGES"
[ -z "${DISTRO_SBOM:-}" ] || set -- "$@" --sbom "$DISTRO_SBOM"
[ -z "${DISTRO_MAX_SIZE:-}" ] || set -- "$@" --max-size "$DISTRO_MAX_SIZE"
# Blanks separate arguments here as in every CI system's own settings.
# shellcheck disable=SC2086
set -- "$@" ${DISTRO_ARGUMENTS:-}

events=$(mktemp)
trap 'rm -f "$events"' EXIT
status=0
"$SLIMCOL" "$@" >"$events" || status=$?
# The log is read by people: what was said, and not how far the compiler was each second.
grep -v '"event":"progress"' "$events" || true
[ "$status" -eq 0 ] || exit "$status"

# The field of every artifact of a kind. The events' fields have a fixed order, and paths no quotation marks.
artifact() {
  sed -n "s/^{\"event\":\"artifact\",\"kind\":\"$1\",.*\"$2\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$events"
}

binary=$(artifact binary path | head -n 1)
bytes=$(artifact binary bytes | head -n 1)
image=$(artifact image path | head -n 1)

digest=
if [ "${DISTRO_PUSH:-false}" = true ]; then
  [ -n "$image" ] || {
    echo 'distro.sh: DISTRO_PUSH needs DISTRO_IMAGE' >&2
    exit 1
  }
  digest=$("$SLIMCOL" --quiet push --image "$image" "$DISTRO_IMAGE")
fi

if [ -n "${GITHUB_OUTPUT:-}" ]; then
  {
    echo "binary=$binary"
    echo "bytes=$bytes"
    echo "image=$image"
    echo "digest=$digest"
  } >>"$GITHUB_OUTPUT"
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  {
    echo '| made | bytes |'
    echo '|---|---|'
    # The backquotes are Markdown's.
    # shellcheck disable=SC2016
    sed -n 's/^{"event":"artifact","kind":"\([^"]*\)","path":"\([^"]*\)","bytes":\([0-9]*\).*/| \1 `\2` | \3 |/p' "$events"
  } >>"$GITHUB_STEP_SUMMARY"
fi
