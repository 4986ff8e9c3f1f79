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

@test "an option that is given several times keeps each, in order" {
	run -0 --separate-stderr opt_driver -e one --each=two -ethree --each ''
	[ -z "$stderr" ]
	[ "${lines[1]}" = "each 'one'" ]
	[ "${lines[2]}" = "each 'two'" ]
	[ "${lines[3]}" = "each 'three'" ]
	[ "${lines[4]}" = "each ''" ]
	[ "${#lines[@]}" -eq 5 ]
	opt_driver --list-options |
	    grep -q $'^e\teach\ttext\tTEXT\tagain and again$'
	usage_error "option '--each' needs an argument" --each
}

@test "there is an end to how often" {
	local args=()
	for i in {1..16}; do args+=(-e "$i"); done
	run -0 opt_driver "${args[@]}"
	[ "${lines[16]}" = "each '16'" ]
	usage_error '--each: given more than 16 times' "${args[@]}" -e 17
	for i in {1..16}; do echo "each = $i"; done >file
	run -0 opt_driver --file file
	[ "${lines[16]}" = "each '16'" ]
	echo 'each = 17' >>file
	usage_error 'file:17: each: given more than 16 times' --file file
	# A file and the words beside it count together.
	sed -i '$d' file
	usage_error '--each: given more than 16 times' --file file -e 17
}

@test "a file of options says all that options say" {
	cat >file <<-'END'
	# Every kind.
	flag = yes
	text = x y

	choice=blue
	  count	 =	9
	bytes = 2k
	seconds = 2h
	range = 3-7
	each = a = b
	each = # no comment
	END
	local want='flag 1 text x y choice 2 count 9 bytes 2048 seconds 7200'
	said "$want range 3-7" --file file word
	[ "${lines[1]}" = "each 'a = b'" ]
	[ "${lines[2]}" = "each '# no comment'" ]
	[ "${lines[3]}" = "word 'word'" ]
}

@test "a file with CRLF, with an empty value, without an end of line" {
	local rest='choice 0 count 0 bytes 0 seconds 0 range 0-0'
	printf 'flag = yes\r\n\r\n# x\r\ntext = a b \r\n' >file
	said "flag 1 text a b $rest" --file file
	printf 'text =' >file
	said "flag 0 text  $rest" --file file
	printf 'text=last' >file
	said "flag 0 text last $rest" --file file
	for i in '' '\n\n' '#' ' # x\n#\n'; do
		printf -- "$i" >file
		said "flag 0 text none $rest" --file file
	done
}

@test "flags in a file are yes or no" {
	local rest='text none choice 0 count 0 bytes 0 seconds 0 range 0-0'
	echo 'flag = no' >file
	said "flag 0 $rest" --file file
	said "flag 1 $rest" --file file -f
	printf 'flag = yes\nflag = no\n' >file
	said "flag 0 $rest" --file file
	for i in true 1 Yes ''; do
		echo "flag = $i" >file
		usage_error "file:1: flag: not yes or no: '$i'" --file file
	done
}

@test "what stands among the words wins over the file, and adds to lists" {
	printf 'text = a\ntext = b\ncount = 3\neach = 1\n' >file
	said 'flag 0 text b choice 0 count 3 bytes 0 seconds 0 range 0-0' \
	    --file file
	run -0 opt_driver -t c -e 2 --file file
	[ "${lines[0]}" = \
	    'flag 0 text c choice 0 count 3 bytes 0 seconds 0 range 0-0' ]
	[ "${lines[1]}" = "each '1'" ]
	[ "${lines[2]}" = "each '2'" ]
}

@test "what is wrong in a file is told with its line" {
	# in_line 3 MESSAGE LINE
	in_line() {
		printf '# one\nflag = yes\n' >file
		printf -- "$3\n" >>file
		usage_error "file:$1: $2" --file file
	}
	in_line 3 "unknown key 'nope'" 'nope = 1'
	in_line 4 "unknown key 'nope'" '\nnope = 1'
	in_line 3 "unknown key 'fla'" 'fla = yes'
	in_line 3 "unknown key '-f'" '-f = yes'
	in_line 3 "unknown key '--flag'" '--flag = yes'
	in_line 3 "unknown key 'Flag'" 'Flag = yes'
	in_line 3 "unknown key 'help'" 'help = yes'
	in_line 3 "unknown key 'file'" 'file = other'
	in_line 3 "unknown key ''" '= yes'
	in_line 3 "not 'name = value'" 'flag'
	in_line 3 "not 'name = value'" 'flag yes'
	in_line 3 "choice: not one of red|green|blue: 'pink'" 'choice = pink'
	in_line 3 "choice: not one of red|green|blue: ''" 'choice ='
	in_line 3 "count: not a number from 2 to 9: '10'" 'count = 10'
	in_line 3 "bytes: not a number: '2x'" 'bytes = 2x'
	in_line 3 "range: not a range such as 3-7: '7-3'" 'range = 7-3'
	in_line 3 "unknown key 'a?b'" 'a\001b = 1'
}

@test "a NUL in a file is not taken for its end" {
	for i in 'te\0xt = a' 'text = a\0b' 'text = a\0' '\0text = a' \
	    'text\0 = a' 'text = \0' '\0'; do
		printf -- "flag = yes\n$i\n" >file
		usage_error 'file:2: a NUL byte' --file file
	done
}

@test "a file of options that cannot be read" {
	run -1 --separate-stderr opt_driver --file nofile
	[ -z "$output" ]
	[ "$stderr" = \
	    "opt_driver: cannot open 'nofile': No such file or directory" ]
	mkdir folder
	run -1 --separate-stderr opt_driver --file folder
	[ "$stderr" = "opt_driver: cannot read 'folder': Is a directory" ]
	# Whatever it is, it is no file of options.
	run -1 --separate-stderr timeout 10 opt_driver --file /dev/zero
	[ -z "$output" ]
	[[ $stderr == "opt_driver: cannot read '/dev/zero': "* ]]
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
	  -e, --each TEXT           again and again
	      --file FILE           options from a file
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
	[ "$(opt_driver --list-options | wc -l)" -eq 18 ]
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
