#!/bin/sh
# apt-unpack.sh PRIVATE TARGET PACKAGE…
#
# Unpacks packages of Debian or Ubuntu below TARGET, together with what they depend on and the system
# lacks. Works as any user and installs nothing. apt keeps its state and cache below PRIVATE, and
# checks the signatures as usual.
set -eu
private=$1
target=$2
shift 2

apt() {
  apt-get -qy \
    -o "Dir::State=$private/state" -o "Dir::State::lists=$private/state/lists" \
    -o Dir::State::status=/var/lib/dpkg/status \
    -o "Dir::Cache=$private/cache" -o "Dir::Cache::archives=$private/cache/archives" \
    -o Debug::NoLocking=1 -o Acquire::Languages=none -o Acquire::Retries=2 \
    -o APT::Update::Error-Mode=any -o "APT::Sandbox::User=$(id -un)" "$@"
}

mkdir -p "$private/state/lists/partial" "$private/cache/archives/partial" "$target"
# A broken third-party source makes `update` fail although it has read Debian's own: report its
# problem only if the packages cannot be downloaded.
problem=$(apt update 2>&1 >/dev/null) || :
if ! apt install --reinstall --download-only --no-install-recommends "$@" >/dev/null; then
  [ -z "$problem" ] || printf '%s\n' "$problem" >&2
  exit 1
fi
for package in "$private"/cache/archives/*.deb; do dpkg-deb -x "$package" "$target"; done
