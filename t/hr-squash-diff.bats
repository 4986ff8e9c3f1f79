#!/usr/bin/env bats
# hr-squash-diff.bats - fewer tokens for diffs, from the shell

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	export HOME=$BATS_TEST_TMPDIR/home
	mkdir "$HOME"
	unset XDG_STATE_HOME XDG_CONFIG_HOME
	export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
	export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org
	export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
}

# repository: an empty one in r, and there we are.
repository() {
	git init -q r
	cd r
	git config core.autocrlf false
}

commit() {
	git add -A
	git commit -q -m "${1:-a commit}"
}

# lines N: as many of code, each unlike the others.
lines() {
	awk -v n="$1" 'BEGIN {
		for (i = 1; i <= n; i++)
			if (i % 25 == 1)
				printf "function f%d(a, b)\n", i
			else
				printf "\tstep(%d, a + %d);\n", i, i * 7 % 31
	}'
}

# edited SEED <file: lines changed, added and removed here and there.
edited() {
	awk -v seed="$1" 'BEGIN { srand(seed) }
	{
		r = rand()
		if (r < 0.03)
			print "\tchanged(" NR ");"
		else if (r < 0.05)
			print $0 "\n\tadded(" NR ");\n"
		else if (r >= 0.07)
			print
	}'
}

# The id that the first line of a file names.
id_of() {
	sed -n '1s/.* hr-ccr .*get \([0-9]*\)]$/\1/p' "$1"
}

# body FILE: without the header.
body() {
	head -n 1 "$1" | grep -q '^\[hr: [0-9]* of [0-9]* lines shown'
	tail -n +2 "$1"
}

# changes FILE: the lines with a sign.
changes() {
	grep -a '^[+-]' "$1" | grep -av -e '^--- ' -e '^+++ '
}

same_after() {
	for level in lossless balanced tight; do
		hr-squash-diff --level $level "${@:2}" <"$1" >once
		hr-squash-diff --level $level "${@:2}" <once >twice
		cmp once twice
	done
}

@test "unchanged lines go, headers say where the changed ones are" {
	lines 60 >old
	sed -e '20s/.*/\tcalled(20);/' -e '40d' -e '50i\	new(50);' old >new
	git diff --no-index old new >in || true
	hr-squash-diff --level lossless <in >out
	{
		echo "[hr: 8 of 30 lines shown, complete output:" \
		    "hr-ccr get $(id_of out)]"
		cat <<-'END'
		--- a/old
		+++ b/new
		@@ -20 +20 @@ function f1(a, b)
		-	step(20, a + 16);
		+	called(20);
		@@ -40 +39,0 @@ function f26(a, b)
		-	step(40, a + 1);
		@@ -49,0 +49 @@ function f26(a, b)
		+	new(50);
		END
	} >want
	sed -i 's/^\[hr: [0-9]* of [0-9]*/[hr: 8 of 30/' out
	diff want out
	hr-ccr get "$(id_of out)" | cmp - in
}

@test "what is shown and what is left out make the whole" {
	lines 400 >old
	edited 5 <old >new
	diff -u old new >in || true
	hr-squash-diff --level lossless <in >out
	shown=$(sed -n '1s/^\[hr: \([0-9]*\) of.*/\1/p' out)
	[ "$(sed -n '1s/.* of \([0-9]*\) lines.*/\1/p' out)" -eq \
	    "$(wc -l <in)" ]
	# Headers of pieces are more than there were; all else is counted.
	[ "$(body out | grep -vc '^@@')" -eq \
	    "$((shown - $(grep -c '^@@' in)))" ]
}

@test "what is written is a diff that gives the new files" {
	repository
	for i in 1 2 3 4 5 6; do lines $((i * 60)) >f$i; done
	printf 'no newline' >f7
	lines 30 >gone
	commit
	# Empty files have no hunks; names behind them are not theirs.
	for u in 0 1 3 10; do
		touch e4 e7
		for i in 1 2 3 4 5 6; do
			git show HEAD:f$i | edited $((u * 10 + i)) >f$i
		done
		printf 'none\nhere either' >f7
		rm -f gone
		lines 20 >made
		git add -A
		git diff --cached --no-renames -U$u >../in
		want=$(git write-tree)
		git reset -q --hard
		hr-squash-diff --level lossless --no-store <../in >../out
		# Without context there is little to take out.
		if cmp -s ../in ../out; then
			[ $u -eq 0 ]
			continue
		fi
		body ../out >../patch
		diff <(changes ../in) <(changes ../patch)
		git apply --index --unidiff-zero ../patch
		[ "$(git write-tree)" = "$want" ]
		git reset -q --hard
	done
}

@test "--patch leaves what git apply takes" {
	repository
	for i in 1 2 3 4; do lines $((i * 60)) >f$i; done
	lines 50 >'with blank'
	lines 30 >gone
	lines 90 >moved
	printf '\000\001\002' >bin
	ln -s f1 link
	commit
	for seed in 1 2 3; do
		for i in 1 2 3 4; do
			git show HEAD:f$i | edited $((seed * 9 + i)) >f$i
		done
		sed -i '20s/.*/x/' 'with blank'
		git rm -q gone
		git mv moved away
		sed -i '45s/.*/y/' away
		chmod +x f1
		printf '\000\001\003' >bin
		ln -sf f2 link
		lines 9 >made
		git add -A
		git diff --cached --binary -M >../in
		want=$(git write-tree)
		hr-squash-diff --patch <../in >../out
		[ "$(hr-count <../out)" -lt "$(hr-count <../in)" ]
		git reset -q --hard
		git apply --check ../out
		git apply --index ../out
		[ "$(git write-tree)" = "$want" ]
		git reset -q --hard
		hr-squash-diff --patch <../out >../twice
		cmp ../out ../twice
	done
}

@test "headers of git: names, modes and renames stay" {
	cat >in <<-'END'
	diff --git a/dir/one.c b/dir/two.c
	similarity index 95%
	rename from dir/one.c
	rename to dir/two.c
	index 1234567..89abcde 100644
	--- a/dir/one.c
	+++ b/dir/two.c
	@@ -10,7 +10,7 @@ int f(void)
	   one = call_of_something(first, second);
	   two = call_of_something(first, second);
	   three = call_of_something(first, second);
	-old
	+new
	   four = call_of_something(first, second);
	   five = call_of_something(first, second);
	   six = call_of_something(first, second);
	diff --git a/from b/to
	similarity index 100%
	rename from from
	rename to to
	diff --git a/run.sh b/run.sh
	old mode 100644
	new mode 100755
	diff --git a/new.c b/new.c
	new file mode 100644
	index 0000000..89abcde
	--- /dev/null
	+++ b/new.c
	@@ -0,0 +1 @@
	+only line
	diff --git a/x.png b/x.png
	index 1234567..89abcde 100644
	Binary files a/x.png and b/x.png differ
	diff --git a/link b/link
	index 1234567..89abcde 120000
	--- a/link
	+++ b/link
	@@ -1 +1 @@
	-to here
	\ No newline at end of file
	+to there
	\ No newline at end of file
	END
	cat >want <<-'END'
	rename from dir/one.c
	--- a/dir/one.c
	+++ b/dir/two.c
	@@ -13 +13 @@ int f(void)
	-old
	+new
	diff --git a/from b/to
	rename from from
	diff --git a/run.sh b/run.sh
	old mode 100644
	new mode 100755
	diff --git a/new.c b/new.c
	new file mode 100644
	--- /dev/null
	+++ b/new.c
	@@ -0,0 +1 @@
	+only line
	Binary files a/x.png and b/x.png differ
	index 1234567..89abcde 120000
	--- a/link
	+++ b/link
	@@ -1 +1 @@
	-to here
	\ No newline at end of file
	+to there
	\ No newline at end of file
	END
	hr-squash-diff --level lossless <in >out
	body out | diff want -
}

@test "a heading is not that of another function" {
	cat >in <<-'END'
	--- a/f.py
	+++ b/f.py
	@@ -10,9 +10,9 @@ def first():
	     return something_quite_long_to_read_here(1)
	 
	 def second():
	     a = something_quite_long_to_read_here(2)
	-    b = 1
	+    b = 2
	     c = something_quite_long_to_read_here(3)
	     d = something_quite_long_to_read_here(4)
	     e = something_quite_long_to_read_here(5)
	 
	END
	hr-squash-diff --level lossless --no-store <in >out
	grep -qx '@@ -14 +14 @@ def second():' out
}

@test "combined diffs have a column a parent" {
	cat >in <<-'END'
	diff --cc f
	index 7f29257,09e527a..0000000
	--- a/f
	+++ b/f
	@@@ -27,7 -27,7 +27,11 @@@ five
	    twenty-seven is a line that both parents have
	    twenty-eight is a line that both parents have
	    twenty-nine is a line that both parents have
	++<<<<<<< HEAD
	 +drei
	++=======
	+ thirty
	++>>>>>>> master
	    thirty-one is a line that both parents have
	    thirty-two is a line that both parents have
	    thirty-three is a line that both parents have
	END
	hr-squash-diff --level lossless <in >out
	cat >want <<-'END'
	--- a/f
	+++ b/f
	@@@ -30 -30 +30,5 @@@ five
	++<<<<<<< HEAD
	 +drei
	++=======
	+ thirty
	++>>>>>>> master
	END
	body out | diff want -
}

@test "diff -ruN: times go, but those that say there is no file" {
	mkdir a b
	lines 80 >a/f
	edited 3 <a/f >b/f
	lines 5 >b/made
	diff -ruN a b >in || true
	hr-squash-diff --level lossless <in >out
	[ "$(grep -c '^--- a/f$' out)" -eq 1 ]
	[ "$(grep -c '^+++ b/f$' out)" -eq 1 ]
	grep -q '^--- a/made	19[67][0-9]-' out
	! grep -q '^diff -ruN' out
	diff <(changes in) <(changes out)
}

@test "a mail keeps its text, its numbers and its signature" {
	repository
	lines 200 >f
	commit
	edited 2 <f >g
	mv g f
	commit 'change of f'
	git format-patch -q -1 --stdout >../in
	cd ..
	hr-squash-diff <in >out
	body out >rest
	sed '/^diff --git/,$d' in >front
	head -n "$(wc -l <front)" rest | cmp - front
	tail -n 3 in | cmp - <(tail -n 3 rest)
	diff <(changes in) <(changes rest)
}

@test "colours are not read" {
	repository
	lines 200 >f
	commit
	edited 2 <f >g
	mv g f
	git diff --color=never >../plain
	git diff --color=always >../colour
	cd ..
	hr-squash-diff <plain >plain.out
	hr-squash-diff <colour >colour.out
	cmp <(body plain.out) <(body colour.out)
	hr-ccr get "$(id_of colour.out)" | cmp - colour
}

# A diff of Cargo.lock, and one of code.
lock() {
	mkdir -p a b
	awk -v n="${1:-30}" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "[[package]]\nname = \"p%d\"\nversion = " \
			    "\"1.%d\"\nchecksum = \"%064d\"\n\n", i, i, i
	}' >a/Cargo.lock
	sed -e 's/= "1\./= "2./' -e 's/= "0000/= "12ab/' a/Cargo.lock \
	    >b/Cargo.lock
	lines 50 >a/f.c
	sed '30s/.*/\tother();/' a/f.c >b/f.c
	git diff --no-index a b >in || true
	sed -i 's,\([ab]\)/[ab]/,\1/,g' in
}

@test "lock files: checksums go, versions stay, numbers are told" {
	lock
	hr-squash-diff <in >out
	grep -qxF '[hr: 60 lines left out; checksums in lock file Cargo.lock, +60 -60]' out
	! grep -q 'checksum = ' out
	[ "$(grep -c '^[+-]version = ' out)" -eq 60 ]
	grep -qx '+	other();' out
	hr-ccr get "$(id_of out)" | cmp - in
	# Nothing of it is lossless.
	hr-squash-diff --level lossless <in >out
	diff <(changes in) <(changes out)
}

@test "tight: one line for a lock file, and for one that is deleted" {
	lock
	lines 40 | sed 's/^/-/' >gone
	{
		printf 'diff --git a/gone.c b/gone.c\n'
		printf 'deleted file mode 100644\nindex 1234567..0000000\n'
		printf -- '--- a/gone.c\n+++ /dev/null\n@@ -1,40 +0,0 @@\n'
		cat gone
	} >>in
	hr-squash-diff --level tight <in >out
	cat >want <<-'END'
	--- a/Cargo.lock
	+++ b/Cargo.lock
	[hr: 270 lines left out; lock file Cargo.lock, +60 -60]
	--- a/f.c
	+++ b/f.c
	@@ -30 +30 @@ function f26(a, b)
	-	step(30, a + 24);
	+	other();
	deleted file mode 100644
	--- a/gone.c
	+++ /dev/null
	[hr: 41 lines left out; deleted file gone.c, +0 -40]
	END
	body out | sed 's/^\[hr: [0-9]* lines left out; lock/[hr: 270 lines left out; lock/' |
	    diff want -
	hr-ccr get "$(id_of out)" | cmp - in
}

@test "generated, minified and vendored files become a mark" {
	{
		printf -- '--- a/api.go\n+++ b/api.go\n@@ -1,2 +1,42 @@\n'
		printf ' // Code generated by protoc. DO NOT EDIT.\n \n'
		lines 40 | sed 's/^/+/'
		printf -- '--- a/dist/x.min.js\n+++ b/dist/x.min.js\n'
		printf '@@ -1 +1,40 @@\n-var old=1;\n'
		lines 40 | sed 's/^/+/'
		printf -- '--- a/node_modules/y/z.js\n'
		printf '+++ b/node_modules/y/z.js\n@@ -3 +3,40 @@\n-var old=1;\n'
		lines 40 | sed 's/^/+/'
		printf -- '--- a/real.c\n+++ b/real.c\n@@ -7 +7 @@\n-a\n+b\n'
		printf -- '--- a/bundle\n+++ b/bundle\n@@ -1 +1 @@\n'
		printf -- '-%s\n+%s\n' "$(seq -f 'f(a%g){b;}' -s '' 600)" \
		    "$(seq -f 'f(a%g){c;}' -s '' 600)"
	} >in
	hr-squash-diff <in >out
	cat >want <<-'END'
	--- a/api.go
	+++ b/api.go
	[hr: 43 lines left out; generated file api.go, +40 -0]
	--- a/dist/x.min.js
	+++ b/dist/x.min.js
	[hr: 42 lines left out; minified file x.min.js, +40 -1]
	--- a/node_modules/y/z.js
	+++ b/node_modules/y/z.js
	[hr: 42 lines left out; vendored file z.js, +40 -1]
	--- a/real.c
	+++ b/real.c
	@@ -7 +7 @@
	-a
	+b
	--- a/bundle
	+++ b/bundle
	[hr: 3 lines left out; minified file bundle, +1 -1]
	END
	body out | diff want -
	same_after in
}

@test "what the user's own policy keeps exact is shown" {
	lock
	mkdir -p "$HOME/.config/hr"
	echo 'level lock exact' >"$HOME/.config/hr/policy"
	hr-squash-diff <in >out
	diff <(changes in) <(changes out)
	hr-squash-diff --level tight <in >out
	diff <(changes in) <(changes out)
}

@test "a binary patch becomes a mark, but not at lossless" {
	repository
	lines 60 >f
	head -c 3000 "$BUILDDIR/hr-count" >x.bin
	commit
	head -c 5000 "$BUILDDIR/hr-count" | tail -c 3000 >x.bin
	sed -i '30s/.*/x/' f
	git diff --binary >../in
	cd ..
	hr-squash-diff <in >out
	grep -qE '^\[hr: [0-9]+ lines left out; binary patch x.bin\]$' out
	grep -q '^diff --git a/x.bin b/x.bin$' out
	hr-ccr get "$(id_of out)" | cmp - in
	hr-squash-diff --level lossless <in >out
	diff <(sed -n '/^GIT binary/,$p' in) <(sed -n '/^GIT binary/,$p' out)
}

@test "a second time nothing changes" {
	repository
	for i in 1 2 3; do lines $((i * 60)) >f$i; done
	commit
	for n in 1 2 3; do
		for i in 1 2 3; do
			edited $((n * 5 + i)) <f$i >g
			mv g f$i
		done
		commit "commit $n"
	done
	git log -p --stat >../log
	git diff HEAD~3 -U8 >../wide
	cd ..
	lock
	for f in log wide in; do
		same_after $f
		same_after $f --patch
		same_after $f --no-store
	done
}

# unlike LINE: the text in is a diff that is not what it says: as it is.
passes() {
	for level in lossless balanced tight; do
		hr-squash-diff --level $level "$@" <in >out
		cmp in out
	done
}

@test "hunks that are not what their header says stay" {
	lines 60 | sed 's/^/ /' >context
	for header in '-1,60 +1,61' '-1,59 +1,60' '-1,61 +1,62' '-1 +1' \
	    '-1,99999999999 +1,99999999999' '-0,0 +0,0' '1,60 1,61'; do
		{
			printf -- '--- a/f\n+++ b/f\n@@ %s @@\n' "$header"
			cat context
			echo '-a'
			echo '+b'
			head -n 3 context
			echo 'text behind it'
		} >in
		passes
	done
	# The same, as it should be.
	sed -i 's/^@@.*/@@ -1,64 +1,64 @@/' in
	hr-squash-diff <in >out
	run -1 cmp -s in out
}

@test "what only looks like a diff stays" {
	lines 60 | sed 's/^/ /' >context
	{ printf '+++ b/f\n@@ -1,61 +1,61 @@\n'; cat context
	printf -- '-a\n+b\n'; } >in
	passes
	{ printf '@@ -1,61 +1,61 @@\n'; cat context; printf -- '-a\n+b\n'; } >in
	passes
	{ printf -- '--- a/f\n@@ -1,61 +1,61 @@\n'; cat context
	printf -- '-a\n+b\n'; } >in
	passes
	{ printf -- '--- a/f\n+++ b/f\n'; cat context; } >in
	passes
	printf '@@\n+++\n---\n@@ -\n@@ -1 +1 @@' >in
	passes
}

@test "removed and added lines that look like headers are none" {
	{
		printf -- '--- a/f\n+++ b/f\n@@ -1,64 +1,64 @@\n'
		lines 60 | sed 's/^/ /'
		printf -- '--- a/g\n+++ b/g\n@@ -1 +1 @@\n' | head -n 2
		lines 3 | sed 's/^/ /'
	} >in
	hr-squash-diff <in >out
	cat >want <<-'END'
	--- a/f
	+++ b/f
	@@ -61 +61 @@
	--- a/g
	+++ b/g
	END
	body out | diff want -
}

@test "CRLF, NUL and missing newlines stay in what is shown" {
	lines 60 >old
	sed 's/$/\r/' old >old.crlf
	sed '30s/.*/a\x00b\r/' old.crlf >new.crlf
	printf 'last, without' >>new.crlf
	diff -a -u old.crlf new.crlf >in || true
	hr-squash-diff --level lossless <in >out
	diff -a <(changes in) <(changes out)
	tail -n 1 out | grep -qx '\\ No newline at end of file'
	grep -aq '^+a.b' out
}

@test "unchanged last lines without a newline stay with their note" {
	{
		printf -- '--- a/f\n+++ b/f\n@@ -1,63 +1,63 @@\n'
		lines 60 | sed 's/^/ /'
		printf -- '-a\n+b\n kept\n the end\n'
		printf '\\ No newline at end of file\n'
	} >in
	hr-squash-diff --level lossless <in >out
	tail -n 5 in | cmp - <(tail -n 5 out)
}

@test "without a store nothing is left out, unless that is wanted" {
	lines 90 >old
	edited 4 <old >new
	diff -u old new >in || true
	for level in lossless balanced; do
		HOME=/dev/null/none hr-squash-diff --level $level <in >out
		cmp in out
	done
	hr-squash-diff --no-store <in >out
	cmp in out
	hr-squash-diff --no-store --level lossless <in >out
	head -n 1 out | grep -qE '^\[hr: [0-9]+ of [0-9]+ lines shown\]$'
	[ ! -e "$HOME/.local" ]
	hr-squash-diff --level exact <in >out
	cmp in out
	[ ! -e "$HOME/.local" ]
}

@test "a budget that is not met makes it tight" {
	lock
	hr-squash-diff --budget 100000 <in >out
	hr-squash-diff <in | cmp - out
	hr-squash-diff --budget 200 <in >out
	hr-squash-diff --level tight <in | cmp - out
}

@test "every locale gives the same bytes" {
	lock
	hr-squash-diff <in >want
	for l in C C.UTF-8 tr_TR.UTF-8 xx_YY.nowhere; do
		LC_ALL=$l hr-squash-diff <in | cmp - want
	done
}

@test "time is linear in whatever comes" {
	yes '--- a' | head -n 700000 >in
	timeout 20 hr-squash-diff <in | cmp - in
	yes '@@ -1,999999999 +1,999999999 @@' | head -n 200000 >in
	timeout 20 hr-squash-diff <in | cmp - in
	{ printf -- '--- a\n+++ b\n'; yes '@@ -1,9 +1,9 @@' |
	    head -n 200000; } >in
	timeout 20 hr-squash-diff <in | cmp - in
	for i in {1..20000}; do
		printf -- '--- a\n+++ b\n@@ -1,999999 +1,999999 @@\n x\n'
	done >in
	timeout 20 hr-squash-diff <in | cmp - in
	{ printf -- '--- a\n+++ b\n@@ -1,400000 +1,400001 @@\n'
	yes ' unchanged' | head -n 400000; echo +x; } >in
	timeout 20 hr-squash-diff <in >out
	[ "$(wc -l <out)" -eq 5 ]
}
