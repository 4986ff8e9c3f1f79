#!/usr/bin/env bats
# tiktoken.bats - hr-count against the reference, npm's tiktoken

bats_require_minimum_version 1.5.0

setup() {
	command -v node >/dev/null || skip "no node"
	[ -d "$SRCDIR/t/npm/node_modules/tiktoken" ] ||
	    skip "no tiktoken: npm ci in t/npm"
	cd "$BATS_FILE_TMPDIR"
	[ -d texts ] || node "$SRCDIR/t/gentext.mjs" texts 300
	: >texts/empty
}

same_counts() {
	node "$SRCDIR/t/tiktoken.mjs" "$1" texts/* >"want.$1"
	hr-count -m "$1" texts/* | sed -e '$d' -e 's/^ *//' >"got.$1"
	[ -s "want.$1" ]
	diff "want.$1" "got.$1"
}

@test "o200k_base: generated texts have the counts of tiktoken" {
	same_counts o200k_base
}

@test "cl100k_base: generated texts have the counts of tiktoken" {
	same_counts cl100k_base
}
