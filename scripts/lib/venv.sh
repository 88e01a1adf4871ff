# shellcheck shell=bash
# Sourced by scripts. make_venv PYTHON FOLDER [OPTION…] makes a virtual environment where there is none; afterwards
# "${pip[@]}" is the pip that installs into it. The options are those of venv.
make_venv() {
  [ -x "$2/bin/python" ] || "$1" -m venv "${@:3}" "$2" 2>/dev/null ||
    "$1" -m venv --without-pip --clear "${@:3}" "$2"
  local try
  # Some Debian Pythons come without pip; any other pip can install into their environments.
  for try in "$2/bin/python -m pip" "python3 -m pip --python $2/bin/python" ".venv/bin/python -m pip --python $2/bin/python"; do
    read -ra pip <<< "$try"
    if "${pip[@]}" --version >/dev/null 2>&1; then
      pip+=(--disable-pip-version-check)
      return
    fi
  done
  echo "$0: this Python has neither pip nor ensurepip; on Debian: sudo apt-get install python3-venv" >&2
  return 2
}
