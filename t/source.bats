#!/usr/bin/env bats
# source.bats - the rules of HACKING that a test can hold

bats_require_minimum_version 1.5.0

setup() {
	cd "$SRCDIR"
}

# Headers of lib/ by layer, as Makefile.am lists them.
layer() {
	awk -v want="# $1" '
	/^# (ground|formats|judgement|proxy only)$/ { on = $0 == want }
	/^[A-Z][A-Z_]* =/ { on = 0 }
	on' Makefile.am | grep -oE 'lib/[a-z0-9_]+\.[ch]' | sort
}

# only SOURCE-LAYER ALLOWED-LAYER ...: no include from elsewhere in lib/.
only() {
	local source=$1 f h bad=0
	shift
	for l; do layer "$l"; done | sed 's,.*/,,' >"$BATS_TEST_TMPDIR/may"
	[ -s "$BATS_TEST_TMPDIR/may" ]
	for f in $(layer "$source"); do
		for h in $(sed -n 's/^# *include "\(.*\)"/\1/p' "$f"); do
			[ "$h" != config.h ] || continue
			grep -qx "$h" "$BATS_TEST_TMPDIR/may" || {
				echo "# $f includes $h"
				bad=1
			}
		done
	done
	[ "$bad" -eq 0 ]
}

sources() {
	find . -name node_modules -prune -o -path './build*' -prune -o \
	    -path './_*' -prune -o -name config.h -o -name '*.[ch]' -print
}

@test "a layer of the library uses only those above it" {
	only ground ground
	only formats ground formats
	only judgement ground formats judgement
	only 'proxy only' ground formats judgement 'proxy only'
}

@test "the library does not print, exit or read the environment" {
	local f never='printf|puts|putchar|perror|exit|getenv|setenv'
	never="$never|setlocale|msg_[a-z]+"
	for f in $(ls lib/*.c | grep -vE '^lib/(msg|opt)\.c$'); do
		! grep -nHE "\<($never) *\(" "$f" || return 1
	done
}

@test "compat.h comes first" {
	local f
	for f in $(sources | grep '\.c$'); do
		[ "$(sed -n '/^# *include/{p;q}' "$f")" = \
		    '#include "compat.h"' ] || {
			echo "# $f"
			return 1
		}
	done
}

@test "no line is longer than 80 columns, none ends in a blank" {
	local f
	# Tests may quote a message as it is.
	for f in $(sources) man/*.[1-9] HACKING NEWS setup; do
		expand "$f" | awk -v f="$f" '
		/[ \t]$/ || (length($0) > 80 && !/https?:/) {
			print "# " f ":" NR ": " $0
			bad = 1
		}
		END { exit bad }' || return 1
	done
}

@test "each dictionary has the name of its fuzz target" {
	local f
	for f in t/fuzz/*.dict; do
		[ -f "${f%.dict}.c" ]
	done
}

@test "each source is in Makefile.am" {
	local f
	for f in $(find cmd lib t/unit t/fuzz -name '*.[ch]') t/*.bats; do
		grep -qE "(^|[[:space:]])${f%.c}(\.c)?([[:space:]]|\$)" \
		    Makefile.am || {
			echo "# $f"
			return 1
		}
	done
}
