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
	printf 'a.c:%d:x\n' 1 2 3 4 5 6 7 8 | is list
	printf -- '--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n' | is diff
	printf 'Links: [%s]\n\nThese.\n' '"a", "b", "c", "d"' | is mixed
	printf 'int\nmain(void)\n{\n\treturn 0;\n}\n' | is source
	printf 'a: 1\nb:\n- 2\n- 3\n' | is yaml
	printf '# c\na: 1\nb:\n- 2\n- 3\n' | is settings
	printf 'a,b,c\n1,2,3\n4,5,6\n7,8,9\n' | is csv
	printf 'a\tb\n1\tx y\n2\tz\n3\t\n' | is tsv
	printf '| a | b |\n|---|---|\n| 1 | x |\n| 2 | y |\n| 3 | z |\n' |
	    is 'markdown table'
	printf '# A\n\nText.\n\n## B\n\nMore.\n' | is markdown
	seq 300 | sed 's/^/took /' >in
	hr-squash-log --no-store --level balanced <in | is 'short form'
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

@test "each format goes to its squasher" {
	for i in {1..40}; do echo "lib/some/file.c:$i:	int x$i;"; done >in
	hr-route <in >routed
	hr-squash-list <in >direct
	cmp routed direct
	[ "$(wc -c <routed)" -lt "$(wc -c <in)" ]
	for i in {1..99}; do echo "10:00:$i INFO took $i ms"; done >in
	hr-route <in >routed
	hr-squash-log <in >direct
	cmp routed direct
	[ "$(wc -c <routed)" -lt "$(wc -c <in)" ]
	seq 300 | sed 's/$/ lines of text/' >a
	sed '0~20s/text/words/' a >b
	diff -u a b >in || :
	hr-route <in >routed
	hr-squash-diff <in >direct
	cmp routed direct
	[ "$(wc -c <routed)" -lt "$(wc -c <in)" ]
}

@test "parts of a text, each by what it is" {
	{
		echo 'What the cluster runs:'
		seq 90 | jq -cn '[inputs | {id: ., state: "fine", ok: true}]'
		echo 'And the log:'
		echo '\`\`\`'
		for i in {1..90}; do echo "10:00:$i INFO took $i ms"; done
		echo '\`\`\`'
		echo 'Last words'
	} | sed 's/\\//g' >in
	hr-route <in >out
	grep -qx 'What the cluster runs:' out
	grep -qx 'Last words' out
	[ "$(grep -c '^\[hr: .* shown, complete output: ' out)" -eq 2 ]
	[ "$(wc -c <out)" -lt "$(($(wc -c <in) / 3))" ]
	# Each header names the whole.
	for id in $(grep -o 'hr-ccr get [0-9]*' out | cut -d' ' -f3); do
		hr-ccr get "$id" | cmp - in
	done
	hr-route <out >again
	cmp out again
}

@test "what terminals do not show does not hide a format" {
	for i in {1..40}; do
		printf '\033[35mlib/file.c\033[m:\033[32m%d\033[m:x\n' "$i"
	done >in
	hr-route --level lossless <in >out
	head -n 2 out | tail -n 1 | grep -qx lib/file.c
	run ! grep -q "$(printf '\033')" out
	hr-route --level exact <in | cmp - in
}

@test "source passes, though its lines are alike" {
	{
		echo 'static const int table[] = {'
		for i in {1..200}; do echo "	f($i, 0),"; done
		echo '};'
	} >in
	hr-route <in | cmp - in
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
