# shellcheck shell=bash
# made by `make completions'
