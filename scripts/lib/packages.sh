# shellcheck shell=bash
# Sourced by scripts. need COMMAND PACKAGE…: installs Debian packages where a command is missing, or says how.
has() { PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$1" >/dev/null; }

need() {
  has "$1" && return
  shift
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  if ! command -v apt-get >/dev/null || ! "${sudo[@]}" true 2>/dev/null; then
    echo "$0: missing here: $*; install them first, on Debian: sudo apt-get install $*" >&2
    exit 2
  fi
  printf '\n== Debian packages: %s\n' "$*" >&2
  "${sudo[@]}" apt-get -qq update >&2
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "$@" >&2 || {
    echo "$0: apt-get cannot install $*; see its message above" >&2
    exit 2
  }
}

need_browser() { need chromium chromium fonts-dejavu-core fonts-noto-color-emoji; }
