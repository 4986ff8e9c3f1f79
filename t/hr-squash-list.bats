#!/usr/bin/env bats
# hr-squash-list.bats - fewer tokens for search results and listings

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	export HOME=$BATS_TEST_TMPDIR/home
	mkdir "$HOME"
	unset XDG_STATE_HOME
}

# matches N: as many lines in each of two files, as grep -n prints them.
matches() {
	awk -v n="$1" 'BEGIN {
		for (f = 1; f <= 2; f++)
			for (i = 1; i <= n; i++)
				printf "lib/some/where/file%d.c:%d:\t%s;\n", \
				    f, i * 7, (i == 33 && f == 1 ? \
				    "panic(\"disk\")" : "return x" i)
	}'
}

# The id that the first line of a file names.
id_of() {
	sed -n '1s/.* hr-ccr .*get \([0-9]*\)]$/\1/p' "$1"
}

tokens() {
	hr-count <"$1" | tr -d ' '
}

# There and back, and shorter: the short form is in out.
reversible() {
	hr-squash-list --level lossless <in >out
	run ! cmp -s in out
	[ "$(tokens out)" -lt "$(tokens in)" ]
	hr-squash-list --expand <out >back
	cmp in back
}

@test "matches stand below their file" {
	printf '%s\n' lib/aa/bb.c:3:int lib/aa/bb.c:9:char lib/aa/bb.c:12: \
	    ./src/long/name/c-1-d.h:4:void ./src/long/name/c-1-d.h:5:x:6:y \
	    ./src/long/name/c-1-d.h:7:z >in
	reversible
	cat >want <<-'END'
	6 lines by file:
	lib/aa/bb.c
	3:int
	9:char
	12:

	./src/long/name/c-1-d.h
	4:void
	5:x:6:y
	7:z
	END
	cmp want out
}

@test "context and breaks, and a file that changes at a break" {
	printf '%s\n' lib/aa/bb-1-c.c-3-int lib/aa/bb-1-c.c:4:char \
	    lib/aa/bb-1-c.c-5- -- lib/aa/bb-1-c.c-80-:9:x \
	    lib/aa/bb-1-c.c:81:char -- lib/aa/dd/eeeee.c:1:char \
	    lib/aa/dd/eeeee.c-2-y >in
	reversible
	cat >want <<-'END'
	7 lines by file, with context:
	lib/aa/bb-1-c.c
	3-int
	4:char
	5-
	--
	80-:9:x
	81:char

	lib/aa/dd/eeeee.c
	1:char
	2-y
	END
	cmp want out
}

@test "context whose text has a number between colons" {
	{
		echo lib/aa/bb.c-7-x:2:y
		seq -f 'lib/aa/bb.c:%g:hit' 8 20
		echo --
		echo lib/aa/bb.c-80-x:2:y
		echo lib/aa/bb.c:81:hit
	} >in
	reversible
	[ "$(grep -cx lib/aa/bb.c out)" -eq 1 ]
	grep -qx '80-x:2:y' out
}

@test "lines that are no matches keep their place" {
	{
		matches 9
		echo 'grep: lib/x: Permission denied'
		echo 'Binary file lib/y.o matches'
		matches 3
	} >in
	reversible
	grep -qx 'grep: lib/x: Permission denied' out
}

@test "an agent that takes its folder off lines with a colon" {
	for f in lib/a.c lib/b.c; do
		for i in 10 20 30; do
			[ "$f$i" = lib/a.c10 ] || echo --
			echo "$f-$((i - 1))-	case x: y();"
			echo "$f:$i:	int x;"
			echo "/home/me/src/$f-$((i + 1))-	return x;"
		done
	done >in
	reversible
	head -n 2 out | cmp - <(
		echo '18 lines by file, with context, those with a colon' \
		    'without /home/me/src/:'
		echo /home/me/src/lib/a.c
	)
	grep -qx '21-	return x;' out
	# Where one line does not fit, nothing does.
	sed '2s/-9-/-9-:/' in | sed 's|^/home/me/src/lib/b.c-11|lib/b.c-11|' \
	    >in2
	hr-squash-list --level lossless <in2 | hr-squash-list --expand |
	    cmp - in2
}

@test "of lines around one match none is left out" {
	echo 'lib/some/file.go:100:type T struct {' >in
	for i in {101..160}; do echo "lib/some/file.go-$i-	M$i int"; done >>in
	hr-squash-list <in >out
	run ! grep -q 'left out' out
	hr-squash-list --expand <out | cmp - in
}

@test "matches without numbers" {
	for i in 1 2 3 4 5 6 7 8; do
		echo "lib/some/file.py:	x = $i"
	done >in
	reversible
	sed -n 3p out | grep -q '^ 	x = 1$'
}

@test "paths by folder" {
	printf '%s\n' ./README ./lib/some/a.c ./lib/some/b.c ./lib/some/f.c \
	    './lib/some/c d.c' ./lib/some/e.c ./t/unit/x.c ./t/unit/y.c \
	    ./t/unit/z.c ./t/unit/zz.c >in
	reversible
	cat >want <<-'END'
	10 paths by folder:
	./README
	./lib/some/: a.c b.c f.c
	./lib/some/c d.c
	./lib/some/e.c
	./t/unit/: x.c y.c z.c zz.c
	END
	cmp want out
}

@test "folders that are paths of the list" {
	mkdir -p d/one/two d/three/empty
	touch d/one/a.c d/one/b.c d/one/two/c.c d/one/two/d.c d/three/x.h \
	    d/three/y.h
	find d | LC_ALL=C sort >in
	reversible
	head -n 1 out | grep -qx '11 paths by folder, folders too:'
	grep -qx 'd/one/two/: c.c d.c' out
	run ! grep -qx 'd/one' out
}

@test "sizes" {
	printf '%s\t%s\n' 6.0M . 4.0K ./lib/some/a.c 4.0K ./lib/some/b.c \
	    4.0K ./lib/some/c.c 12K ./t/unit/x.c 8 ./t/unit/y.c 2 ./t/unit \
	    1 README >in
	reversible
	grep -qx '4.0K ./lib/some/: a.c b.c c.c' out
	grep -A 2 -x './t/unit/:' out | tail -n 1 | grep -qx '8 y.c'
	# What is in no folder is not below one.
	tail -n 2 out | head -n 1 | grep -qx '.:'
}

@test "drawn trees, with sizes and without" {
	cat >in <<-'END'
	.
	├── lib
	│   ├── a.c
	│   ├── b.c
	│   └── link -> ../t/x y
	└── t
	    └── unit
	        ├── x.c
	        └── y.c

	3 directories, 5 files
	END
	reversible
	grep -qx 'lib/: a.c b.c' out
	grep -qx 't/unit/: x.c y.c' out
	grep -qx '3 directories, 5 files' out
	sed -e '/── /s//── [ 11K Nov 21 17:49]  /' in >in2
	mv in2 in
	reversible
	head -n 1 out | grep -q ' 4 wide, all with Nov 21 17:49:$'
	grep -qx '  11K x.c' out
}

@test "ls -l of folders, aligned as they were" {
	cat >in <<-'END'
	.:
	total 12
	drwxr-xr-x 12 root root  4096 2026-11-21 17:49 lib
	-rw-r--r--  1 root root 11645 2026-11-21 17:49 AUTHORS
	-rw-r--r--  1 root root     3 2026-11-21 17:49 a file
	-rwxr-xr-x  1 root root    12 2026-11-21 17:49 run

	./lib:
	total 4
	-rw-r--r-- 1 root  bin 100 2025-01-01 00:00 a.c
	-rw-r--r-- 1 rooty bin   0 2025-01-01 00:00 b.c
	lrwxrwxrwx 1 root  bin   8 2025-01-01 00:00 l -> a/b
	END
	reversible
	sed -n 6,7p out >got
	printf ' %s\n' '-rw-r--r-- 1:' '11645 AUTHORS' | cmp - got
	# Not a mode alone, which would read like a folder.
	grep -B 1 -x ' 12 run' out | grep -qx ' -rwxr-xr-x 1:'
}

@test "ls -R" {
	for d in one two three; do
		echo "./some/$d:"
		for n in a b c d e f g h i j k; do
			echo "$n.c"
		done
		echo
	done >in
	sed -i '$d' in
	reversible
	sed -n 2p out | grep -q '^./some/one/: a.c b.c c.c '
}

@test "no final newline, carriage returns, NUL, and what is not UTF-8" {
	matches 9 >in
	printf 'lib/some/where/file2.c:400:\0 \377\r' >>in
	reversible
	[ "$(tail -c 1 out | od -An -tx1 | tr -d ' ')" = 0d ]
	matches 9 | sed 's/$/\r/' >in
	reversible
}

@test "many matches: marks, and the original under the id they name" {
	matches 200 >in
	hr-squash-list <in >out
	head -n 1 out |
	    grep -qE '^\[hr: [0-9]+ of 400 lines shown, complete output: hr-ccr get [0-9]+\]$'
	hr-ccr get "$(id_of out)" >back
	cmp in back
	# What reports an error is there, first and last, both files.
	grep -q 'panic("disk")' out
	[ "$(grep -c '^7:' out)" -eq 2 ]
	[ "$(grep -c '^1400:' out)" -eq 2 ]
	shown=$(sed -n '1s/^\[hr: \([0-9]*\) of.*/\1/p' out)
	[ "$(grep -cE '^[0-9]+:' out)" -eq "$shown" ]
	left=$(sed -n '2,$s/^\[hr: \([0-9]*\) lines* left out\]$/\1/p' out |
	    paste -sd +)
	[ "$((shown + left))" -eq 400 ]
}

@test "many files of one folder: counted in its line" {
	seq -f 'lib/some/where/file%g.c' 300 >in
	hr-squash-list <in >out
	shown=$(sed -n '1s/^\[hr: \([0-9]*\) of 300 paths shown.*/\1/p' out)
	left=$(sed -n '3s/.* \[hr: \([0-9]*\) paths left out\] .*/\1/p' out)
	[ "$((shown + left))" -eq 300 ]
	hr-ccr get "$(id_of out)" >back
	cmp in back
}

@test "an indented tree keeps the folders of what it shows" {
	{
		echo .
		for d in $(seq 1 90); do
			printf '|-- [4.0K]  d%d\n' "$d"
			[ $((d % 30)) -ne 13 ] || printf '|   `-- [  12]  in%d\n' "$d"
		done
		echo '`-- [   1]  last'
	} >in
	reversible
	head -n 1 out | grep -qx '94 entries of an ASCII tree, sizes 4 wide:'
	hr-squash-list --level tight <in >out
	grep -q '^\[hr: [0-9]* paths left out\]$' out
	for d in 13 43 73; do
		grep -B 1 -x "  *12 in$d" out | grep -qx "4.0K d$d"
	done
	# The budget that cannot be met: where no last one of a folder stays.
	hr-squash-list --budget 1 <in >out
	[ "$(grep -c '^ *12 in' out)" -eq 3 ]
	for d in 13 43 73; do
		grep -B 1 -x "  *12 in$d" out | grep -qx "4.0K d$d"
	done
}

@test "a tree of what are no files" {
	{
		echo 'some-crate v0.1.0 (/home/me/some crate)'
		for d in $(seq 1 9); do
			printf '├── dep-%d v1.0.%d\n│   └── sub v2.0 (*)\n' $d $d
		done
		echo '└── last'
	} >in
	reversible
	grep -A 1 -x 'dep-3 v1.0.3' out | tail -n 1 | grep -qx ' sub v2.0 (\*)'
}

@test "a line of the tool above its list" {
	{
		echo 'Found 9 files'
		seq -f 'lib/some/where/file%g.c' 9
	} >in
	reversible
	sed -n 2p out | grep -qx 'Found 9 files'
}

@test "headings stay, matches below them are left out" {
	matches 100 | awk -F : '$1 != f { if (f) print ""; f = $1; print f }
	    { sub(/^[^:]*:/, ""); print }' >in
	hr-squash-list --level lossless <in >out
	cmp in out
	hr-squash-list <in >out
	grep -qx 'lib/some/where/file1.c' out
	grep -qx 'lib/some/where/file2.c' out
	grep -q '^\[hr: 6[0-9] lines left out\]$' out
}

@test "matches keep their context" {
	for i in $(seq 1 40); do
		printf 'lib/some/a.c-%d-before\nlib/some/a.c:%d:hit %d\n' \
		    $((i * 10)) $((i * 10 + 1)) $i
		printf 'lib/some/a.c-%d-after\n--\n' $((i * 10 + 2))
	done | sed '$d' >in
	hr-squash-list <in >out
	grep -q left out
	[ "$(grep -c before out)" -eq "$(grep -c hit out)" ]
	[ "$(grep -c after out)" -eq "$(grep -c hit out)" ]
}

@test "for little nothing is left out" {
	seq -f 'lib/some/where/a.c:%g:	return;' 22 >in
	hr-squash-list <in >out
	run ! grep -q 'left out' out
	hr-squash-list --expand <out >back
	cmp in back
}

@test "where errors are searched for they are as other matches" {
	seq -f 'lib/some/where/a.c:%g:	return error;' 300 >in
	hr-squash-list <in >out
	[ "$(wc -l <out)" -lt 20 ]
}

@test "--query keeps what it names" {
	matches 200 >in
	hr-squash-list <in >out
	run ! grep -q 'x117;' out
	hr-squash-list --query 'where is x117 set?' <in >out
	grep -q 'x117;' out
}

@test "--budget leaves out more" {
	for f in $(seq 9); do
		seq -f "lib/some/file$f.c:%g:	return value;" 25
	done >in
	hr-squash-list <in >all
	hr-squash-list --budget 300 <in >few
	[ "$(tokens few)" -lt "$(tokens all)" ]
	[ "$(tokens few)" -le 300 ]
}

@test "--no-store: lossless, or with a level the short form alone" {
	matches 200 >in
	hr-squash-list --no-store <in >out
	run ! grep -q '\[hr:' out
	hr-squash-list --expand <out >back
	cmp in back
	hr-squash-list --no-store --level balanced <in >out
	head -n 1 out | grep -qE '^\[hr: [0-9]+ of 400 lines shown\]$'
	[ ! -e "$HOME/.local" ]
}

@test "a store that cannot be written: nothing is left out" {
	matches 200 >in
	: >file
	hr-squash-list --store file/ccr.db --explain <in >out 2>err
	run ! grep -q '\[hr:' out
	grep -q '^hr-squash-list: nothing left out: ' err
	hr-squash-list --expand <out >back
	cmp in back
}

@test "a second run changes nothing" {
	for level in lossless balanced tight; do
		matches 200 >in
		hr-squash-list --level $level <in >once
		hr-squash-list --level $level <once >twice
		cmp once twice
		hr-squash-list --level tight <once >twice
		cmp once twice
	done
}

@test "what is no list passes" {
	seq -f '12:30:%02g foo' 10 59 >in
	hr-squash-list --explain <in >out 2>err
	cmp in out
	grep -qx 'hr-squash-list: passed through: another format' err
	seq -f 'src/a/b.c:%g:5: error: no such thing' 300 >in
	hr-squash-list <in >out
	cmp in out
	seq -f '2021-07-%g,0:00:02,load avg' 300 >in
	hr-squash-list <in >out
	cmp in out
	seq -f 'lib/server.go:%g:listening' 300 | sort -r >in
	hr-squash-list <in >out
	cmp in out
	seq -f 'https://example.com/a/b/%g' 300 >in
	hr-squash-list <in >out
	cmp in out
}

@test "a mark in the text is data" {
	{
		echo '[hr: 3 of 9 lines shown]'
		matches 200
	} >in
	reversible
	hr-squash-list <in >out
	hr-ccr get "$(id_of out)" >back
	cmp in back
}

@test "--expand gives what is not ours back byte for byte" {
	for text in '3 lines by file:' '3 lines by file:\na/b\n1:x\n' \
	    '1 lines by file:\na\n1x\n' '9 entries of a tree by folder:\n.\n' \
	    '0 lines by file:\na\n' 'x' '1 entries of ls -R:\na\n' \
	    '99999999999999999999 lines by file:\na\n1:b\n'; do
		printf "$text" >in
		hr-squash-list --expand <in >out
		cmp in out
	done
}

@test "--expand refuses a text with gaps, and gives it back" {
	matches 200 >in
	hr-squash-list <in >short
	run -1 --separate-stderr hr-squash-list --expand <short
	hr-squash-list --expand <short >out 2>err || true
	cmp short out
	grep -q 'parts are left out' err
}

@test "a form that unfolds without end is refused" {
	{
		echo '3000000 lines by file:'
		head -c 4000 /dev/zero | tr '\0' x
		echo
		yes 1:x | head -n 3000000
	} >in
	timeout 20 hr-squash-list --expand <in >out 2>err || [ $? -eq 1 ]
	cmp in out
}

@test "time is linear, also where nothing fits" {
	yes 'a/b-1-c.c-12-x' | head -n 200000 >in
	timeout 20 hr-squash-list <in >out
	awk 'BEGIN { for (i = 0; i < 200000; i++)
	    printf "d%d/e-%d-f:%d:x\n", i % 999, i, i }' >in
	timeout 20 hr-squash-list --level lossless <in >out
	hr-squash-list --expand <out >back
	cmp in back
}

@test "an operand is a usage error" {
	run -2 --separate-stderr hr-squash-list in </dev/null
	[ -z "$output" ]
}
