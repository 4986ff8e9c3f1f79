#!/usr/bin/env bats
# hr-route.bats - each text to the squasher that knows it

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	export HOME=$BATS_TEST_TMPDIR/home
	mkdir "$HOME"
	unset XDG_STATE_HOME
}

is() {
	local got
	got=$(hr-route --detect)
	echo "# $got, should be $1"
	[ "$got" = "$1" ]
}

@test "--detect tells JSON from lines of JSON and from the rest" {
	printf '{"a":1}' | is json
	printf ' \n[1,\n2]\n' | is json
	printf '{"a":1}\n{"a":2}\n' | is ndjson
	printf '[1] [2]' | is ndjson
	printf '{\n "a":1\n}\n{\n "a":2\n}\n' | is ndjson
	printf '1\n2\n3\n' | is text
	printf '"text"' | is text
	printf 'hello\n' | is text
	printf '' | is empty
	printf ' \n\t' | is empty
	printf 'a\0b' | is binary
	printf 'caf\351\n' | is binary
}

@test "what only begins like JSON is not JSON" {
	printf '{"a":1' | is text
	printf '[INFO] started\n[INFO] stopped\n' | is text
	printf '{"a":1}\nand then text\n' | is text
	printf '{{ template }}\n' | is text
	printf '[1,2,]' | is text
}

@test "JSON goes to the JSON squasher, with all options" {
	seq 300 | jq -n '[inputs | {id: ., state: "fine"}]' >in
	for o in '--level lossless' '--level tight' '--no-store' \
	    '--budget 50' '--query 217'; do
		hr-route $o <in >routed
		hr-squash-json $o <in >direct
		cmp routed direct
		[ "$(wc -c <routed)" -lt "$(wc -c <in)" ]
	done
}

@test "everything else passes byte for byte" {
	printf 'text, with a [bracket] and no end' >in
	hr-route <in >out
	cmp in out
	printf '\0\377\376{"a":1}' >in
	hr-route <in >out
	cmp in out
	hr-route --explain <in >out 2>err
	cmp in out
	grep -qx 'hr-route: passed through: another format' err
}
