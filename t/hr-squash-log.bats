#!/usr/bin/env bats
# hr-squash-log.bats - fewer lines of logs, from the shell

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	export HOME=$BATS_TEST_TMPDIR/home
	mkdir "$HOME"
	unset XDG_STATE_HOME
}

# requests N: as many lines of one template, and an error in their midst.
requests() {
	awk -v n="$1" 'BEGIN {
		for (i = 1; i <= n; i++) {
			printf "2024-01-02 03:%02d:%02d INFO [main] request " \
			    "%d took %d ms\n", i / 60 % 60, i % 60, i, i % 77
			if (i == int(n / 2))
				print "2024-01-02 04:00:00 ERROR [db] lost it"
		}
	}'
}

# The id that the first line of a file names.
id_of() {
	sed -n '1s/.* hr-ccr .*get \([0-9]*\)]$/\1/p' "$1"
}

tokens() {
	hr-count <"$1" | tr -d ' '
}

# true_sums FILE: lines shown and left out are all, as the first line says.
true_sums() {
	awk 'NR == 1 { split($0, h, " "); next }
	/^\[hr: [0-9]+ lines? left out.*\]$/ { split($0, g, " ")
		left += g[2]; next }
	{ shown++ }
	END { exit shown != h[2] || shown + left != h[4] }' "$1"
}

@test "one line of many, the error, and the original under its id" {
	requests 1000 >in
	hr-squash-log <in >out
	head -n 1 out | grep -qE \
	    '^\[hr: [0-9]+ of 1001 lines shown, complete output: hr-ccr get [0-9]{21}\]$'
	[ "$(tokens out)" -lt "$(($(tokens in) / 20))" ]
	sed -n 2p out | grep -q ' request 1 took 1 ms$'
	grep -q 'ERROR \[db\] lost it$' out
	true_sums out
	hr-ccr get "$(id_of out)" >back
	cmp in back
}

# passed N: what a test runner prints of N tests, of which the 7th failed.
passed() {
	echo '============= test session starts ============='
	awk -v n="$1" 'BEGIN {
		for (i = 1; i <= n; i++)
			printf "t/test_%c%d.py::test_%c PASSED [ %d%%]\n",
			    97 + i % 26, i, 98 + i % 24, i * 100 / n
	}' | sed '7s/PASSED/FAILED/'
	echo '======== 1 failed, 99 passed in 0.10s ========='
}

# own NAME: standard input becomes a file of the user's own profiles.
own() {
	mkdir -p "$HOME/.config/hr/profiles"
	cat >"$HOME/.config/hr/profiles/$1"
}

@test "of a known program's output what failed stays, what passed goes" {
	passed 100 >in
	hr-squash-log --explain <in >out 2>err
	grep -q 'test_i FAILED' out
	tail -n 1 out | grep -q ' 1 failed, 99 passed in '
	# The first and the last lines stay in any case.
	[ "$(grep -c 'test_[a-z] PASSED' out)" -le 2 ]
	grep -qxE '\[hr: 6 lines left out; PASSED in all\]' out
	grep -qx 'hr-squash-log: profiles: pytest' err
	true_sums out
	hr-ccr get "$(id_of out)" | cmp in -
	# As a service that runs builds has it.
	sed 's/^/2024-01-02T03:04:05.0000000Z /' in >timed
	hr-squash-log <timed >out
	grep -q 'PASSED in all' out
	hr-route <in >routed
	grep -q 'PASSED in all' routed
}

@test "what is unlike the rest of a known program's output stays" {
	passed 100 | sed '50a token = hunter2
	70a t/test_z.py::test_error_is_told PASSED' >in
	hr-squash-log <in >out
	grep -qx 'token = hunter2' out
	grep -q 'test_error_is_told' out
	true_sums out
}

@test "no profile is asked without loss" {
	passed 100 >in
	hr-squash-log --level lossless <in | cmp in -
}

@test "own profiles are added, and override" {
	passed 100 >in
	printf 'profile pytest\n' | own 20-none
	hr-squash-log --explain <in >out 2>err
	[ "$(grep -c PASSED out)" -gt 2 ]
	! grep -q profiles err
	printf 'profile ours\nis\t=* test session *\ndrop t/\tt/*\n' |
	    own 30-ours
	hr-squash-log --explain <in >out 2>err
	grep -q 'left out; t/ in all' out
	grep -q 'profiles: ours$' err
}

@test "a wrong profile is told and not used, what came passes" {
	passed 100 >in
	printf 'profile a\nis\tx\nfancy\ty\n' | own wrong
	printf 'not read' | own .hidden
	printf 'not read' | own copy~
	hr-squash-log <in >out 2>err
	grep -q "profiles/wrong:3: not one of .*: 'fancy'" err
	[ "$(wc -l <err)" -eq 1 ]
	grep -q 'PASSED in all' out
}

@test "a hostile line costs what others do" {
	{
		echo '============= test session starts ============='
		awk 'BEGIN { for (i = 0; i < 2000; i++) {
			for (k = 0; k < 100; k++) printf "=.[ = ms PASSED :: "
			print i } }'
		passed 100
	} >in
	timeout 20 hr-squash-log --no-store --level balanced <in >out
	grep -q ' 1 failed, 99 passed in ' out
}

@test "what is shown are whole lines of the input, in order" {
	{ requests 300; seq 1 5; requests 300; } >in
	hr-squash-log <in >out
	true_sums out
	grep -v '^\[hr: ' out >shown
	diff in shown | grep '^>' >new || true
	[ ! -s new ]
	for i in 1 2 3 4 5; do
		grep -qx $i in
	done
}

@test "a second run changes nothing" {
	{ requests 300; printf '\033[1mx\033[0m 1%%\rx 2%%\n'; } >in
	for level in lossless balanced tight; do
		hr-squash-log --level $level <in >once
		hr-squash-log --level $level <once >twice
		cmp once twice
	done
	run ! grep -q "$(printf '\033')" twice
}

@test "text that begins like a mark of ours is squashed all the same" {
	{ echo '[hr: 3 of 9 lines shown]'; requests 300; } >in
	hr-squash-log <in >out
	true_sums out || [ "$(grep -c '^\[hr: .* shown' out)" -eq 2 ]
	[ "$(wc -l <out)" -lt 20 ]
	grep -qxF '[hr: 3 of 9 lines shown]' out
}

@test "--level lossless shows what a terminal would, and no less" {
	requests 100 >in
	hr-squash-log --level lossless <in >out
	cmp in out
	for i in $(seq 100); do printf '\r\033[K\033[33m%d%%\033[0m' $i; done >in
	printf '\nbuilt\n' >>in
	hr-squash-log --level lossless <in >out
	printf '100%%\nbuilt\n' | cmp - out
	[ ! -e "$HOME/.local" ]
}

@test "--level tight leaves out more" {
	for i in $(seq 60); do
		echo "12:00:$i ERROR cannot open '/srv/$i/x$i' as user=u$i"
	done >in
	hr-squash-log <in >balanced
	hr-squash-log --level tight <in >tight
	[ "$(tokens tight)" -le "$(tokens balanced)" ]
	grep -q 'ERROR cannot open' tight
}

@test "--query keeps what it names" {
	requests 1000 >in
	hr-squash-log <in >out
	run ! grep -q 'request 217 ' out
	hr-squash-log --query 'why was 217 slow?' <in >out
	grep -q 'request 217 ' out
	true_sums out
}

@test "--budget leaves out more" {
	for i in $(seq 40); do
		requests 20
		echo "12:00:00 ERROR shard s$i is away"
		echo "12:00:00 ERROR shard $i does not answer"
	done >in
	hr-squash-log <in >all
	hr-squash-log --budget 900 <in >few
	[ "$(tokens few)" -lt "$(tokens all)" ]
	true_sums few
}

@test "--store keeps the original there, and the mark says where" {
	requests 300 >in
	hr-squash-log --store kept.db <in >out
	$(sed -n '1s/.*complete output: \(.*\)]$/\1/p' out) >back
	cmp in back
	[ ! -e "$HOME/.local" ]
}

@test "--no-store: nothing left out, or with a level without an id" {
	requests 300 >in
	hr-squash-log --no-store <in >out
	cmp in out
	hr-squash-log --no-store --level balanced <in >out
	head -n 1 out | grep -qE '^\[hr: [0-9]+ of 301 lines shown\]$'
	[ ! -e "$HOME/.local" ]
}

@test "a store that cannot be written: nothing is left out" {
	requests 300 >in
	: >file
	hr-squash-log --store file/ccr.db --explain <in >out 2>err
	cmp in out
	grep -q '^hr-squash-log: nothing left out: ' err
}

@test "every stack trace that differs is there, as a whole" {
	{
		requests 100
		cat <<-'END' >trace
		Traceback (most recent call last):
		  File "/srv/a.py", line 12, in handle
		    work(job)
		  File "/srv/b.py", line 7, in work
		    raise ValueError("no job")
		ValueError: no job
		END
		cat trace
		requests 100
		cat trace
		requests 100
	} >in
	hr-squash-log <in >out
	true_sums out
	[ "$(grep -c '^ValueError' out)" -le 2 ]
	grep -A 5 '^Traceback' out | head -n 6 | cmp - trace
}

@test "tests that fail, and totals, all stay" {
	{
		for i in $(seq 200); do echo "tests/test_a.py::test_$i PASSED"; done
		for i in 7 8 9 10 11; do
			echo "FAILED tests/test_a.py::test_$i - assert $i == 0"
		done
		echo '5 failed, 200 passed in 1.2s'
	} >in
	hr-squash-log <in >out
	[ "$(grep -c '^FAILED' out)" -eq 5 ]
	[ "$(tail -n 1 out)" = '5 failed, 200 passed in 1.2s' ]
	true_sums out
}

@test "no newline at the end, CRLF, NUL" {
	requests 300 | head -c -1 >in
	hr-squash-log <in >out
	[ "$(tail -c 3 out)" = ' ms' ]
	requests 300 | sed 's/$/\r/' >in
	hr-squash-log <in >out
	head -n 3 out | tail -n 2 | grep -q "$(printf '\r')\$"
	true_sums out
	requests 300 | sed '5s/INFO/\x00/' >in
	hr-squash-log <in >out
	hr-ccr get "$(id_of out)" | cmp - in
	tr '\0' @ <out | grep -q ' @ \[main\] request 5 '
}

# found N: what a compiler says of so many lines, errors among it.
found() {
	awk -v n="$1" 'BEGIN {
		for (i = 1; i <= n; i++) {
			f = "src/" (i <= n / 2 ? "one" : "two") ".c"
			printf "%s:%d:%d: %s: %s\n", f, i, i * 7 % 11 + 1,
			    i % 9 ? "warning" : "error",
			    i % 3 ? "unused variable" : "shadowed name"
			printf " %4d |   int value_%d = 0;\n", i, i
			print "      |       ^~~~~"
		}
		print n " problems"
	}'
}

@test "diagnostics become one, without loss, and --expand undoes it" {
	found 200 | grep -v '|' >in
	hr-squash-log --level lossless <in >out
	[ "$(tokens out)" -lt "$(($(tokens in) / 2))" ]
	head -n 1 out | grep -q '^201 lines, equal messages joined: FILE:'
	hr-squash-log --expand <out >back
	cmp in back
	for l in lossless balanced tight; do
		hr-squash-log --level $l <out >again
		cmp out again
	done
}

@test "of diagnostics all stay but what decorates them" {
	found 200 >in
	hr-squash-log <in >out
	head -n 1 out | grep -q '^\[hr: 211 of 601 lines shown, complete'
	sed -n 2p out | grep -q '^211 lines, equal messages joined: FILE:'
	grep -q '390 lines left out; source excerpts and repeats below' out
	[ "$(tokens out)" -lt "$(($(tokens in) / 4))" ]
	# Of five errors the excerpts stay.
	[ "$(grep -c 'int value_' out)" -eq 5 ]
	sed 1d out >body
	hr-squash-log --expand <body >lines
	grep -v '^ .*|' in >want
	grep -v -e '^ .*|' -e '^\[hr: ' lines >got
	cmp want got
	hr-ccr get "$(id_of out)" >back
	cmp in back
	hr-squash-log <out >again
	cmp out again
	run -1 --separate-stderr hr-squash-log --expand <out
	hr-squash-log --expand <out >same 2>err || true
	cmp out same
	grep -q 'parts are left out' err
}

@test "--expand gives back what was not made by joining" {
	found 20 >in
	hr-squash-log --expand <in >out
	cmp in out
	printf '2 lines, equal messages joined: FILE' >in
	hr-squash-log --expand <in >out
	cmp in out
	: >in
	hr-squash-log --expand <in >out
	cmp in out
}

@test "large input that repeats itself" {
	requests 5000 >part
	for i in $(seq 60); do cat part; done >in
	timeout 60 hr-squash-log <in >out
	true_sums out
	[ "$(wc -c <out)" -lt 5000 ]
	hr-ccr get "$(id_of out)" | cmp - in
}

@test "times that lines repeat are said once, and come back" {
	seq -f '2024-05-17 10:05:%02.0f.000 INFO read from the queue at port 48120' \
	    10 59 >in
	hr-squash-log --level lossless <in >out
	[ "$(tokens out)" -lt "$(($(tokens in) * 9 / 10))" ]
	sed -n 3p out | grep -qx '#:11.000 INFO read from the queue at port #'
	hr-squash-log --expand <out >back
	cmp in back
	hr-squash-log --level lossless <out >again
	cmp out again
}

@test "what is left out does not expand" {
	requests 1000 >in
	hr-squash-log <in >out
	run -1 --separate-stderr hr-squash-log --expand <out
	[ "$stderr" = "hr-squash-log: passed through: parts are left out at \
byte 0; the mark there names the complete text" ]
	hr-squash-log --expand <in >same
	cmp in same
}

@test "following shows what is new, and names what was left out" {
	{ requests 300; echo bye; } >in
	hr-squash-log --follow <in >out
	sed -n 1p out | grep -qx '2024-01-02 03:00:01 INFO .* 1 took 1 ms'
	sed -n 2p out | grep -qx '.hr: 149 lines left out; like the line above.'
	sed -n 3p out | grep -qx '2024-01-02 04:00:00 ERROR .db. lost it'
	[ "$(sed -n 5p out)" = bye ]
	tail -n 1 out | grep -q '^.hr: 3 of 302 lines shown, complete output: '
	hr-ccr get "$(sed -n '$s/.* get \([0-9]*\)]/\1/p' out)" >back
	cmp in back
}

@test "following ends at a signal, with all that was said" {
	mkfifo pipe
	hr-squash-log --follow --no-store --level balanced <pipe >out &
	pid=$!
	exec 7>pipe
	requests 20 >&7
	for _ in $(seq 100); do
		[ "$(grep -c 'ms$' out)" -lt 1 ] || break
		sleep 0.05
	done
	kill -TERM "$pid"
	wait "$pid"
	exec 7>&-
	[ "$(tail -n 1 out)" = '[hr: 2 of 21 lines shown]' ]
}

@test "following without a place for originals leaves nothing out" {
	requests 50 >in
	hr-squash-log --follow --no-store <in >out
	cmp in out
	hr-squash-log --follow --level lossless <in >out
	cmp in out
	mkdir dir
	hr-squash-log --follow --store "$PWD/dir" <in >out 2>err
	grep -q 'nothing is left out any more: ' err
	grep -v '^.hr: ' out | sort >shown
	sort in | cmp - shown
}

@test "following has no budget and does not expand" {
	run -2 --separate-stderr hr-squash-log --follow --budget 9 </dev/null
	run -2 --separate-stderr hr-squash-log --follow --expand </dev/null
}

@test "long lines that say again what is above are named by their words" {
	long=$(seq -f 'setting%g of many' 100 180 | tr '0-9\n' 'a-j ')
	for p in left-pad right-pad; do
		echo "2024-01-02 03:04:05 INFO install $long now $p"
		echo "2024-01-02 03:04:06 INFO done with it"
	done >in
	hr-squash-log <in >out
	grep -qx '.hr: 1 line left out; 1 like one above but for right.' out
	true_sums out
}
