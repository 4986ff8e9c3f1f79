#!/usr/bin/env bats
# opt.bats - options and messages, as every command has them

bats_require_minimum_version 1.5.0

setup() {
	PATH=$BUILDDIR/t/unit:$PATH
	cd "$BATS_TEST_TMPDIR"
}

# usage_error MESSAGE ARG ...: exit 2, this message, nothing on stdout.
usage_error() {
	local want="opt_driver: $1"
	shift
	run -2 --separate-stderr opt_driver "$@"
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "$want" ] || {
		echo "is:     ${stderr_lines[0]}"
		echo "should: $want"
		return 1
	}
	[ "${stderr_lines[1]}" = "opt_driver: try 'opt_driver -h'" ]
	[ "${#stderr_lines[@]}" -eq 2 ]
}

said() {
	local want=$1
	shift
	run -0 --separate-stderr opt_driver "$@"
	[ -z "$stderr" ]
	[ "${lines[0]}" = "$want" ] || {
		echo "is:     ${lines[0]}"
		echo "should: $want"
		return 1
	}
}

@test "defaults stay where nothing is said" {
	said 'flag 0 text none choice 0 count 0 bytes 0 seconds 0 range 0-0'
}

@test "every kind of option, in every spelling" {
	local want='flag 1 text x choice 2 count 9 bytes 2048 seconds 7200'
	want="$want range 3-7"
	said "$want" -f -t x --choice blue -n 9 --bytes 2k --seconds 2h -r 3-7
	said "$want" -ftx --choice=blue -n9 --bytes=2K --seconds=120m --range=3-7
	said "$want" --fl --te x --ch blue --co=9 --by 2k --sec 7200 --ra 3-7
}

@test "the last of two wins" {
	said 'flag 0 text b choice 0 count 0 bytes 0 seconds 0 range 0-0' \
	    -t a -t b
}

@test "operands, also between options, and -- ends the options" {
	run -0 opt_driver a -f b -- -f --flag
	[ "${lines[0]}" = \
	    'flag 1 text none choice 0 count 0 bytes 0 seconds 0 range 0-0' ]
	[ "${lines[1]}" = "word 'a'" ]
	[ "${lines[2]}" = "word 'b'" ]
	[ "${lines[3]}" = "word '-f'" ]
	[ "${lines[4]}" = "word '--flag'" ]
	run -0 opt_driver -
	[ "${lines[1]}" = "word '-'" ]
}

@test "a table that stops at the first operand" {
	run -0 opt_driver stop -f a -t b
	[ "${lines[0]}" = \
	    'flag 1 text none choice 0 count 0 bytes 0 seconds 0 range 0-0' ]
	[ "${lines[1]}" = "word 'a'" ]
	[ "${lines[2]}" = "word '-t'" ]
}

@test "unknown options" {
	usage_error "unknown option '--nope'" --nope
	usage_error "unknown option '--nope=1'" --nope=1
	usage_error "unknown option '-z'" -z
	usage_error "unknown option '-z'" -fzq
	usage_error "unknown option '-z'" --flag -zq
	usage_error "unknown option '-z'" word -zf
	usage_error "unknown option '-:'" -:
	usage_error "unknown option '-+'" stop -+
}

@test "an abbreviation that fits several" {
	usage_error "unknown option '--s'" --s
}

@test "a flag with a value" {
	usage_error "option '--flag=1' takes no argument" --flag=1
	usage_error "option '--late=1' takes no argument" --late=1
	usage_error "option '--help=1' takes no argument" --help=1
}

@test "a missing value" {
	usage_error "option '--text' needs an argument" --text
	usage_error "option '--bytes' needs an argument" --bytes
	usage_error "option '-t' needs an argument" -t
	usage_error "option '-t' needs an argument" -ft
}

@test "values that are none" {
	usage_error "--choice: not one of red|green|blue: 'pink'" --choice pink
	usage_error "--choice: not one of red|green|blue: 're'" --choice re
	usage_error "--choice: not one of red|green|blue: ''" --choice ''
	usage_error "--choice: not one of red|green|blue: 'red|green'" \
	    --choice 'red|green'
	usage_error "--count: not a number from 2 to 9: '1'" -n 1
	usage_error "--count: not a number from 2 to 9: '10'" -n 10
	usage_error "--count: not a number from 2 to 9: 'x'" --count x
	usage_error "--bytes: not a number: '2x'" --bytes 2x
	usage_error "--seconds: not a number: '-1'" --seconds -1
	usage_error "--range: not a range such as 3-7: '7-3'" -r 7-3
}

@test "help names everything and exits 0" {
	run -0 --separate-stderr opt_driver -h
	[ -z "$stderr" ]
	cat >want <<-'END'
	usage: opt_driver [OPTION ...] [WORD ...]
	say what was said

	  put [FILE]                store
	  get ID                    fetch

	  -f, --flag                a flag
	  -t, --text TEXT           any text
	      --choice red|green|blue
	                            one of three
	  -n, --count N             from 2 to 9
	      --bytes SIZE          with a unit
	      --seconds TIME        with a unit
	  -r, --range A-B           a range
	      --a-very-long-option-name FILE
	                            wraps in the help
	      --die TEXT            die with this and ENOENT
	      --say TEXT            warn with this
	      --late                fill the buffer of standard output first
	  -q, --quiet               print nothing
	  -h, --help                print this help
	  -V, --version             print the version
	END
	opt_driver --help | diff want -
	opt_driver -f word --help | diff want -
}

@test "a verb's help names the verb" {
	run -0 opt_driver stop -h
	[ "${lines[0]}" = 'usage: opt_driver stop [OPTION ...] [WORD ...]' ]
}

@test "version" {
	run -0 opt_driver -V
	[[ $output =~ ^opt_driver\ \(hr\)\ [0-9]+\.[0-9]+ ]]
	run -0 opt_driver --version
	[ "${#lines[@]}" -eq 1 ]
}

@test "the list of options has five fields a line" {
	run -0 opt_driver --list-options
	[ "${lines[0]}" = $'f\tflag\tflag\t\ta flag' ]
	[ "${lines[2]}" = $'\tchoice\tchoice\tred|green|blue\tone of three' ]
	opt_driver --list-options | awk -F '\t' 'NF != 5 { exit 1 }'
	opt_driver --list-options | grep -q $'^h\thelp\tflag\t\tprint this help$'
	opt_driver --list-options | grep -q $'^\tput\tverb\t\\[FILE\\]\tstore$'
	[ "$(opt_driver --list-options | wc -l)" -eq 16 ]
}

@test "control bytes in a message are masked" {
	run -0 --separate-stderr opt_driver -q --say $'a\e[2J\a\nb\x7f\tc'
	[ "$stderr" = "opt_driver: said 'a?[2J??b??c'" ]
	usage_error "unknown option '--no?pe'" $'--no\npe'
}

@test "a long message is cut and still ends its line" {
	local long
	long=$(printf '%5000s' x | tr ' ' y)
	opt_driver -q --say "$long" 2>err
	[ "$(wc -l <err)" -eq 1 ]
	[ "$(wc -c <err)" -le 1024 ]
	[ "$(wc -c <err)" -gt 1000 ]
	run -1 opt_driver --die "$long"
}

@test "die says why, with the subject quoted" {
	run -1 --separate-stderr opt_driver --die nofile
	[ -z "$output" ]
	[ "$stderr" = \
	    "opt_driver: cannot open 'nofile': No such file or directory" ]
}

@test "the program's name is its own, wherever it is called from" {
	ln -s "$BUILDDIR/t/unit/opt_driver" other
	run -2 --separate-stderr ./other --nope
	[ "${stderr_lines[0]}" = "other: unknown option '--nope'" ]
	run -2 --separate-stderr bash -c 'exec -a "" ./other --nope'
	[ "${stderr_lines[0]}" = ": unknown option '--nope'" ]
}

@test "a full disk is an error, early or late" {
	local m='opt_driver: cannot write standard output: No space left on device'
	local a
	for a in -h -V --list-options -f; do
		run -1 bash -c "opt_driver $a 2>&1 >/dev/full"
		[ "$output" = "$m" ]
	done
	# The reason may be gone by the end of the program.
	run -1 bash -c 'opt_driver --late 2>&1 >/dev/full'
	[ "$output" = "$m" ] || [ "$output" = "${m%: *}" ]
	run -0 bash -c 'opt_driver -q 2>&1 >/dev/full'
	[ -z "$output" ]
}

@test "a closed standard output is an error if something was to be written" {
	run -1 bash -c 'opt_driver -h 2>&1 >&-'
	[ "$output" = \
	    'opt_driver: cannot write standard output: Bad file descriptor' ]
	run -0 bash -c 'opt_driver -q 2>&1 >&-'
	[ -z "$output" ]
}

@test "a closed standard error hurts nobody" {
	run -2 bash -c 'opt_driver --nope 2>&-'
	run -0 bash -c 'opt_driver -q 2>&- <&- >&-'
}

@test "a reader that leaves is no error to talk about" {
	local a
	for a in -h --late; do
		opt_driver "$a" 2>err | true
		[ ! -s err ]
		run -141 bash -c "trap '' PIPE
		    { sleep 0.2; opt_driver $a 2>err; } | true
		    exit \${PIPESTATUS[0]}"
		[ ! -s err ]
	done
}
