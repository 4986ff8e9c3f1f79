#!/usr/bin/env bats
# docs.bats - what the documents say is what the commands do
#
# SYNOPSIS, without the options in brackets, is the usage line without
# "[OPTION ...]", in any case of letters; of a command with verbs there is
# such a line for each verb, too.  An example that follows a line `.\" runnable'
# is run: of its lines those that start with "$ ", or all, in a folder that
# holds pods.json, events.ndjson and notes.txt.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	export HOME=$BATS_TEST_TMPDIR/home
	mkdir "$HOME"
	unset XDG_STATE_HOME
}

# A page as text, a paragraph a line, nothing overstruck.
page() {
	mandoc -T ascii -O width=1000 "$1" | sed 's/.\x08//g'
}

# section NAME <page
section() {
	awk -v s="$1" '/^[A-Z]/ { on = $0 == s; next } on'
}

page_of() {
	echo "$SRCDIR/man/$1.1"
}

# Lines "letter TAB name TAB kind TAB argument TAB help", verbs' too.
options_of() {
	local v
	"$1" --list-options
	for v in $("$1" --list-options | awk -F '\t' '$3 == "verb" {print $2}')
	do
		"$1" "$v" --list-options
	done
}

plain() {
	sed -e ':a' -e 's/\[-[^][]*\]//g' -e 's/\[OPTION \.\.\.\]//g' -e 'ta' |
	    tr -s ' \t' ' ' | sed -e 's/^ //' -e 's/ $//' -e 's/< /</' |
	    tr a-z A-Z
}

@test "each page has the usual sections in the usual order" {
	local f
	for f in "$SRCDIR"/man/*.[1-9]; do
		echo "# $f"
		sed -n 's/^\.Sh //p' "$f" >sections
		printf '%s\n' NAME SYNOPSIS DESCRIPTION ENVIRONMENT FILES \
		    'EXIT STATUS' EXAMPLES DIAGNOSTICS 'SEE ALSO' STANDARDS \
		    HISTORY AUTHORS CAVEATS BUGS 'SECURITY CONSIDERATIONS' \
		    >usual
		grep -Fxf usual sections >known
		grep -Fxf known usual | diff - known
		head -n 1 sections | grep -qx NAME
		case $f in
		*.1)	grep -qx SYNOPSIS sections
			grep -qx 'EXIT STATUS' sections
			grep -qx EXAMPLES sections
			grep -qx 'SEE ALSO' sections ;;
		esac
	done
}

@test "every command has a page, and hr(7) and README name it" {
	local c
	for c in $HR_COMMANDS; do
		echo "# $c"
		[ -f "$(page_of "$c")" ]
		grep -qE "^\.(Xr|It Xr) $c 1( |\$)" "$SRCDIR/man/hr.7"
		grep -q "$c" "$SRCDIR/README.md"
	done
}

@test "NAME and help describe a command in the same words" {
	local c
	for c in $HR_COMMANDS; do
		echo "# $c"
		"$c" -h | sed -n 2p >about
		sed -n 's/^\.Nd //p' "$(page_of "$c")" | diff about -
	done
}

@test "SYNOPSIS and usage agree" {
	local c v operands
	for c in $HR_COMMANDS; do
		page "$(page_of "$c")" | section SYNOPSIS | plain |
		    grep . >synopsis
		# What is nothing without a verb has only those lines.
		"$c" -h | sed -n '1s/^usage: //p' | plain >want
		echo "# $(cat want)"
		grep -q ' VERB \.\.\.$' want || grep -Fxqf want synopsis
		"$c" --list-options | awk -F '\t' '$3 == "verb"' >verbs
		while IFS= read -r line; do
			v=$(echo "$line" | cut -f 2)
			operands=$(echo "$line" | cut -f 4)
			echo "$c $v $operands" | plain >want
			echo "# $(cat want)"
			grep -Fxqf want synopsis
		done <verbs
	done
}

@test "every option stands in the page" {
	local c l name kind rest
	for c in $HR_COMMANDS; do
		page "$(page_of "$c")" | section DESCRIPTION >text
		options_of "$c" | sed 's/^\t/-\t/' | sort -u >options
		while IFS=$'\t' read -r l name kind rest; do
			case $kind in
			verb)	echo "# $c $name"
				grep -qw -- "$name" text
				continue ;;
			esac
			# Those that all have are in hr(7).
			case $name in help | version) continue ;; esac
			echo "# $c --$name"
			grep -qE -- "(^|[^-a-z])--$name([^-a-z]|\$)" text
			[ "$l" = - ] ||
			    grep -qE -- "(^|[^-a-z])-$l([^-a-z]|\$)" text
		done <options
	done
}

@test "no page speaks of an option that does not exist" {
	local c o
	for c in $HR_COMMANDS; do
		options_of "$c"
	done | cut -f 2 | sort -u >known
	[ -n "$HR_COMMANDS" ] || return 0
	for f in "$SRCDIR"/man/*.[1-9]; do
		{ page "$f" | section SYNOPSIS
		page "$f" | section DESCRIPTION; } |
		    grep -oE -- '(^|[^-a-z])--[a-z][a-z-]+' |
		    sed 's/.*--//' | sort -u >used
		echo "# $f"
		grep -Fxvf known used >unknown || true
		cat unknown
		[ ! -s unknown ]
	done
}

@test "the choices of an option stand in the page" {
	local c w
	for c in $HR_COMMANDS; do
		page "$(page_of "$c")" | section DESCRIPTION >text
		for w in $(options_of "$c" |
		    awk -F '\t' '$3 == "choice" { print $4 }' | tr '|' ' '); do
			echo "# $c $w"
			grep -qw -- "$w" text
		done
	done
}

# Two lists in files, neither empty, must have the same lines.
same_lists() {
	[ -s "$1" ]
	[ -s "$2" ]
	diff <(sort -u "$1") <(sort -u "$2")
}

# items SUBSECTION MACRO FILE: what stands behind the macro in its .It lines.
items() {
	sed -n "/^\.Ss $1\$/,/^\.S[sh] /s/^\.It $2 //p" "$3"
}

@test "hr-proxy(1) has each path of the table, and no other" {
	sed -n '/^\.Ss Paths/,/^\.Ss What/s/^\.Pa \([^ ]*\).*/\1/p' \
	    "$SRCDIR/man/hr-proxy.1" |
	    awk 'sub(/\[\/\]$/, "") { print; $0 = $0 "/" } { print }' >page
	sed -n '/^static const struct entry entries/,/^};/p' \
	    "$SRCDIR/lib/api.c" | grep -o '"/[^"]*"' | tr -d '"' >table
	same_lists table page
}

@test "hr-proxy(1) names each provider with its host" {
	items Paths Cm "$SRCDIR/man/hr-proxy.1" |
	    sed -e 's/ , No / /' -e 's/ only with .*/ NULL/' >page
	sed -n '/^} providers\[/,/^};/p' "$SRCDIR/lib/api.c" | tr -d '\n\t' |
	    grep -oE '\{ "[a-z]+", *("[^"]*"|NULL)' |
	    tr -d '{,"' | tr -s ' ' | sed 's/^ //' >table
	same_lists table page
}

@test "hr-ledger(5) has each reason, and no other" {
	items Reasons Cm "$SRCDIR/man/hr-ledger.5" >page
	sed -n 's/.*\[WHY_[A-Z_]*\] = "\(.*\)",/\1/p' \
	    "$SRCDIR/lib/forward_why.c" >table
	same_lists table page
}

@test "hr-policy(5) and hr-ledger(5) have each class of files" {
	local w
	items Classes Cm "$SRCDIR/man/hr-policy.5" >page
	sed -n 's/^#define FILE_CLASSES[[:space:]]*"\(.*\)"/\1/p' \
	    "$SRCDIR/lib/rules.h" | tr '|' '\n' >table
	same_lists table page
	section DESCRIPTION <<<"$(page "$SRCDIR/man/hr-ledger.5")" >text
	for w in $(cat table); do
		echo "# $w"
		grep -qw -- "$w" text
	done
}

@test "hr-policy(5) has each kind of line and of tool" {
	local w
	items Lines Cm "$SRCDIR/man/hr-policy.5" | cut -d ' ' -f 1 >page
	sed -n 's/^#define KINDS[[:space:]]*"\(.*\)"/\1/p' \
	    "$SRCDIR/lib/rules.c" | tr '|' '\n' >table
	same_lists table page
	section DESCRIPTION <<<"$(page "$SRCDIR/man/hr-policy.5")" >text
	sed -n 's/^#define TOOL_CLASSES[[:space:]]*"\(.*\)"/\1/p' \
	    "$SRCDIR/lib/rules.h" | tr '|' '\n' >table
	[ -s table ]
	for w in $(cat table); do
		echo "# $w"
		grep -qw -- "$w" text
	done
}

@test "hr-profile(5) has each kind of line" {
	items Lines Cm "$SRCDIR/man/hr-profile.5" | cut -d ' ' -f 1 >page
	sed -n 's/^#define STMT_KINDS[[:space:]]*"\(.*\)"/\1/p' \
	    "$SRCDIR/lib/profile_impl.h" | tr '|' '\n' >table
	same_lists table page
}

@test "the examples of hr-profile(5) are profiles" {
	local e n=0
	awk '/^\.Bd -literal/ { n++; on = 1; next } /^\.Ed/ { on = 0 }
	on { print > ("profile." n) }' "$SRCDIR/man/hr-profile.5"
	mkdir -p config/hr/profiles
	for e in profile.*; do
		echo "# $(cat "$e")"
		cp "$e" config/hr/profiles/own
		seq 100 | XDG_CONFIG_HOME=$PWD/config \
		    hr-squash-log --no-store --level balanced >out 2>err
		[ ! -s err ]
		n=$((n + 1))
	done
	[ "$n" -ge 2 ]
}

@test "hr-shape(5) has each kind of line" {
	items Lines Cm "$SRCDIR/man/hr-shape.5" | cut -d ' ' -f 1 >page
	sed -n 's/.*"not one of \(shape|[a-z|]*\)".*/\1/p' \
	    "$SRCDIR/lib/shapes.c" | tr '|' '\n' >table
	same_lists table page
}

@test "the examples of hr-shape(5) are shapes" {
	local e n=0
	awk '/^\.Bd -literal/ { n++; on = 1; next } /^\.Ed/ { on = 0 }
	on { print > ("shape." n) }' "$SRCDIR/man/hr-shape.5"
	mkdir -p config/hr/shapes
	for e in shape.*; do
		echo "# $(cat "$e")"
		cp "$e" config/hr/shapes/own
		echo '[1]' | XDG_CONFIG_HOME=$PWD/config \
		    hr-squash-json --no-store >out 2>err
		[ ! -s err ]
		n=$((n + 1))
	done
	[ "$n" -ge 2 ]
}

@test "the examples of hr-policy(5) are policies" {
	local e n=0
	awk '/^\.Bd -literal/ { n++; on = 1; next } /^\.Ed/ { on = 0 }
	on { print > ("policy." n) }' "$SRCDIR/man/hr-policy.5"
	for e in policy.*; do
		echo "# $(cat "$e")"
		printf 'bad line\n' >>"$e"
		hr-proxy --policy "$e" --listen 127.0.0.1:0 2>err || true
		# The line that is wrong is the last.
		grep -q "$e:$(wc -l <"$e"): not one of" err
		n=$((n + 1))
	done
	[ "$n" -ge 3 ]
}

@test "hr-ledger(5) has each member, in order" {
	items Members Va "$SRCDIR/man/hr-ledger.5" >page
	# The example is the same again; members of members come first there.
	sed -n '/^A line, here in several/,/^\.Ed/p' \
	    "$SRCDIR/man/hr-ledger.5" | grep '^["{]' | tr -d '\n' |
	    jq -r 'keys_unsorted[]' >example
	[ -s example ]
	grep -Fxf example page | diff example -
	# What the source writes, by its own functions.
	grep -oE '(key|number|word|flag)\((out|b), "[a-z_]+"' \
	    "$SRCDIR/lib/ledger_line.c" | sed 's/.*"\(.*\)"/\1/' >source
	echo time >>source
	for m in $(cat page); do
		echo "# $m"
		grep -qx "$m" source
	done
	for m in $(cat source); do
		echo "# $m"
		grep -qE "^\.(It )?Va $m( |\$)" "$SRCDIR/man/hr-ledger.5"
	done
}

@test "hr-ledger(5) has each word of its members" {
	local w
	section DESCRIPTION <<<"$(page "$SRCDIR/man/hr-ledger.5")" >text
	{
	sed -n '/^} providers\[/,/^};/p' "$SRCDIR/lib/api.c" |
	    grep -oE '\{ "[a-z]+"'
	sed -n '/^client_name(/,/^}/p' "$SRCDIR/lib/api.c" |
	    grep -oE '= "[a-z-]+"'
	} | grep -oE '[a-z-]+' >words
	[ "$(wc -l <words)" -ge 10 ]
	for w in $(cat words); do
		echo "# $w"
		grep -qw -- "$w" text
	done
	# Why a body was not understood.
	grep -ohE '(return|why =|[a-z_]+\[\] =) "[^"]*"' \
	    "$SRCDIR/lib/forward_read.c" "$SRCDIR/lib/forward.c" |
	    sed 's/.*"\(.*\)"/\1/' | sort -u >words
	[ "$(wc -l <words)" -ge 5 ]
	while read -r w; do
		echo "# $w"
		grep -qF -- "$w" text
	done <words
}

fixtures() {
	awk 'BEGIN {
		for (i = 0; i < 300; i++)
			printf "%s{\"name\": \"web-%d\", \"phase\": \"%s\", " \
			    "\"restarts\": %d}", i == 0 ? "[" : ",\n ", i, \
			    i == 117 ? "CrashLoopBackOff" : "Running", i == 117
		print "]"
	}' >pods.json
	awk 'BEGIN {
		for (i = 0; i < 300; i++)
			printf "{\"t\": %d, \"level\": \"%s\", \"ms\": %d}\n", \
			    1700000000 + i, i == 7 ? "error" : "info", i % 9
	}' >events.ndjson
	printf 'Notes.\n\nNothing here is JSON.\n' >notes.txt
}

# The blocks marked runnable of a page: example.1, example.2, ...
examples() {
	rm -f example.*
	awk '
	/^\.\\" runnable$/ { n++; marked = 1; next }
	/^\.Bd / && marked { on = 1; next }
	/^\.Ed/ { on = marked = 0 }
	on {
		gsub(/\\e/, "\\")
		gsub(/\\\(aq/, "\047")
		gsub(/\\\(dq/, "\"")
		gsub(/\\&/, "")
		print > ("example." n)
	}' "$1"
}

@test "the examples marked runnable run" {
	local f e
	[ -n "$HR_COMMANDS" ] || return 0
	for f in "$SRCDIR"/man/*.[1-9]; do
		rm -rf run
		mkdir run
		cd run
		fixtures
		examples "$f"
		for e in example.*; do
			[ -f "$e" ] || continue
			! grep -q '^\$ ' "$e" || sed -i -n 's/^\$ //p' "$e"
			echo "# $f:" "$(cat "$e")"
			bash -e -o pipefail "$e" </dev/null >../out 2>../err || {
				cat ../err
				return 1
			}
			[ -s ../out ]
			[ ! -s ../err ] || { cat ../err; return 1; }
		done
		cd ..
	done
}

@test "hr(7) and each command's page have an example that was run" {
	local c
	[ -n "$HR_COMMANDS" ] || return 0
	for c in "$SRCDIR/man/hr.7" $(for c in $HR_COMMANDS; do page_of $c; done)
	do
		echo "# $c"
		grep -q '^\.\\" runnable$' "$c"
	done
}

@test "completions are what the generator makes" {
	local f
	[ -n "$HR_COMMANDS" ] || return 0
	"$SRCDIR/completions/generate" . $HR_COMMANDS
	for f in hr.bash _hr hr.fish; do
		diff "$SRCDIR/completions/$f" $f
	done
}

@test "every option is completed, in every shell" {
	local c l name kind rest f
	for c in $HR_COMMANDS; do
		options_of "$c" | sed 's/^\t/-\t/' | sort -u >options
		while IFS=$'\t' read -r l name kind rest; do
			[ "$kind" = verb ] || name=--$name
			echo "# $c $name"
			grep -qF -- "$name" "$SRCDIR/completions/hr.bash"
			grep -qF -- "$name" "$SRCDIR/completions/_hr"
			grep -qE -- "^complete -c $c .*(-l|-a) ${name#--} " \
			    "$SRCDIR/completions/hr.fish"
		done <options
	done
}

# completed WORD ...: what bash would offer for the last word.
completed() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	_hr "$1"
	printf '%s\n' "${COMPREPLY[@]}" | sort | xargs
}

@test "bash completes options, choices, verbs and files" {
	[ -n "$HR_COMMANDS" ] || return 0
	touch 'a file' zzz.json
	# shellcheck source=/dev/null
	. "$SRCDIR/completions/hr.bash"
	[ "$(completed hr-squash-json --lev)" = --level ]
	[ "$(completed hr-squash-json --level l)" = lossless ]
	[ "$(completed hr-squash-json --level = b)" = balanced ]
	[ "$(completed hr-squash-json --level '' |
	    xargs)" = 'balanced exact lossless tight' ]
	[ "$(completed hr-ccr st)" = stat ]
	[ "$(completed /usr/bin/hr-ccr g)" = 'gc get' ]
	[ "$(completed hr-count zz)" = zzz.json ]
	[ "$(completed hr-squash-json --query x)" = '' ]
	complete -p hr-count
	# What hr-run starts, behind its own options.
	[ "$(completed hr-run --lev)" = --level ]
	[ "$(completed hr-run --level = t)" = tight ]
	[ "$(completed hr-run --level = tight hr-squash-d | xargs -n 1 |
	    sort -u)" = hr-squash-diff ]
	[ "$(completed hr-run cat zz)" = zzz.json ]
	[ "$(completed hr-run cat --lev)" = '' ]
}

@test "NEWS begins with this version" {
	sed -n '/^[0-9]/{p;q}' "$SRCDIR/NEWS" | grep -q "^$HR_VERSION, "
	sed -n '/^[0-9]/d;/./p' "$SRCDIR/NEWS" | sed 1,2d >lines
	! grep -vE '^[a-z0-9-]+(\([0-9]\))?: .|^  ' lines
}
