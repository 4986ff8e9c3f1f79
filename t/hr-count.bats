#!/usr/bin/env bats
# hr-count.bats - what the command says and how it ends

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	printf 'hello world\n' >a
	printf 'one two three four five six' >b
	: >empty
}

# Like run, with the status as it is: status, the files out and err.
try() {
	status=0
	"$@" >out 2>err || status=$?
}

@test "counts standard input without a name" {
	try hr-count <a
	[ "$status" -eq 0 ]
	printf '3\n' | cmp - out
	try hr-count - <a
	printf '3 -\n' | cmp - out
}

@test "counts files and adds up" {
	try hr-count a b empty
	[ "$status" -eq 0 ]
	printf '%7d %s\n' 3 a 6 b 0 empty 9 total | cmp - out
}

@test "one file has no total" {
	try hr-count a
	printf '3 a\n' | cmp - out
}

@test "goes on after a file that cannot be read" {
	try hr-count a nothere . b
	[ "$status" -eq 1 ]
	printf '%7d %s\n' 3 a 6 b 9 total | cmp - out
	grep -q "^hr-count: cannot read 'nothere': No such file" err
	grep -q "^hr-count: cannot read '\.': Is a directory" err
}

@test "models have encodings" {
	printf 'नमस्ते दुनिया' >hindi
	for m in gpt-4o gpt-5 o3-mini o200k_base; do
		try hr-count -m $m hindi
		printf '5 hindi\n' | cmp - out
	done
	for m in gpt-4 gpt-3.5-turbo cl100k_base; do
		try hr-count --model=$m hindi
		printf '13 hindi\n' | cmp - out
	done
}

@test "estimates are marked" {
	seq 1 100 >n
	try hr-count -m claude-sonnet-4-5 n
	[ "$status" -eq 0 ]
	grep -qx ' *~[0-9]* n' out
	try hr-count -m gemini-2.5-pro --json n
	grep -q ',"estimated":true}$' out
}

@test "an unknown model is wrong usage" {
	try hr-count -m nosuch a
	[ "$status" -eq 2 ]
	[ ! -s out ]
	grep -q "^hr-count: no such model: 'nosuch'" err
	try hr-count --nosuch
	[ "$status" -eq 2 ]
}

@test "JSON has an object a file and no total" {
	try hr-count --json a - <b
	[ "$status" -eq 0 ]
	cat >want <<-'EOF'
	{"file":"a","bytes":12,"tokens":3}
	{"file":"-","bytes":27,"tokens":6}
	EOF
	cmp want out
}

@test "JSON escapes names" {
	name=$(printf 'a"b\\c\td\351')
	cp a "$name"
	try hr-count --json "$name"
	printf '{"file":"a\\"b\\\\c\\td\357\277\275","bytes":12,"tokens":3}\n' |
	    cmp - out
}

@test "input in odd chunks has the same count" {
	seq 1 30000 | sed 's/7/ word /g' >n
	hr-count <n >want
	{ head -c 70001 n; sleep 0.1; tail -c +70002 n; } | hr-count >out
	cmp want out
}

@test "a run longer than a chunk is counted" {
	head -c 300000 /dev/zero | tr '\0' a >run
	try hr-count run
	[ "$status" -eq 0 ]
	printf '37500 run\n' | cmp - out
}

@test "a full disk is an error" {
	[ -e /dev/full ] || skip "no /dev/full"
	status=0
	hr-count a >/dev/full 2>err || status=$?
	[ "$status" -eq 1 ]
	grep -q "^hr-count: " err
}

@test "options end at --" {
	cp a ./-m
	try hr-count -- -m
	[ "$status" -eq 0 ]
	printf '3 -m\n' | cmp - out
}
