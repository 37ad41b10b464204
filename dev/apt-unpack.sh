#!/bin/sh
# apt-unpack.sh PRIVATE TARGET PACKAGE…
#
# Unpacks packages of Debian or Ubuntu below TARGET, as any user and without installing anything.
# apt keeps its state and cache below PRIVATE, and checks the signatures as ever.
set -eu
private=$1
target=$2
shift 2

apt() {
  apt-get -q \
    -o "Dir::State=$private/state" -o "Dir::State::lists=$private/state/lists" \
    -o Dir::State::status=/dev/null \
    -o "Dir::Cache=$private/cache" -o "Dir::Cache::archives=$private/cache/archives" \
    -o Debug::NoLocking=1 -o Acquire::Languages=none -o Acquire::Retries=2 \
    -o APT::Update::Error-Mode=any -o "APT::Sandbox::User=$(id -un)" "$@"
}

complaint=
if [ ! -d "$private/state" ]; then
  mkdir -p "$private/state/lists/partial" "$private/cache/archives/partial"
  # A broken source of somebody else's makes `update` fail although Debian's own were read: go on,
  # and tell only if the packages cannot be had.
  complaint=$(apt update 2>&1 >/dev/null) || :
fi

mkdir -p "$target"
downloads=$(mktemp -d "$private/download-XXXXXX")
cd "$downloads"
if ! apt download "$@" >/dev/null; then
  [ -z "$complaint" ] || printf '%s\n' "$complaint" >&2
  exit 1
fi
for package in *.deb; do dpkg-deb -x "$package" "$target"; done
rm -r "$downloads"
