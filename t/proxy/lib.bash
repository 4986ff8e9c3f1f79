# lib.bash - each test of hr-proxy is a function of a Python module here
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir home
	export HOME=$PWD/home XDG_STATE_HOME=$PWD/state
	export XDG_CONFIG_HOME=$PWD/config PYTHONDONTWRITEBYTECODE=1
	unset http_proxy https_proxy all_proxy no_proxy
	unset HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
	# Detected by it, but of no use here: every request switches stacks.
	export ASAN_OPTIONS=detect_stack_use_after_return=0
}

# holds MODULE.FUNCTION: run t/proxy/test_MODULE.py's function.
holds() {
	python3 "$SRCDIR/t/proxy/run.py" "$1"
}
