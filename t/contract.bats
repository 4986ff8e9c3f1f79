#!/usr/bin/env bats
# contract.bats - what holds for every command, whatever it does
#
# The tables below are the one place that names the commands.  Each test goes
# over all of them and, where it fails, has printed which it was at.

bats_require_minimum_version 1.5.0

# The commands of this release; the Makefile must build just these.
all='hr-align hr-ccr hr-count hr-proxy hr-route hr-run'
all="$all hr-squash-diff hr-squash-json hr-squash-list hr-squash-log"

# With an own -h: the commands and their verbs.
called=(hr-align hr-count hr-route hr-run hr-squash-diff hr-squash-json
	hr-squash-list hr-squash-log hr-ccr 'hr-ccr put' 'hr-ccr get' 'hr-ccr ls'
	'hr-ccr stat' 'hr-ccr gc' hr-proxy 'hr-proxy doctor')

# How standard input is given to each that reads it.
# What is large and repeats itself is hr-squash-log's own, at other levels.
readers=('hr-align --refs' hr-count 'hr-route --level lossless'
	hr-squash-diff hr-squash-json hr-squash-list 'hr-ccr put'
	'hr-squash-log --level lossless')

# Those whose output is their input where there is nothing to do.
filters=('hr-align --refs' hr-route 'hr-run cat' hr-squash-diff hr-squash-json
	hr-squash-list hr-squash-log 'hr-route --level tight'
	'hr-squash-diff --level tight' 'hr-squash-diff --patch'
	'hr-squash-json --level tight' 'hr-squash-list --level tight'
	'hr-squash-log --level tight')

# What needs no input and comes to an end.
others=('hr-ccr ls' 'hr-ccr stat' 'hr-ccr gc' 'hr-proxy doctor')

# A server: it reads no input and ends when it is told to.
servers=(hr-proxy)

# They end before they listen.
not_to_start=('hr-proxy --listen' 'hr-proxy --listen 0.0.0.0:1'
	'hr-proxy --level most' 'hr-proxy no-such-verb'
	'hr-proxy doctor --shell' 'hr-proxy doctor word'
	'hr-proxy -- no-such-verb')

is_built() {
	case " $HR_COMMANDS " in
	*" ${1%% *} "*) ;;
	*) return 1 ;;
	esac
	echo "# command: $1"
}

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

# exits STATUS: what try ran, nothing having crashed.
exits() {
	[ "$status" -eq "$1" ] && return
	echo "# exit $status, not $1: $(head -c 2000 err)"
	return 1
}

# One line on standard error, from this command, in its form.
says() {
	local name=${1%% *}
	grep -q "^$name: [^A-Z].*[^.]\$" err || {
		echo "# no message of $name: $(head -c 500 err)"
		return 1
	}
}

silent() {
	[ ! -s err ] || {
		echo "# standard error: $(head -c 500 err)"
		return 1
	}
}

json() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "%s{\"id\": %d, \"state\": \"ok\"}", \
			    i == 0 ? "[" : ", ", i
		print "]"
	}'
}

# Bytes that are nobody's format, always the same.
noise() {
	awk -v n=$(($1 / 64 + 1)) 'BEGIN {
		srand(42)
		for (i = 0; i < n; i++) {
			for (k = 0; k < 63; k++)
				printf "%c", 33 + int(rand() * 94)
			print ""
		}
	}' | head -c "$1"
}

@test "the commands are those that this file knows" {
	[ -z "$HR_COMMANDS" ] && return	# a build of the library alone
	[ "$(echo "$HR_COMMANDS" | tr ' ' '\n' | sort | xargs)" = "$all" ]
	for c in $all; do
		[ "$(command -v "$c")" = "$BUILDDIR/$c" ]
	done
}

@test "-h prints the usage and exits 0" {
	local c a
	for c in "${called[@]}"; do
		is_built "$c" || continue
		for a in -h --help; do
			try $c $a <&-
			exits 0
			silent
			head -n 1 out | grep -q "^usage: $c "
			cp out help
		done
		grep -q -- '-h, --help' out
		grep -q -- '-V, --version' out
		awk 'length($0) > 80 { print "# " $0; exit 1 }' out
	done
}

@test "-V prints one line, the same version everywhere" {
	local c a
	for c in "${called[@]}"; do
		is_built "$c" || continue
		for a in -V --version; do
			try $c $a <&-
			exits 0
			silent
			[ "$(cat out)" = "${c%% *} (hr) $HR_VERSION" ]
		done
	done
}

@test "an unknown option is exit 2, a message, and no output" {
	local c a
	for c in "${called[@]}"; do
		is_built "$c" || continue
		for a in --no-such-option -% --help=1; do
			echo x >in
			try $c $a <in
			exits 2
			says "$c"
			[ ! -s out ]
		done
	done
}

@test "an unknown verb and a missing one are exit 2" {
	is_built hr-ccr || return 0
	try hr-ccr no-such-verb </dev/null
	exits 2
	says hr-ccr
	try hr-ccr </dev/null
	exits 2
	says hr-ccr
	try hr-ccr get </dev/null
	exits 2
	says hr-ccr
}

@test "a server that is called wrongly does not start" {
	local c
	for c in "${not_to_start[@]}"; do
		is_built "$c" || continue
		try timeout 10 $c </dev/null
		exits 2
		says "$c"
		[ ! -s out ]
		[ ! -e "$HOME/.local" ]
	done
}

# started COMMAND: run it as a server, wait until it listens; sets pid.
started() {
	local i
	"$@" --listen 127.0.0.1:0 --port-file port <&- >out 2>err 3>&- &
	pid=$!
	for i in {1..200}; do
		[ ! -s port ] || return 0
		kill -0 "$pid" || break
		sleep 0.05
	done
	kill "$pid" || true
	cat err
	return 1
}

@test "a server runs without standard input, prints nothing, ends well" {
	local c s
	for c in "${servers[@]}"; do
		is_built "$c" || continue
		for s in TERM INT; do
			rm -f port
			started "$c"
			grep -q "^$c: listening on 127.0.0.1:$(cat port)\$" err
			kill -$s "$pid"
			status=0
			wait "$pid" || status=$?
			exits 0
			[ ! -s out ]
			[ "$(wc -l <err)" -eq 1 ]
		done
		# In every locale, and where nothing can be kept.
		rm -f port
		LC_ALL=tr_TR.UTF-8 HOME='' started "$c"
		kill "$pid"
		status=0
		wait "$pid" || status=$?
		exits 0
	done
}

@test "-- ends the options" {
	local c
	for c in "${readers[@]}" "${others[@]}"; do
		is_built "$c" || continue
		try $c -- </dev/null
		exits 0
		silent
	done
}

@test "empty input is done at once" {
	local c
	for c in "${readers[@]}" "${filters[@]}"; do
		is_built "$c" || continue
		try $c </dev/null
		exits 0
		silent
	done
	for c in "${filters[@]}"; do
		is_built "$c" || continue
		try $c </dev/null
		[ ! -s out ]
	done
}

@test "any bytes are input: NUL, no newline at the end, no UTF-8" {
	local c
	printf '\0' >0.in
	printf 'a' >1.in
	printf 'a\0b\n\0' >2.in
	printf '\377\376\200\xc3(\xed\xa0\x80' >3.in
	printf '\n\n\n' >4.in
	for c in "${readers[@]}" "${filters[@]}"; do
		is_built "$c" || continue
		for i in ?.in; do
			try $c <$i
			exits 0
			silent
		done
	done
	for c in "${filters[@]}"; do
		is_built "$c" || continue
		for i in ?.in; do
			try $c <$i
			cmp $i out
		done
	done
}

@test "a filter gives back what is not its own, byte for byte" {
	local c i
	head -c 100000 "$BUILDDIR/t/unit/test_buf" >elf.in
	noise 100000 >noise.in
	cat "$SRCDIR/COPYING" >text.in
	sed 's/$/\r/' text.in >crlf.in
	printf '\377\376{\0"\0a\0"\0:\0001\0}\0' >utf16.in
	printf '\357\273\277{"a": 1}\n' >bom.in
	printf 'caf\351 {"a": [1, 2]}\n' >latin1.in
	json 500 | head -c 9000 >cut.in
	json 500 | sed 's/]/,]/' >comma.in
	json 500 | sed "s/\"/'/g" >quotes.in
	printf '[1, 2, NaN]\n' >nan.in
	printf '{"a": 1} and more\n' >behind.in
	printf '%s\n' '{' '}{' '][' >braces.in
	printf '[[[[[[[[' >open.in
	head -c 100000 /dev/zero | tr '\0' '[' >deep.in
	printf '{"a": "\x01"}\n' >control.in
	for c in "${filters[@]}"; do
		is_built "$c" || continue
		for i in *.in; do
			try $c <$i
			exits 0
			silent
			cmp $i out
		done
	done
}

@test "a closed standard input is a failure that is told" {
	local c
	for c in "${readers[@]}"; do
		is_built "$c" || continue
		try timeout 10 $c <&-
		exits 1
		says "$c"
		[ ! -s out ]
	done
}

@test "a folder as standard input is a failure that is told" {
	local c
	for c in "${readers[@]}"; do
		is_built "$c" || continue
		try timeout 10 $c <.
		exits 1
		says "$c"
	done
}

@test "a closed standard output is a failure that is told" {
	local c
	json 10 >in
	for c in "${readers[@]}"; do
		is_built "$c" || continue
		status=0
		$c <in 2>err >&- || status=$?
		exits 1
		says "$c"
	done
}

@test "a full disk is a failure that is told, output large or small" {
	local c
	json 10 >in
	noise 300000 >large
	for c in "${readers[@]}"; do
		is_built "$c" || continue
		for i in in large; do
			status=0
			$c <$i 2>err >/dev/full || status=$?
			exits 1
			says "$c"
			grep -q 'No space left on device$' err
		done
	done
	for c in "${called[@]}"; do
		is_built "$c" || continue
		status=0
		$c -h 2>err >/dev/full || status=$?
		exits 1
		says "$c"
	done
	echo x | hr-ccr put >id
	for c in "${others[@]}"; do
		is_built "$c" || continue
		[ "$c" != 'hr-ccr gc' ] || continue
		status=0
		$c 2>err >/dev/full || status=$?
		exits 1
		says "$c"
	done
}

@test "a reader that leaves early ends a command without a word" {
	local c i
	json 10 >in
	noise 3000000 >large
	for c in "${readers[@]}"; do
		is_built "$c" || continue
		for i in in large; do
			# No command may outlive its reader for long.
			timeout 60 $c <$i 2>err | : || :
			silent
			# As under a parent that ignores the signal.
			(trap '' PIPE; timeout 60 $c <$i 2>err | :) || :
			silent
		done
	done
	for c in "${filters[@]}"; do
		is_built "$c" || continue
		status=0
		{ timeout 60 $c 2>err || echo $? >code; } <large |
		    head -c 1 >out
		silent
		[ "$(cat code)" -eq 141 ]
	done
}

@test "64 MiB pass, of text and of JSON" {
	local c
	noise 1048576 >mib
	for i in {1..64}; do cat mib; done >in
	[ "$(wc -c <in)" -eq 67108864 ]
	awk 'BEGIN {
		printf "["
		for (i = 0; i < 4194304; i++)
			printf "%d,     \n", 10000000 + i
		print "0]"
	}' >json
	for c in "${readers[@]}"; do
		is_built "$c" || continue
		try timeout 300 $c <in
		exits 0
		silent
		case $c in
		hr-count | 'hr-ccr put') ;;
		*) cmp in out ;;
		esac
		try timeout 300 $c <json
		exits 0
		silent
	done
}

# A root who may not override permissions is as anybody.
unprivileged() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --bounding-set=-dac_override -- "$@"
	else
		"$@"
	fi
}

@test "where no store can be made a filter works, and put says so" {
	local c h
	json 500 >in
	mkdir -m 0555 readonly
	if unprivileged touch readonly/x 2>/dev/null; then
		echo "# the folder is not read-only"
		return 1
	fi
	for h in "$PWD/readonly" /dev/null/home ''; do
		export HOME=$h
		for c in "${readers[@]}" "${filters[@]}"; do
			is_built "$c" || continue
			[ "$c" != 'hr-ccr put' ] || continue
			try unprivileged $c <in
			exits 0
			silent
			[ -s out ]
		done
		is_built hr-ccr || continue
		try unprivileged hr-ccr put <in
		exits 1
		says hr-ccr
		[ ! -s out ]
	done
	[ -z "$(ls -A readonly)" ]
}

@test "without a home there is no store, and no crash" {
	local c
	json 500 >in
	unset HOME
	for c in "${readers[@]}" "${filters[@]}"; do
		is_built "$c" || continue
		[ "$c" != 'hr-ccr put' ] || continue
		try $c <in
		exits 0
		silent
	done
	is_built hr-ccr || return 0
	try hr-ccr put <in
	exits 1
	says hr-ccr
}

@test "every locale gives the same bytes" {
	local c l
	{
		json 500
		printf '{"price": 1.5, "name": "\xc3\xa9\xe2\x82\xac", "i": "I"}\n'
	} >in
	for c in "${readers[@]}" "${filters[@]}"; do
		is_built "$c" || continue
		LC_ALL=C try $c <in
		exits 0
		cp out want
		for l in C.UTF-8 tr_TR.UTF-8 xx_YY.nowhere; do
			LC_ALL=$l LANG=$l try $c <in
			exits 0
			silent
			cmp want out
		done
		LC_ALL=xx_YY.nowhere try ${c%% *} --no-such-option </dev/null
		exits 2
		says "$c"
	done
}

@test "the same input gives the same bytes, also in parts" {
	local c
	json 2000 >in
	for c in "${readers[@]}" "${filters[@]}"; do
		is_built "$c" || continue
		try $c <in
		exits 0
		cp out want
		try $c <in
		cmp want out
		# From a pipe that is written to piece by piece.
		dd if=in bs=777 status=none 2>/dev/null | $c >out
		cmp want out
	done
}

# A filter is started anew in each pipe.  A server is started once, and has its
# loop and TLS from libraries that the system keeps up to date.
@test "no command but a server loads more than libc and libm" {
	local c needed
	command -v readelf
	for c in $all; do
		case " ${servers[*]} " in *" $c "*) continue ;; esac
		is_built "$c" || continue
		readelf -d "$BUILDDIR/$c" >dynamic
		needed=$(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' dynamic |
		    grep -vE '^(libc\.so\.6|libm\.so\.6|ld-.*\.so\.[0-9]+)$' ||
		    true)
		if [ -n "$HR_SANITIZERS" ]; then
			# What the sanitizers' own runtime is linked with.
			needed=$(echo "$needed" | grep -vE \
			    '^lib(gcc_s|dl|rt|pthread|resolv|stdc\+\+)\.so' ||
			    true)
		fi
		[ -z "$needed" ] || {
			echo "# $c loads $needed"
			return 1
		}
	done
}

@test "originals of filters stay below the home folder" {
	local c
	json 500 >in
	mkdir elsewhere
	for c in "${filters[@]}"; do
		is_built "$c" || continue
		(cd elsewhere && try $c <../in && exits 0)
		[ "$(ls -A elsewhere | grep -vE '^(out|err)$' | wc -l)" -eq 0 ]
	done
	find "$HOME" -type f ! -path "$HOME/.local/state/hr/*" >files
	[ ! -s files ]
	[ ! -d "$HOME/.local/state/hr" ] ||
	    [ "$(stat -c %a "$HOME/.local/state/hr")" = 700 ]
}
