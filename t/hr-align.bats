#!/usr/bin/env bats
# hr-align: request bodies, and references to what stands in them

load proxy/lib.bash

# try ARGUMENT ...: hr-align on file in; status, the files out and err.
try() {
	status=0
	timeout 60 hr-align "$@" <in >out 2>err || status=$?
}

# back REGEX: the input as it came, and why if that is asked for.
back() {
	try --refs
	[ "$status" -eq 0 ]
	cmp in out
	[ ! -s err ]
	try --refs --explain
	echo "# $status: $(head -c 300 err)"
	[ "$status" -eq 0 ]
	cmp in out
	[ "$(wc -l <err)" -eq 1 ]
	grep -qE "^hr-align: passed through: $1\$" err
}

# A request in which a command prints twice what it printed: body API.
body() {
	python3 - "$1" <<-'EOT'
	import sys
	sys.path.insert(0, '%s/t/proxy' % __import__('os').environ['SRCDIR'])
	import test_align as t
	c = t.made_of(sys.argv[1], [[t.read()], [t.run('make')]])
	sys.stdout.buffer.write(c.body())
	EOT
}

@test "empty input is empty output" {
	: >in
	try --refs
	[ "$status" -eq 0 ]
	[ ! -s out ]
	[ ! -s err ]
}

@test "what is not JSON is given back, with the place where it is not" {
	printf 'not JSON\n' >in
	back '.* at byte [0-9]+'
	printf '\0\377{' >in
	back '.* at byte [0-9]+'
	printf '{"messages": [}' >in
	back '.* at byte [0-9]+'
	body messages | head -c 5000 >in
	back '.* at byte [0-9]+'
	{ body messages; echo x; } >in
	back '.* at byte [0-9]+'
	head -c 100000 /dev/zero | tr '\0' '[' >in
	back '.* at byte [0-9]+'
}

@test "what is not a request is given back" {
	for j in '{}' '[]' '[{"messages": []}]' '"messages"' 1 null \
	    '{"model": "x", "message": []}'; do
		printf '%s\n' "$j" >in
		back 'not a request.*'
	done
}

@test "an odd request is given back, and no failure" {
	for j in '{"messages": []}' '{"input": []}' \
	    '{"messages": [1, null, "x", [], {}], "tools": [{}]}' \
	    '{"messages": [{"role": "tool", "content": 1}], "tools": 1}' \
	    '{"input": [{"type": "function_call"}], "tools": [1]}'; do
		printf ' %s\n\n' "$j" >in
		try --refs
		[ "$status" -eq 0 ]
		cmp in out
		[ ! -s err ]
	done
	printf '{"input": "What is the time?"}' >in
	try --refs
	cmp in out
}

@test "without a task it is used wrongly" {
	body messages >in
	for a in '' '--explain' '--refs x' '--refs=1' '--refs --api gemini'; do
		try $a
		echo "# $a: $status"
		[ "$status" -eq 2 ]
		[ ! -s out ]
		grep -q '^hr-align: ' err
	done
}

@test "--api says what a body speaks, and need not" {
	for api in messages chat responses; do
		body $api >in
		try --refs
		[ "$status" -eq 0 ]
		[ ! -s err ]
		! cmp -s in out
		mv out auto
		try --refs --api "$api"
		[ "$status" -eq 0 ]
		cmp auto out
		try --refs --api auto
		cmp auto out
	done
}

@test "--explain tells of each text, and changes nothing" {
	for api in messages chat responses; do
		body $api >in
		try --refs
		mv out want
		try --refs --explain
		[ "$status" -eq 0 ]
		cmp want out
		cat err
		[ "$(wc -l <err)" -eq 2 ]
		grep -qx 'hr-align: 1: read of /w/a.py: as it is: read' err
		grep -qE '^hr-align: 2: output of `make`: referred: lines 200 to 1, [0-9]+ tokens of them to [0-9]+$' err
	done
}

@test "the bytes are the same each time, from a file or in pieces" {
	body messages >in
	try --refs
	mv out want
	for i in {1..5}; do
		try --refs
		cmp want out
	done
	dd if=in bs=777 status=none | hr-align --refs >out
	cmp want out
	for l in C.UTF-8 tr_TR.UTF-8 xx_YY.nowhere; do
		LC_ALL=$l try --refs
		cmp want out
	done
}

@test "nothing is kept on disk" {
	body messages >in
	try --refs
	[ -z "$(ls -A home)" ]
	[ ! -e state ]
	unset HOME XDG_STATE_HOME XDG_CONFIG_HOME
	mv out want
	try --refs
	[ "$status" -eq 0 ]
	cmp want out
}

@test "a standard input or output that fails is told" {
	body messages >in
	status=0
	hr-align --refs <in 2>err >/dev/full || status=$?
	[ "$status" -eq 1 ]
	grep -q '^hr-align: .*No space left on device$' err
	status=0
	hr-align --refs <in 2>err >&- || status=$?
	[ "$status" -eq 1 ]
	grep -q '^hr-align: ' err
	status=0
	hr-align --refs <&- >out 2>err || status=$?
	[ "$status" -eq 1 ]
	[ ! -s out ]
	grep -q '^hr-align: ' err
	status=0
	hr-align --refs <. >out 2>err || status=$?
	[ "$status" -eq 1 ]
	# A reader that leaves early.
	for i in {1..200}; do cat "$SRCDIR/COPYING"; done |
	    python3 -c 'import json, sys; print(json.dumps({"messages": [
	    {"role": "user", "content": sys.stdin.read()}]}))' >in
	hr-align --refs <in 2>err | head -c 1 >out
	[ ! -s err ]
}

@test "each reference is followed to the text that it replaced" {
	holds align.every_text_comes_back
}

@test "a reference that is wrong would be noticed" {
	holds align.a_wrong_reference_is_noticed
}

@test "each reference saves tokens" {
	holds align.no_text_is_longer
}

@test "each turn extends the last" {
	holds align.each_turn_extends_the_last
}

@test "a second pass finds hardly anything, and is right" {
	holds align.a_second_pass_is_right_too
}

@test "nothing refers to what a compaction took away" {
	holds align.after_a_compaction
}

@test "no references where the server may drop what they point to" {
	holds align.not_where_the_server_may_drop
}

@test "no references for who has no tools" {
	holds align.not_without_tools
}

@test "what was fetched is whole" {
	holds align.what_was_fetched_is_whole
}

@test "short errors are whole" {
	holds align.short_errors_are_whole
}

@test "reminders are whole" {
	holds align.reminders_are_whole
}

@test "a result without its call is let be" {
	holds align.an_unknown_call_is_let_be
}

@test "who asks again is answered, once" {
	holds align.who_asks_again_is_answered
}

@test "the wordings are those that are specified" {
	holds align.the_words_are_these
}

@test "texts are called by tool and argument" {
	holds align.names_are_these
}

@test "paths are cut to what tells them apart" {
	holds align.paths_are_as_long_as_needed
}

@test "ordinals count all calls of a name" {
	holds align.each_call_counts
}

@test "two lines tell what is between them, or nothing is said" {
	holds align.two_lines_that_tell_nothing
}

@test "numbers that stand in two texts of a result tell no lines" {
	holds align.numbers_in_two_texts_tell_nothing
}

@test "how numbers look is seen" {
	holds align.numbers_before_are_of_another_style
}

@test "what is beyond all limits is right too" {
	holds align.a_file_beyond_all_limits
}
