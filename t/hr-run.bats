#!/usr/bin/env bats
# hr-run.bats - the command is as without it, and what it prints is shorter

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	export HOME=$BATS_TEST_TMPDIR/home
	mkdir "$HOME"
	unset XDG_STATE_HOME
	export ASAN_OPTIONS=detect_stack_use_after_return=0
}

# Like run, with the status as it is: status, the files out and err.
try() {
	status=0
	"$@" >out 2>err || status=$?
}

# told PATTERN: a line of err is like this.
told() {
	grep -q -- "$1" err && return
	echo "# standard error: $(head -c 500 err)"
	return 1
}

# holds TEST: of t/hr-run.py, where hr-run has a terminal or is a job.
holds() {
	python3 "$SRCDIR/t/hr-run.py" "$1"
}

# 300 rows of which most are left out.
rows() {
	seq 300 | jq -c -n '[inputs | {id: ., state: "fine"}]'
}

# The original that the mark in out names.
original() {
	hr-ccr get "$(sed -n '1s/.* get \([0-9]*\)\].*/\1/p' "${1:-out}")"
}

# The command.

@test "the status is the command's, and a signal ends both" {
	holds the_end_is_the_same
}

@test "what is not found is 127, what cannot be run 126" {
	try hr-run ./no-such-command
	[ "$status" -eq 127 ]
	[ "$(cat err)" = "hr-run: cannot run './no-such-command': No such \
file or directory" ]
	[ ! -s out ]
	try hr-run no-such-command
	[ "$status" -eq 127 ]
	try hr-run ''
	[ "$status" -eq 127 ]
	try hr-run .
	[ "$status" -eq 126 ]
	echo x >file
	try hr-run ./file
	[ "$status" -eq 126 ]
	told "^hr-run: cannot run './file': Permission denied$"
	try hr-run --pty ./file </dev/null
	[ "$status" -eq 126 ]
}

@test "called wrongly it runs nothing" {
	local o
	for o in --no-such-option '--level most' '--store relative]path' ''; do
		try hr-run $o ${o:+touch ran}
		[ "$status" -eq 2 ]
		told '^hr-run: '
		[ ! -s out ]
		[ ! -e ran ]
	done
}

@test "arguments are as given, and options end at the command" {
	printf '<%s>\n' '' 'a b' '*' '$HOME' "'" -- --pty -h "$(printf 'a\nb')" \
	    >want
	try hr-run printf '<%s>\n' '' 'a b' '*' '$HOME' "'" -- --pty -h \
	    "$(printf 'a\nb')"
	cmp want out
	try hr-run -- echo -V
	[ "$(cat out)" = -V ]
	mkdir bin
	printf '#!/bin/sh\necho "$0 $*"\n' >bin/-x
	chmod +x bin/-x
	PATH=$PWD/bin:$PATH try hr-run -- -x -y
	grep -qx '.*-x -y' out
	# As a shell, execvp() runs a script that does not say how.
	echo 'echo "plain $1"' >bin/plain
	chmod +x bin/plain
	try hr-run bin/plain word
	[ "$(cat out)" = 'plain word' ]
}

@test "signals, files and the environment are as they were" {
	holds what_is_inherited_is_the_same
}

@test "standard input is the command's, to the byte" {
	printf 'a\0b\nc\nd' >in
	try hr-run cat <in
	cmp in out
	# What it does not read is left for others.
	printf '1\n2\n3\n' >in
	{ hr-run sh -c 'read x; echo "got $x"'; cat; } <in >out
	printf 'got 1\n2\n3\n' | cmp - out
	try hr-run cat <&-
	[ "$status" -eq 1 ]
	told '^cat: .*Bad file descriptor'
}

# What it prints.

@test "what it prints is squashed as hr-route squashes it" {
	rows >in
	local o
	for o in '' '--level lossless' '--level tight' '--budget 60' \
	    '--query 217' '--no-store' '--no-store --level balanced' \
	    '--store store.db'; do
		try hr-run $o cat in
		[ "$status" -eq 0 ]
		[ ! -s err ]
		hr-route $o <in | cmp - out
		[ "$(wc -c <out)" -lt "$(wc -c <in)" ]
	done
	try hr-run cat in
	original | cmp in -
}

@test "what no squasher knows passes byte for byte" {
	head -c 100000 "$BUILDDIR/t/unit/test_buf" >in
	printf '\0\r\n\377 no newline' >>in
	try hr-run cat in
	cmp in out
	try hr-run true
	[ ! -s out ]
	[ ! -s err ]
}

@test "a command that fails is squashed and kept, too" {
	rows >in
	try hr-run sh -c 'cat in; exit 3'
	[ "$status" -eq 3 ]
	original | cmp in -
	rm -r "$HOME/.local"
	try hr-run sh -c 'cat in; kill -KILL $$'
	[ "$status" -eq 137 ]
	original | cmp in -
}

@test "a signal goes to the command, and what was printed comes out" {
	holds signals_go_to_the_command
	holds what_was_printed_survives_a_signal
	holds a_signal_is_passed_on_though_the_reader_waits
}

@test "output and errors keep their order where they share a file" {
	cat >both <<-'END'
	i=0
	while [ $i -lt 200 ]; do
		echo "out $i"
		echo "err $i" >&2
		i=$((i + 1))
	done
	END
	sh both >want 2>&1
	hr-run sh both >out 2>&1
	cmp want out
	hr-run sh both 2>&1 | cat >out
	cmp want out
}

@test "else each goes to its own place, squashed" {
	rows >in
	jq -c '.[].id += 1000' in >in2
	try hr-run sh -c 'cat in2 >&2; cat in'
	original out | cmp in -
	original err | cmp in2 -
	try hr-run sh -c 'echo err >&2; echo out'
	[ "$(cat out)" = out ]
	[ "$(cat err)" = err ]
}

@test "--explain tells on standard error" {
	rows >in
	try hr-run --explain echo text
	told '^hr-run: passed through: .'
	try hr-run --explain head -c 300000000 /dev/zero
	told '^hr-run: passed through: too large$'
	[ "$(wc -c <out)" -eq 300000000 ]
}

# Where something fails.

@test "a gigabyte passes and is not held" {
	cat >large <<-'END'
	awk 'BEGIN { for (i = 0; i < 1000; i++) print i % 7 ": " i }' >part
	for i in 1 2 3 4 5 6 7 8; do cat part part part part; done >block
	head -c 1000000000 /dev/zero
	cat block
	grep VmHWM /proc/$PPID/status >peak
	END
	hr-run sh large | cksum >sum
	{ head -c 1000000000 /dev/zero; cat block; } | cksum | cmp - sum
	# Below the ceiling, and what it takes to get there.
	[ "$(awk '{ print $2 }' peak)" -lt 800000 ]
}

@test "without memory it passes" {
	# A sanitizer's shadow is larger than any limit.
	[ -z "$HR_SANITIZERS" ] || return 0
	(ulimit -v 50000; hr-run head -c 200000000 /dev/zero) >out 2>err
	[ ! -s err ]
	head -c 200000000 /dev/zero | cmp - out
}

@test "where nothing can be kept nothing is left out" {
	rows >in
	hr-route --level lossless <in >want
	local h
	: >file
	for h in "$PWD/file/home" /dev/null/home ''; do
		HOME=$h try hr-run sh -c 'cat in; exit 5'
		[ "$status" -eq 5 ]
		[ ! -s err ]
		cmp want out
	done
	try hr-run --store /proc/none/store.db cat in
	[ "$status" -eq 0 ]
	cmp want out
}

@test "a full disk is told, and fails what has not failed" {
	status=0
	hr-run echo x >/dev/full 2>err || status=$?
	[ "$status" -eq 1 ]
	told '^hr-run: cannot write standard output: No space left on device$'
	status=0
	hr-run sh -c 'echo x; exit 9' >/dev/full 2>err || status=$?
	[ "$status" -eq 9 ]
	status=0
	timeout 60 hr-run yes >/dev/full 2>err || status=$?
	[ "$status" -eq 1 ]
	told 'No space left on device$'
	# What is closed, or thrown away, the command has as it is.
	status=0
	hr-run env echo x 2>err >&- || status=$?
	[ "$status" -eq 1 ]
	told '^echo: .*Bad file descriptor'
	rows >in
	hr-run sh -c 'cat in; cat in >&2' >/dev/null 2>&1
	[ "$(hr-ccr ls | wc -l)" -eq 0 ]
}

@test "without a vocabulary it passes, and the status is the command's" {
	mkdir -p bin/share
	cp "$BUILDDIR/hr-run" bin
	: >bin/share/o200k_base.hrv
	rows >in
	try bin/hr-run sh -c 'cat in; cat in >&2'
	[ "$status" -eq 0 ]
	cmp in out
	told '^hr-run: passed through: cannot open the vocabulary'
	grep -qFxf in err
}

@test "when its reader leaves the command gets SIGPIPE" {
	{ timeout 60 hr-run yes 2>err || echo $? >code; } | head -n 1 >out
	[ "$(cat out)" = y ]
	[ "$(cat code)" -eq 141 ]
	[ ! -s err ]
	# At once, not only when there is much.
	{ timeout 60 hr-run sh -c 'while echo x; do sleep 0.1; done; exit 3' \
	    2>err || echo $? >code; } | :
	[ "$(cat code)" -eq 141 ]
	# To ignore it is the command's right.
	{ timeout 60 hr-run sh -c 'trap "" PIPE
	while echo x 2>/dev/null; do sleep 0.1; done; exit 3' ||
	    echo $? >code; } | :
	[ "$(cat code)" -eq 3 ]
}

@test "what stays in the background holds nothing up and is not harmed" {
	mkfifo go
	# It prints when it is told to, and notes that it could.
	timeout 60 hr-run sh -c '(read x <go; echo late && echo ok >noted) &
	echo early; exit 4' >out || status=$?
	[ "$status" -eq 4 ]
	[ "$(cat out)" = early ]
	echo >go
	for i in {1..600}; do
		[ ! -s noted ] || [ "$(tail -n 1 out)" != late ] || break
		sleep 0.1
	done
	[ "$(cat noted)" = ok ]
	printf 'early\nlate\n' | cmp - out
	# One that never stops does not keep the command from its end.
	timeout 60 hr-run sh -c 'yes & echo $! >pid; sleep 0.1' \
	    > >(exec cat >/dev/null)
	kill "$(cat pid)"
}

# Jobs and terminals.

@test "on a terminal too the text comes at the end" {
	holds on_a_terminal_too_the_text_comes_at_the_end
}

@test "errors stay on a terminal that is theirs alone" {
	holds errors_stay_on_a_terminal_that_is_theirs
}

@test "an interrupt that is typed reaches the command once" {
	holds a_typed_interrupt_comes_once
	holds a_typed_interrupt_ends_both
}

@test "as a job it is stopped and continued with the command" {
	holds a_job_is_stopped_and_goes_on
	holds a_signal_stops_both
	holds in_a_terminal_of_its_own_too
	holds a_command_that_does_not_stop_goes_on
}

@test "progress is shown on a terminal where the output goes elsewhere" {
	holds progress_is_shown_where_output_goes_elsewhere
}

@test "--live shows what is printed and keeps streams apart" {
	holds live_shows_and_keeps_both_apart
}

@test "what the terminal has shown is not printed there again" {
	holds what_is_shown_is_not_printed_again
}

@test "--pty gives the command a terminal" {
	holds the_command_has_a_terminal
	holds without_a_terminal_it_has_one_all_the_same
}

@test "--pty passes on what is typed, interrupts too" {
	holds what_is_typed_goes_to_the_command
	holds an_interrupt_is_typed_into_its_terminal
}

@test "--pty leaves an input alone that is no terminal" {
	holds a_pipe_on_its_input_stays_one
}

@test "--pty puts the user's terminal back, however the command ends" {
	holds the_terminal_is_put_back
}

@test "--pty follows the size of the window" {
	holds the_window_has_the_size_of_the_users
}

@test "--pty takes all that was printed, and hangs up who stays" {
	holds all_that_was_printed_is_there
	holds who_stays_in_its_terminal_is_hung_up
}
