#!/usr/bin/env bats
# hr-ccr: what it prints, how it fails, and that several may use one store

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export XDG_STATE_HOME="$PWD/state" HOME="$PWD/home"
	store="$XDG_STATE_HOME/hr/ccr.db"
	seq 1 1000 >lines
}

# Store a file; its id is left in $id.
put() {
	hr-ccr put <"$1" >id.out
	id=$(cat id.out)
}

# Write into the database behind the store's back.
sql() {
	command -v sqlite3 >/dev/null || skip "no sqlite3"
	sqlite3 "${db:-$store}" "$1" >/dev/null
}

# What runs in the background must end though its test failed.
teardown() {
	rm -f go
}

# Run a command line where the state folder cannot be written: on a file
# system mounted so, else (in containers) by its mode, root without its power.
read_only() {
	local as=
	if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
		unshare -m sh -ec 'mount --bind "$1" "$1"
			mount -o remount,ro,bind "$1"
			shift; exec "$@"' sh "$XDG_STATE_HOME" "$@"
	else
		[ "$(id -u)" != 0 ] ||
		    as='setpriv --bounding-set=-dac_override --'
		chmod -R a-w "$XDG_STATE_HOME"
		status=0
		$as "$@" || status=$?
		chmod -R u+w "$XDG_STATE_HOME"
		return "$status"
	fi
}

@test "put prints the id, get gives the bytes back" {
	printf 'a\0b\r\n\377 no newline' >in
	put in
	[[ "$id" =~ ^[0-9]{21}$ ]]
	hr-ccr get "$id" >out
	cmp in out
}

@test "the id is that of the manual" {
	printf abc >in
	put in
	[ "$id" = 418143717509236138531 ]
	command -v python3 >/dev/null || skip "no python3"
	put lines
	[ "$id" = "$(python3 -c 'import hashlib, sys
b = sys.stdin.buffer.read()
print("%021d" % (int(hashlib.sha256(b).hexdigest()[:32], 16) % 10**21))
' <lines)" ]
}

@test "put takes a file" {
	put lines
	hr-ccr put lines >out
	[ "$(cat out)" = "$id" ]
	hr-ccr put - <lines >out
	[ "$(cat out)" = "$id" ]
	run -1 --separate-stderr hr-ccr put absent
	[ "$stderr" = "hr-ccr: cannot open 'absent': No such file or directory" ]
	run -1 --separate-stderr hr-ccr put .
	[ "$stderr" = "hr-ccr: cannot read '.': Is a directory" ]
}

@test "nothing is always there and makes no store" {
	put /dev/null
	[ ! -e "$XDG_STATE_HOME" ]
	hr-ccr get "$id" >out
	cmp out /dev/null
}

@test "64 MiB come back" {
	head -c 67108864 /dev/urandom >in
	put in
	hr-ccr get "$id" >out
	cmp in out
}

@test "more than 256 MiB are refused" {
	head -c 268435456 /dev/zero | hr-ccr put >id.out
	run -0 hr-ccr get "$(cat id.out)" --bytes 268435456
	run -1 --separate-stderr bash -c \
	    'head -c 268435457 /dev/zero | hr-ccr put'
	[ "$stderr" = "hr-ccr: input is larger than 256 MiB" ]
	[ -z "$output" ]
}

@test "--lines is sed -n A,Bp" {
	printf 'one\ntwo\n\nfour' >in
	put in
	for r in 1-1 2-3 4-4 3-9 1-4; do
		hr-ccr get "$id" --lines $r >out
		sed -n "${r%-*},${r#*-}p" in >want
		cmp out want
	done
	hr-ccr get --lines 3- "$id" >out
	sed -n '3,$p' in >want
	cmp out want
	hr-ccr get --lines 2 "$id" >out
	sed -n 2p in >want
	cmp out want
}

@test "--rows gives rows of JSON, one a line" {
	printf '{"items": [\n {"a": 1.0,\n "b": "x y"}, {"a" : 2},3]}' |
	    sed 's/,3//' >in
	put in
	hr-ccr get "$id" --rows 1- >out
	printf '{"a":1.0,"b":"x y"}\n{"a" : 2}\n' >want
	cmp want out
	hr-ccr get -r 2 "$id" >out
	printf '{"a" : 2}\n' >want
	cmp want out
	printf '{"n":1}\n{"n":2}\n{"n":3}\n' >in
	put in
	for r in 1-1 2-3 2- -2 2 3-9; do
		hr-ccr get "$id" --rows $r >out
		hr-ccr get "$id" --lines $r | cmp - out
	done
	run -1 --separate-stderr hr-ccr get "$id" --rows 4-
	[ "$stderr" = "hr-ccr: fewer than 4 rows" ]
	[ -z "$output" ]
}

@test "--rows are those of the short form" {
	command -v jq >/dev/null || skip "no jq"
	seq 300 | jq -c '{kind: "x", n: ., s: "abc \(. % 7)"}' >in
	hr-squash-json <in >short
	id=$(sed -n '1s/.*get \([0-9]*\).*/\1/p' short)
	hr-ccr get "$id" --rows 150-152 >out
	sed -n 150,152p in | cmp - out
}

@test "a table has the rows of what it is read as" {
	awk 'BEGIN { print "id,name,size"
		for (i = 1; i <= 30; i++) print i ",item " i "," i * 1.50 }' >in
	put in
	hr-ccr get "$id" --rows 3-4 >out
	cat >want <<-'END'
	{"id":3,"name":"item 3","size":4.5}
	{"id":4,"name":"item 4","size":6}
	END
	cmp want out
	hr-ccr get "$id" --jq '.[2].name' >out
	[ "$(cat out)" = '"item 3"' ]
}

@test "where no rows are --rows says so" {
	put lines
	run -1 --separate-stderr hr-ccr get "$id" --rows 1
	[[ "$stderr" = "hr-ccr: no rows: not JSON: "*" at byte "* ]]
	echo '{"a":1}' >in
	put in
	run -1 --separate-stderr hr-ccr get "$id" --rows 1
	[[ "$stderr" = "hr-ccr: no rows: no array "* ]]
	[ -z "$output" ]
}

@test "--jq gives what the program makes, one a line" {
	printf '[{"n": 1, "s": "x"}, {"n": 2}]' >in
	put in
	hr-ccr get "$id" --jq '.[] | .n, .s' >out
	printf '1\n"x"\n2\nnull\n' >want
	cmp want out
	printf '{"n":1}\n{"n":2}\n' >in
	put in
	hr-ccr get -j '.n + 1' "$id" >out
	printf '2\n3\n' >want
	cmp want out
	hr-ccr get --jq empty "$id" >out
	cmp /dev/null out
}

@test "a program that fails is told in one line, and prints nothing" {
	printf '[1, {"a": 2}]' >in
	put in
	for p in '.[] | .a' '.[' nope error 'halt_error' 'import "a" as a; 1' \
	    'repeat(.) | error' 'reduce range(1e6) as $i (null; [.])'; do
		echo "# $p"
		run -1 --separate-stderr hr-ccr get "$id" --jq "$p"
		[[ "$stderr" = "hr-ccr: --jq: "* ]]
		[ "${#stderr_lines[@]}" -eq 1 ]
		[ -z "$output" ]
	done
	put lines
	printf '<a>' >in
	put in
	run -1 --separate-stderr hr-ccr get "$id" --jq .
	[[ "$stderr" = "hr-ccr: --jq: Invalid "* ]]
}

@test "a program of jq sees neither environment nor files" {
	echo '"stolen"' >secret.json
	put lines
	HR_SECRET=stolen hr-ccr get "$id" --jq 'env, $ENV, env.HR_SECRET,
	    input_filename' >out
	sort -u out >kinds
	printf 'null\n{}\n' | cmp - kinds
	run -1 --separate-stderr hr-ccr get "$id" --jq \
	    "import \"secret\" as \$s {search: \"$PWD\"}; \$s"
	[ -z "$output" ]
	[[ "$stderr" != *stolen* ]]
	hr-ccr get "$id" --jq '"stolen" | stderr | debug | 1' >out 2>err
	[ ! -s err ]
}

@test "--rows and --jq work where the store can only be read" {
	printf '[{"n":1},{"n":2}]' >in
	put in
	read_only hr-ccr get "$id" --rows 2 >out
	[ "$(cat out)" = '{"n":2}' ]
	read_only hr-ccr get "$id" --jq length >out
	[ "$(cat out)" = 2 ]
}

@test "one part at a time" {
	put lines
	for o in "--lines 1 --rows 1" "--rows 1 --jq ." "--jq . --grep 1"; do
		run -2 hr-ccr get "$id" $o
	done
}

@test "--bytes counts from 1" {
	put lines
	hr-ccr get "$id" --bytes 5-100 >out
	head -c 100 lines | tail -c +5 >want
	cmp out want
	hr-ccr get "$id" --bytes 3000-9999999 >out
	tail -c +3000 lines >want
	cmp out want
}

@test "a range past the end says so" {
	put lines
	run -1 --separate-stderr hr-ccr get "$id" --lines 1001-1002
	[ "$stderr" = "hr-ccr: fewer than 1001 lines" ]
	run -1 --separate-stderr hr-ccr get "$id" --bytes 99999-
	[ "$stderr" = "hr-ccr: fewer than 99999 bytes" ]
	run -2 hr-ccr get "$id" --lines 5-3
	run -2 hr-ccr get "$id" --lines 0-3
	run -2 hr-ccr get "$id" --lines 1-2 --bytes 1-2
}

@test "--grep is grep -E, over bytes" {
	printf 'alpha\nbe\0ta 42\n\nalpha beta\r\n\377delta' >in
	put in
	for re in alpha '^alpha$' 'ta [0-9]+' '^$' 'a|b' '(al|de)' $'\r$'; do
		hr-ccr get "$id" --grep "$re" >out
		# grep would end the last line.
		LC_ALL=C grep -aE "$re" in | head -c "$(wc -c <out)" >want
		cmp out want
	done
	run -1 --separate-stderr hr-ccr get "$id" --grep gamma
	[ "$stderr" = "hr-ccr: no line matches 'gamma'" ]
	[ -z "$output" ]
	run -2 hr-ccr get "$id" --grep '('
}

@test "what is no id is a usage error" {
	for bad in 1234 48291330571826490381x 4829133057182649038155 '' \
	    '[hr: 3 rows left out]'; do
		run -2 --separate-stderr hr-ccr get "$bad"
		[ "${stderr_lines[0]}" = \
		    "hr-ccr: not an id of 21 digits: '$bad'" ]
	done
	run -2 hr-ccr get
	run -2 hr-ccr get 482913305718264903815 482913305718264903815
	run -2 hr-ccr frob
	run -2 hr-ccr
	run -2 hr-ccr ls extra
}

@test "unknown, with and without a store" {
	run -1 --separate-stderr hr-ccr get 482913305718264903815
	[ "$stderr" = "hr-ccr: unknown id '482913305718264903815': no store at '$store'" ]
	[ ! -e "$XDG_STATE_HOME" ]
	put lines
	run -1 --separate-stderr hr-ccr get 482913305718264903815
	[ "$stderr" = "hr-ccr: unknown id '482913305718264903815': never stored in '$store'" ]
}

@test "a store that cannot be reached is not a store that is not there" {
	local as=
	put lines
	chmod 0 "$XDG_STATE_HOME"
	[ "$(id -u)" != 0 ] ||
	    as='setpriv --bounding-set=-dac_override,-dac_read_search --'
	for args in "get $id" ls stat "put lines"; do
		run -1 --separate-stderr $as hr-ccr $args
		[[ "$stderr" = *"'$store': Permission denied" ]]
		[ -z "$output" ]
	done
	run -1 $as hr-ccr gc
	chmod 700 "$XDG_STATE_HOME"
}

@test "expired says when, and not to retry" {
	put lines
	sql 'UPDATE entry SET used=1000000000'
	hr-ccr gc >out
	[ "$(cat out)" = 1 ]
	run -1 --separate-stderr hr-ccr get "$id"
	[ "$stderr" = "hr-ccr: expired: '$id' was last used 2001-09-09; do not retry, run the command again that made it" ]
	put lines
	hr-ccr get "$id" >out
	cmp out lines
}

@test "damaged is never printed" {
	put lines
	seq 2 1001 | hr-ccr put >other
	sql "UPDATE blob SET z=(SELECT z FROM blob WHERE n=2) WHERE n=1"
	run -1 --separate-stderr hr-ccr get "$id"
	[ "$stderr" = "hr-ccr: damaged: what is stored for '$id' is not what was put" ]
	[ -z "$output" ]
	hr-ccr get "$(cat other)" >out
	seq 2 1001 | cmp out -
}

@test "another original with the same id is refused" {
	put lines
	sql 'UPDATE entry SET sha=randomblob(32)'
	run -1 --separate-stderr hr-ccr put lines
	[ "$stderr" = "hr-ccr: not stored: another original has the id '$id'" ]
	[ -z "$output" ]
}

@test "what is no store is left alone" {
	head -c 5000 lines >text
	cp text copy
	run -1 --separate-stderr hr-ccr --store text put lines
	[ "$stderr" = "hr-ccr: damaged: 'text' is not a store of hr-ccr" ]
	run -1 hr-ccr --store text get 482913305718264903815
	run -1 hr-ccr --store text gc --idle 0
	cmp text copy
	db=foreign sql 'CREATE TABLE t(x)'
	run -1 --separate-stderr hr-ccr --store foreign put lines
	[ "$stderr" = "hr-ccr: 'foreign' is a database of another program" ]
	ln -s text link
	run -1 hr-ccr --store link put lines
	run -2 hr-ccr --store redis://localhost put lines
}

@test "a store that was cut short is an error, not a crash" {
	head -c 300000 /dev/urandom >in
	put in
	head -c 3000000 /dev/urandom | hr-ccr put >/dev/null
	hr-ccr gc >/dev/null
	truncate -s 40000 "$store"
	run -1 --separate-stderr hr-ccr get "$id"
	[[ "$stderr" = "hr-ccr: damaged: "* ]]
	run hr-ccr ls
	[ "$status" -le 1 ]
	run hr-ccr put lines
	[ "$status" -le 1 ]
}

@test "where the store is" {
	hr-ccr put <lines >/dev/null
	[ -f "$store" ]
	XDG_STATE_HOME=relative hr-ccr put <lines >/dev/null
	[ -f "$HOME/.local/state/hr/ccr.db" ]
	[ ! -e relative ]
	XDG_STATE_HOME= hr-ccr --store ./mine.db put <lines >id.out
	hr-ccr get "$(cat id.out)" --store mine.db >out
	cmp out lines
	unset XDG_STATE_HOME HOME
	run -1 hr-ccr put lines
	[ "$output" = "hr-ccr: no home directory to keep a store in: give --store" ]
}

@test "folder 0700, files 0600, whatever the umask" {
	for mask in 0 0277 0777; do
		rm -rf state
		touch out
		(umask "$mask" && hr-ccr put lines >out)
		[ "$(stat -c %a state state/hr)" = $'700\n700' ]
		[ "$(stat -c %a "$store" "$store-wal" "$store-shm")" = \
		    $'600\n600\n600' ]
	done
}

@test "a store without a name is an error" {
	run -1 --separate-stderr hr-ccr --store '' put lines
	[ "$stderr" = "hr-ccr: cannot create '': No such file or directory" ]
	run -0 hr-ccr --store '' ls
	run -0 hr-ccr --store '' gc
}

@test "ls, stat and gc without a store" {
	run -0 hr-ccr ls
	[ -z "$output" ]
	run -0 hr-ccr stat
	[ "${lines[0]}" = "entries 0" ]
	[ "${lines[4]}" = "oldest -" ]
	[ "${lines[5]}" = "pins 0" ]
	run -0 hr-ccr gc
	[ "$output" = 0 ]
	[ ! -e "$XDG_STATE_HOME" ]
}

@test "ls and stat" {
	put lines
	printf abc | hr-ccr put >/dev/null
	sql "UPDATE entry SET used=1790000000 WHERE size>3"
	hr-ccr ls >out
	[ "$(wc -l <out)" = 2 ]
	read -r first size stored used rest <<<"$(tail -n 1 out)"
	[ "$first $size $used $rest" = "$id 3893 2026-09-21T14:13:20Z " ]
	[ "$stored" -lt "$size" ]
	run -0 hr-ccr stat
	[ "${lines[0]}" = "entries 2" ]
	[ "${lines[1]}" = "size 3896" ]
	[ "${lines[4]}" = "oldest 2026-09-21T14:13:20Z" ]
	[ "${lines[5]}" = "pins 0" ]
	command -v python3 >/dev/null || skip "no python3"
	hr-ccr ls --json >out
	hr-ccr stat --json >>out
	python3 -c 'import json, sys
a, b, s = [json.loads(l) for l in sys.stdin]
assert a["size"] == 3 and b["used"] == "2026-09-21T14:13:20Z"
assert s["entries"] == 2 and s["size"] == 3896 and s["pins"] == 0' <out
}

@test "pins are counted, and go when they are old" {
	put lines
	sql "INSERT INTO pin VALUES(randomblob(16), 1, 0, 0, 1, 0, 0, '0',
	    unixepoch(), 0, 0, NULL), (randomblob(16), 1, 0, 0, 1, 0, 0, '0',
	    unixepoch()-31*86400, 0, 0, NULL)"
	hr-ccr stat >out
	[ "$(tail -n 1 out)" = "pins 2" ]
	hr-ccr stat --json >out
	[[ "$(cat out)" = *',"pins":2}' ]]
	run -0 hr-ccr gc
	[ "$output" = 0 ]
	hr-ccr stat >out
	[ "$(tail -n 1 out)" = "pins 1" ]
}

@test "a store of an earlier version is read, then brought up to date" {
	put lines
	sql 'DROP TABLE pin; DROP TABLE tally; PRAGMA user_version=1'
	hr-ccr get "$id" >out
	cmp out lines
	hr-ccr stat >out
	[ "$(tail -n 1 out)" = "pins 0" ]
	[ "$(sqlite3 -readonly "$store" 'PRAGMA user_version')" = 1 ]
	for i in 1 2 3 4; do
		(seq "$i" 900 | hr-ccr put >id$i) &
	done
	wait
	[ "$(sqlite3 -readonly "$store" 'PRAGMA user_version')" = 2 ]
	for i in 1 2 3 4; do
		hr-ccr get "$(cat id$i)" >out
		seq "$i" 900 | cmp out -
	done
	hr-ccr get "$id" >out
	cmp out lines
}

@test "gc by idle time" {
	put lines
	printf abc | hr-ccr put >new
	sql "UPDATE entry SET used=used-2*86400 WHERE size>3"
	run -0 hr-ccr gc --idle 3d
	[ "$output" = 0 ]
	run -0 hr-ccr gc --idle 47h
	[ "$output" = 1 ]
	run -1 hr-ccr get "$id"
	run -0 hr-ccr get "$(cat new)"
}

@test "gc by size drops the longest unused and shrinks the file" {
	for i in 1 2 3 4 5 6; do
		head -c 100000 /dev/urandom >in$i
		hr-ccr put in$i >id$i
		sql "UPDATE entry SET used=used-3600*(10-$i)
		    WHERE key=(SELECT key FROM entry ORDER BY blob DESC)"
	done
	run -0 hr-ccr gc --size 350k
	[ "$output" = 3 ]
	[ "$(stat -c %s "$store")" -le 358400 ]
	for i in 1 2 3; do
		run -1 hr-ccr get "$(cat id$i)"
	done
	for i in 4 5 6; do
		hr-ccr get "$(cat id$i)" >out
		cmp out in$i
	done
	run -0 hr-ccr gc --size 0
	[ "$output" = 3 ]
}

@test "get renews what it could not while reading" {
	put lines
	sql 'UPDATE entry SET used=used-86400'
	hr-ccr get "$id" >/dev/null
	run -0 hr-ccr gc --idle 2h
	[ "$output" = 0 ]
}

@test "output that cannot be written is an error" {
	[ -e /dev/full ] || skip "no /dev/full"
	put lines
	for args in "put lines" "get $id" "get $id --lines 3" "ls" "stat" \
	    "gc" "get $id --grep 9" "--marker-regex" "-V" "-h"; do
		run -1 bash -c "hr-ccr $args >/dev/full"
		run -1 bash -c "hr-ccr $args >&-"
	done
	run -1 bash -c 'hr-ccr put <&-'
	# Also of what does not fit into a buffer.
	seq 100000 | hr-ccr put >long
	for args in "" "--grep 9"; do
		run -1 bash -c "hr-ccr get $(cat long) $args >/dev/full"
		[ "$output" = "hr-ccr: cannot write standard output: No space left on device" ]
	done
	# Still there.
	hr-ccr get "$id" >out
	cmp out lines
}

@test "a pipe that does not block is waited for" {
	command -v python3 >/dev/null || skip "no python3"
	seq 100000 >in
	put in
	for args in "get $id" "get $id --grep [0-9]"; do
		# shellcheck disable=SC2086 # a list of words
		python3 - $args >out <<'PY'
import os, shutil, subprocess, sys, time
r, w = os.pipe()
os.set_blocking(w, False)
p = subprocess.Popen(["hr-ccr"] + sys.argv[1:], stdout=w)
os.close(w)
time.sleep(0.2)
shutil.copyfileobj(os.fdopen(r, "rb"), sys.stdout.buffer)
sys.exit(p.wait())
PY
		cmp out in
	done
}

@test "two processes on one store at once" {
	(for i in $(seq 40); do seq "$i" 3000 | hr-ccr put; done >a) &
	(for i in $(seq 40); do seq "$i" 4000 | hr-ccr put; done >b) &
	wait
	for i in 1 20 40; do
		hr-ccr get "$(sed -n ${i}p a)" >out
		seq "$i" 3000 | cmp out -
		hr-ccr get "$(sed -n ${i}p b)" >out
		seq "$i" 4000 | cmp out -
	done
	[ "$(cat a b | wc -l)" = 80 ]
}

@test "eight processes make a store together" {
	for i in 1 2 3 4 5 6 7 8; do
		(seq "$i" 900 | hr-ccr put >id$i) &
	done
	wait
	for i in 1 2 3 4 5 6 7 8; do
		hr-ccr get "$(cat id$i)" >out
		seq "$i" 900 | cmp out -
	done
}

@test "a read-only home while another process writes" {
	put lines
	touch go
	(while [ -e go ]; do date +%N | hr-ccr put; done >/dev/null) &
	for i in 1 2 3 4 5 6 7 8 9 10; do
		if [ "$(id -u)" != 0 ] || ! unshare -m true 2>/dev/null; then
			break	# the writer would be stopped too
		fi
		read_only hr-ccr get "$id" >out
		cmp out lines
	done
	rm go
	wait
}

@test "a read-only home when nobody has the store open" {
	put lines
	read_only hr-ccr get "$id" >out
	cmp out lines
	read_only hr-ccr ls >out
	[ "$(wc -l <out)" = 1 ]
	run -1 --separate-stderr read_only hr-ccr put /dev/stdin <<<x
	[[ "$stderr" = *"cannot write '$store'"* ]]
}

@test "a read-only home without the log and its index" {
	put lines
	sql 'PRAGMA wal_checkpoint(TRUNCATE)'
	rm -f "$store-wal" "$store-shm"
	read_only hr-ccr get "$id" >out
	cmp out lines
	[ ! -e "$store-wal" ]
}

@test "a log without its index" {
	put lines
	rm "$store-shm"
	hr-ccr get "$id" >out
	cmp out lines
}

@test "a full disk is an error and spoils nothing" {
	mkdir -p small
	if [ "$(id -u)" != 0 ] || ! unshare -m true 2>/dev/null; then
		# Where nothing may be mounted, a limit of size is as good.
		id=$(hr-ccr --store small/ccr.db put lines)
		run -1 bash -c "trap '' XFSZ; ulimit -f 300
		    head -c 800000 /dev/urandom |
		    hr-ccr --store small/ccr.db put 2>/dev/null"
		[ -z "$output" ]
		hr-ccr --store small/ccr.db get "$id" | cmp - lines
		return
	fi
	run -0 unshare -m bash -ec 'mount -t tmpfs -o size=400k none small
		id=$(hr-ccr --store small/ccr.db put lines)
		! head -c 800000 /dev/urandom | hr-ccr --store small/ccr.db put \
		    >out 2>err
		! [ -s out ]
		grep -q "no room" err
		hr-ccr --store small/ccr.db get $id | cmp - lines'
}

@test "put waits for no disk" {
	command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null ||
	    skip "no strace"
	export ASAN_OPTIONS=detect_leaks=0	# not under ptrace
	strace -f -o trace -e trace=fsync,fdatasync,sync_file_range,msync \
	    hr-ccr put lines
	strace -f -o trace2 -e trace=fsync,fdatasync,sync_file_range,msync \
	    hr-ccr put "$BATS_TEST_FILENAME"
	! grep -E 'sync' trace trace2
}

@test "the marker expression in Python and JavaScript" {
	cases="$SRCDIR/t/data/mark/cases"
	hr-ccr --marker-regex >re
	[ "$(wc -l <re)" = 1 ]
	command -v python3 >/dev/null && python3 - re "$cases" <<'PY'
import re, sys
mark = re.compile(open(sys.argv[1]).read().rstrip("\n"))
for line in open(sys.argv[2], encoding="utf-8"):
    want, text = line.rstrip("\n").split("\t", 1)
    m = mark.search(text)
    got = "!" if not m else m.group(1) or "-"
    assert got == want and (not m or m.group(0) == text), line
PY
	command -v node >/dev/null || skip "no node"
	cat >check.js <<'JS'
const fs = require("fs");
const source = fs.readFileSync("re", "utf8").trimEnd();
const cases = fs.readFileSync(process.argv[2], "utf8").trimEnd().split("\n");
for (const flags of ["", "u"])
	for (const line of cases) {
		const tab = line.indexOf("\t"), text = line.slice(tab + 1);
		const m = new RegExp(source, flags).exec(text);
		const got = !m ? "!" : m[0] !== text ? "part" : m[1] || "-";
		if (got !== line.slice(0, tab))
			throw new Error(line);
	}
JS
	node check.js "$cases"
}

@test "help names every verb" {
	run -0 hr-ccr -h
	for verb in put get ls stat gc; do
		[[ "$output" = *$'\n'"  $verb "* ]]
	done
	run -0 hr-ccr get --help
	[[ "${lines[0]}" = "usage: hr-ccr get [OPTION ...] ID" ]]
}
