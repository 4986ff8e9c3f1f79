#!/usr/bin/env bats
# hr-squash-json.bats - fewer tokens for records, from the shell

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR"
	export HOME=$BATS_TEST_TMPDIR/home
	mkdir "$HOME"
	unset XDG_STATE_HOME
}

# records N: as many records, pretty-printed; number 33 reports an error.
records() {
	seq "$1" | jq -n '[inputs | {id: ., name: "pod-\(.)", ns: "default",
	    phase: (if . == 33 then "CrashLoopBackOff" else "Running" end),
	    spec: {node: "n\(. % 3)", ip: "10.0.0.\(.)"}}]'
}

# The id that the first line of a file names.
id_of() {
	sed -n '1s/.* hr-ccr .*get \([0-9]*\)]$/\1/p' "$1"
}

# same A B: two files hold equal JSON.
same() {
	jq -S . "$1" >same.a
	jq -S . "$2" >same.b
	cmp same.a same.b
}

tokens() {
	hr-count <"$1" | tr -d ' '
}

@test "records become a table, constant columns in its header" {
	records 4 | jq 'map(.phase = "Running")' >in
	hr-squash-json <in >out
	cat >want <<-'END'
	[4 rows: id,name,ns=default,phase=Running,spec{node,ip}
	1,pod-1,n1,10.0.0.1
	2,pod-2,n2,10.0.0.2
	3,pod-3,n0,10.0.0.3
	4,pod-4,n1,10.0.0.4
	]
	END
	cmp want out
}

@test "arrays are found wherever they are" {
	records 30 | jq '{a: {b: [1, {c: .}]}}' >in
	hr-squash-json --level lossless <in >out
	grep -q '^{a:{b:\[1,{c:\[30 rows: id,' out
	hr-squash-json --expand <out >back
	same in back
}

@test "missing, null, empty, text and number stay apart" {
	cat >in <<-'END'
	[{"name":"first","value":null}, {"name":"second","value":""},
	{"name":"third"}, {"name":"fourth","value":"5"},
	{"name":"fifth","value":5}, {"name":"sixth","value":5.0},
	{"name":"seventh","value":"null"}, {"name":"eighth","value":[]}]
	END
	hr-squash-json --level lossless <in >out
	cat >want <<-'END'
	[8 rows: name,value
	first,null
	second,""
	third
	fourth,"5"
	fifth,5
	sixth,5.0
	seventh,"null"
	eighth,[]
	]
	END
	cmp want out
	hr-squash-json --expand <out >back
	grep -qF '{"name":"sixth","value":5.0}' back
	grep -qF '{"name":"third"}' back
}

@test "numbers and strange strings come back as they were" {
	printf '[{"n":%s,"s":"%s"},{"n":%s,"s":"%s"},{"n":%s,"s":"%s"}]' \
	    12345678901234567890 'a\ud800b' -0 ' lead, \"q\"' 1E+5 'x\n]' |
	    sed 's/}/ }/g; s/,"s"/  ,   "s"/g' >in
	hr-squash-json --level lossless <in >out
	hr-squash-json --expand <out >back
	printf '[{"n":%s,"s":"%s"},{"n":%s,"s":"%s"},{"n":%s,"s":"%s"}]' \
	    12345678901234567890 'a\ud800b' -0 ' lead, \"q\"' 1E+5 'x\n]' \
	    >want
	cmp want back
}

@test "one value a line: NDJSON in, a table out, NDJSON back" {
	records 50 | jq -c '.[]' >in
	hr-squash-json --level lossless <in >out
	head -n 1 out | grep -q '^50 lines: id,name,ns=default,'
	[ "$(wc -l <out)" -eq 51 ]
	hr-squash-json --expand <out >back
	cmp in back
}

@test "objects of objects are tables with a key" {
	records 12 | jq 'map({(.name): del(.name)}) | add' >in
	hr-squash-json --level lossless <in >out
	head -n 1 out | grep -q '^{12 rows: key,id,ns=default,'
	hr-squash-json --expand <out >back
	same in back
}

@test "what few records have goes into the last cell" {
	records 40 | jq '.[7].note = "once" | .[9].other = [1]' >in
	hr-squash-json --level lossless <in >out
	head -n 1 out | grep -q ',\.\.\.$'
	grep -qF '8,pod-8,,n2,10.0.0.8,{note:once}' out
	hr-squash-json --expand <out >back
	same in back
}

@test "many records: marks, and the original under the id they name" {
	records 300 >in
	hr-squash-json <in >out
	head -n 1 out |
	    grep -qE '^\[hr: [0-9]+ of 300 rows shown, complete output: hr-ccr get [0-9]{21}\]$'
	[ "$(tokens out)" -lt "$(($(tokens in) / 10))" ]
	hr-ccr get "$(id_of out)" >back
	cmp in back
	# The one that is unlike the rest is there.
	grep -q '^33,pod-33,CrashLoopBackOff,' out
	[ "$(stat -c %a "$HOME/.local/state/hr")" = 700 ]
}

@test "rows shown and rows left out are all rows" {
	records 300 >in
	hr-squash-json <in >out
	shown=$(sed -n '1s/^\[hr: \([0-9]*\) of.*/\1/p' out)
	[ "$(grep -c '^[0-9]*,pod-' out)" -eq "$shown" ]
	left=$(sed -n '2,$s/^\[hr: \([0-9]*\) rows* left out.*/\1/p' out |
	    paste -sd +)
	[ "$((shown + left))" -eq 300 ]
}

@test "--query keeps what it names" {
	records 300 >in
	hr-squash-json <in >out
	run ! grep -q 'pod-217,' out
	hr-squash-json --query 'what is wrong with pod-217?' <in >out
	grep -q 'pod-217,' out
}

@test "--budget leaves out more" {
	records 60 | jq 'map(.about = "text \(.id * .id) of number \(.id)")' \
	    >in
	hr-squash-json <in >all
	hr-squash-json --budget 200 <in >few
	[ "$(tokens few)" -lt "$(tokens all)" ]
	[ "$(tokens few)" -le 200 ]
}

@test "--budget leaves out no more than is needed" {
	seq 600 | jq -c '{id: ., host: "web-\(. % 7)", text: (if . % 9 == 4
	    then "job \(. * .) failed to start" else "job \(.) done" end)}' >in
	hr-squash-json <in >all
	[ "$(tokens all)" -gt 600 ]
	for n in 600 450 300; do
		hr-squash-json --budget $n <in >few
		[ "$(tokens few)" -le $n ]
		[ "$(tokens few)" -gt $((n * 7 / 10)) ]
	done
}

@test "--store keeps the original there, and the mark says where" {
	records 300 >in
	hr-squash-json --store kept.db <in >out
	head -n 1 out | grep -qF "hr-ccr --store $PWD/kept.db get "
	$(sed -n '1s/.*complete output: \(.*\)]$/\1/p' out) >back
	cmp in back
	[ ! -e "$HOME/.local" ]
	run -2 --separate-stderr hr-squash-json --store 'a b' <in
	[ -z "$output" ]
}

@test "--no-store: lossless, or with a level the short form alone" {
	records 300 >in
	hr-squash-json --no-store <in >out
	run ! grep -q '\[hr:' out
	hr-squash-json --expand <out >back
	same in back
	hr-squash-json --no-store --level balanced <in >out
	head -n 1 out | grep -qE '^\[hr: [0-9]+ of 300 rows shown\]$'
	[ ! -e "$HOME/.local" ]
}

@test "a store that cannot be written: nothing is left out" {
	records 300 >in
	: >file
	hr-squash-json --store file/ccr.db --explain <in >out 2>err
	run ! grep -q '\[hr:' out
	grep -q '^hr-squash-json: nothing left out: ' err
	hr-squash-json --expand <out >back
	same in back
	HOME=/dev/null hr-squash-json <in >out
	hr-squash-json --expand <out >back
	same in back
}

@test "a second run changes nothing" {
	records 300 >in
	for level in lossless balanced tight; do
		hr-squash-json --level $level <in >once
		hr-squash-json --level $level <once >twice
		cmp once twice
	done
}

@test "no gain, no change: the bytes as they came" {
	printf '{"a":1,"b":[1,2,3]}\n' >in
	hr-squash-json <in >out
	cmp in out
	printf '["%s"]' "$(seq -s ' ' 300)" >in
	hr-squash-json --level lossless <in >out
	cmp in out
}

@test "white space around the text counts on neither side" {
	{ printf '{ "a" : 1 }'; yes '' | head -n 3000; } >in
	hr-squash-json <in >out
	cmp in out
	records 50 >in
	hr-squash-json --level lossless --explain <in >/dev/null 2>want
	{ printf '\n\n'; cat in; yes '' | head -n 3000; } >more
	hr-squash-json --level lossless --explain <more >/dev/null 2>got
	cmp want got
}

@test "what is not JSON passes, and --explain says where the fault is" {
	printf '{"a": 1,\n "b": tru}' >in
	hr-squash-json --explain <in >out 2>err
	cmp in out
	grep -qF "hr-squash-json: passed through: expected null, false or true at byte 18" err
	printf '[hr: 3 of 9 rows shown]\nnot ours\0' >in
	hr-squash-json <in >out
	cmp in out
}

@test "--expand gives what is not ours back byte for byte" {
	for text in '{"a":  1}' '[3 rows: a,b' '[2 rows: a\n1\n2\n3\n]' 'x' \
	    '[2 rows: a\n1\n]' '2 lines: a\n1\n' '"' '[[2 rows: a\n1\n2\n]' \
	    'see [hr: 4 rows left out] there' '[2 rows: a{b\n1\n2\n]'; do
		printf "$text" >in
		hr-squash-json --expand <in >out
		cmp in out
	done
}

@test "--expand refuses a text with gaps, and gives it back" {
	records 300 >in
	hr-squash-json <in >short
	run -1 --separate-stderr hr-squash-json --expand <short
	hr-squash-json --expand <short >out 2>err || true
	cmp short out
	grep -q 'parts are left out' err
}

@test "a table that unfolds without end is refused" {
	{
		printf '[268435455 rows: a="%s",b\n' "$(head -c 60000 \
		    /dev/zero | tr '\0' x)"
		yes '' | head -n 200000
	} >in
	hr-squash-json --expand <in >out 2>err || true
	cmp in out
}

@test "neither does one in a constant, nor do empty rows take long" {
	{
		printf '[2 rows: a=[100000 rows: b="%s",c\n' \
		    "$(head -c 60000 /dev/zero | tr '\0' x)"
		yes '' | head -n 100000
		printf '],d\n1\n2\n]\n'
	} >in
	timeout 8 hr-squash-json --expand <in >out 2>err || [ $? -eq 1 ]
	cmp in out
	{
		printf '[8000000 rows: %s,z=1\n' "$(seq -s , -f c%g 500)"
		yes '' | head -n 8000000
		printf ']\n'
	} >in
	timeout 8 hr-squash-json --expand <in >out
	cmp in out
	{
		printf '[8000000 rows: %s,z=1\n' "$(seq -s , -f c%g 99)"
		yes '' | head -n 8000000
		printf ']\n'
	} >in
	timeout 20 hr-squash-json --expand <in >out
	[ "$(head -c 16 out)" = '[{"z":1},{"z":1}' ]
}

@test "an operand is a usage error" {
	run -2 --separate-stderr hr-squash-json in </dev/null
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = \
	    "hr-squash-json: reads standard input, not 'in'" ]
}

@test "a name that only begins like the last column" {
	records 9 | jq 'map({"...n": .name, "...": .id})' >in
	hr-squash-json --level lossless <in >out
	head -n 1 out | grep -qF '[9 rows: ...n,"..."'
	hr-squash-json --expand <out >back
	same in back
}

@test "a table that begins with empty cells" {
	printf '[2 rows: a,b\n,\n,\n]\n' >in
	hr-squash-json --expand <in >out
	printf '[{},{}]\n' | cmp - out
}

@test "a value that stands elsewhere is said by its path" {
	jq -n '{owner: {login: "ann", id: 7, url: "https://example.com/ann"},
	    list: [1, {owner: {login: "ann", id: 7,
	    url: "https://example.com/ann"}}],
	    "a.b": ["a text that is long enough to be said only once here"],
	    again: "a text that is long enough to be said only once here"}' >in
	hr-squash-json --level lossless <in >out
	cat >want <<-'END'
	{owner:{login:ann,id:7,url:https://example.com/ann},list:[1,{owner:=owner}],a.b:[a text that is long enough to be said only once here],again:="a.b"[0]}
	END
	cmp want out
	hr-squash-json --expand <out >back
	same in back
}

@test "no path leads to a member that stands twice" {
	a='{"name":"a long name for a thing","size":12345,"kind":"thing"}'
	printf '{"x":1,"x":%s,"y":%s,"z":%s}\n' "$a" "$a" "$a" >in
	hr-squash-json --level lossless <in >out
	! grep -q '=x' out
	[ "$(hr-squash-json --expand <out | grep -o 12345 | wc -l)" -eq 3 ]
}

@test "a path does not count past what is left out" {
	seq 200 | jq -n '[inputs | {id: ., state: "fine"} +
	    if . == 100 or . == 150 then {state: "failed", detail: {
	    node: "a node with a name", cause: "a cause with many words"}}
	    else {} end]' >in
	hr-squash-json <in >out
	[ "$(grep -c 'a cause with many words' out)" -eq 2 ]
	! grep -q '=\[' out
	hr-squash-json --level lossless <in >out
	[ "$(grep -c 'a cause with many words' out)" -eq 1 ]
	grep -qF '=[99].detail' out
}

@test "what most rows have stands in the header" {
	records 40 | jq 'map(.state = (if .id % 13 == 0 then "draining" else
	    "accepting" end))' >in
	hr-squash-json --level lossless <in >out
	head -n 1 out | grep -qF 'state=accepting unless given'
	[ "$(grep -c draining out)" -eq 3 ]
	hr-squash-json --expand <out >back
	same in back
}

@test "cells are as those above them" {
	seq 12 | jq -n '[inputs | {n: ., album: "The album number \(. / 4 |
	    floor) of a band", band: "A band with a name"}] |
	    .[11].band = "Another one with another"' >in
	hr-squash-json --level lossless <in >out
	head -n 1 out | grep -q '^\[12 rows, = as above: n,album,'
	grep -q '^2,=' out
	hr-squash-json --expand <out >back
	same in back
}

@test "records of several kinds have columns of their own" {
	seq 24 | jq -n '[inputs | {id: ., type: (["push", "fork"][. % 2])} +
	    if . % 2 == 0 then {branch: "b\(.)", commits: ., forced: false}
	    else {owner: "o\(.)", private: false, stars: .} end]' >in
	hr-squash-json --level lossless <in >out
	head -n 1 out | grep -qF '[24 rows, by type: fork{id,owner,private='
	sed -n 3p out | grep -qx 'push,2,b2,2'
	hr-squash-json --expand <out >back
	same in back
	jq -c '.[]' in | hr-squash-json --level lossless >out
	head -n 1 out | grep -q '^24 lines, by type: '
	hr-squash-json --expand <out >back
	same in <(jq -s . back)
}

@test "JSON in a string is JSON" {
	records 20 | jq '{content: [{type: "text", text: tojson}]}' >in
	hr-squash-json --level lossless <in >out
	grep -qF '{content:[{type:text,text:(json [20 rows: id,name,' out
	hr-squash-json --expand <out >back
	same in back
}

@test "JSON in a string in another style comes back to the byte" {
	records 20 >inner
	jq -R -s '{out: .}' <inner >in
	hr-squash-json --level lossless <in >out
	grep -qF '(json indented 2 ' out
	hr-squash-json --expand <out | jq -j .out | cmp inner -
}

@test "what a tool requires is said with the names" {
	jq -n '{tools: [range(3) | {name: "tool\(.)", input_schema: {
	    type: "object", properties: {path: {type: "string"},
	    limit: {type: "integer", minimum: .}, "a*": {}},
	    required: ["path", "a*"][:1 + . % 2]}}]}' >in
	hr-squash-json --level lossless <in >out
	grep -qF 'path*' out
	grep -qF '"a*"' out
	hr-squash-json --expand <out >back
	same in back
}

@test "log lines that hold tools come back to the byte" {
	seq 12 | jq -r '"10:00 agent: " + ({event: "tool", input_schema: {
	    required: ["path"], properties: {path: {type: "string"},
	    limit: {type: "integer"}}, type: "object"}, name: "f\(.)"} |
	    tojson)' >in
	[ "$(hr-route --detect <in)" = 'prefixed json' ]
	hr-squash-json --level lossless <in >out
	! cmp -s in out
	hr-squash-json --expand <out | cmp - in
}

@test "what is said twice of what is required stays as it is said" {
	d='"a long enough description of it"'
	printf '{"name":"f","parameters":{"required":["a"],"properties":' >in
	printf '{"a":{"description":%s},"b":{"description":%s}},' "$d" "$d" >>in
	printf '"required":["b"]}}\n' >>in
	hr-squash-json --level lossless <in >out
	hr-squash-json --expand <out | grep -q '"required":\["b"\]}}$'
}

@test "--explain says of each value what was done" {
	records 60 | jq '{a: {list: .}, b: .[3].spec, c: .[3].spec}' >in
	hr-squash-json --explain --no-store --level balanced <in 2>err >out
	grep -qE '^hr-squash-json: a\.list: table of 60 rows, [0-9]+ columns' \
	    err
	grep -qE '[0-9]+ of 60 rows left out' err
}

@test "--jq squashes what the program gives" {
	records 200 >in
	hr-squash-json --jq '.[] | {id, phase}' <in >out
	head -n 2 out >first
	sed 's/get [0-9]*/get ID/' first >heads
	grep -q '^\[hr: [0-9]* of 200 rows shown, complete .* get ID\]$' heads
	grep -q '^200 lines: id,phase' heads
	# What a mark names is that, not the input.
	jq -c '.[] | {id, phase}' in >want
	hr-ccr get "$(id_of out)" | cmp want -
	hr-squash-json --jq 'map(select(.id < 9))' <in >out
	jq -c 'map(select(.id < 9))' in | hr-squash-json | cmp - out
	hr-squash-json --jq '.[0].name' <in >out
	[ "$(cat out)" = '"pod-1"' ]
	hr-squash-json --jq empty <in >out
	cmp /dev/null out
}

@test "when a program of jq fails the input passes" {
	records 9 >in
	for p in '.[' '.[0] | keys | .a' 'repeat(.)[0:0] | nope'; do
		run -1 bash -c 'hr-squash-json --jq "$1" <in >out 2>err' sh "$p"
		cmp in out
		grep -q '^hr-squash-json: --jq: ' err
		[ "$(wc -l <err)" -eq 1 ]
	done
	printf 'no JSON' >in
	run -1 bash -c 'hr-squash-json --jq . <in >out 2>err'
	cmp in out
	run -2 hr-squash-json --expand --jq . <in
}

# own NAME: standard input becomes a file of the user's own shapes.
own() {
	mkdir -p "$HOME/.config/hr/shapes"
	cat >"$HOME/.config/hr/shapes/$1"
}

@test "a file of shapes that is wrong is told and not used" {
	records 50 >in
	hr-squash-json <in >want
	printf 'shape a\nis x\nfancy y\n' | own wrong
	printf 'not read' | own .hidden
	printf 'not read' | own copy~
	hr-squash-json <in >out 2>err
	cmp want out
	grep -q "shapes/wrong:3: not one of .*: 'fancy'" err
	[ "$(wc -l <err)" -eq 1 ]
}

@test "YAML is read as its values, and comes back as JSON" {
	records 12 >want
	jq -r '.[] | "- id: \(.id)\n  name: \(.name)\n  ns: \(.ns)\n" +
	    "  phase: \"\(.phase)\"\n  spec:\n    node: \(.spec.node)\n" +
	    "    ip: \(.spec.ip)"' <want >in
	hr-squash-json --level lossless <in >out
	head -n 1 out | grep -qF 'yaml: [12 rows: id,name,ns=default'
	hr-squash-json --expand <out >back
	same want back
	(echo '# why'; cat in) >commented
	hr-squash-json --level lossless <commented | cmp commented -
}

@test "log lines that end in JSON come back byte for byte" {
	records 12 | jq -c '.[]' | sed 's/^/2026-11-27T10:00:00Z api[12]: /
	    s/":/": /g; s/,"/, "/g' >in
	echo 'and one without' >>in
	hr-squash-json --level lossless <in >out
	head -n 1 out | grep -q '^prefixed json spaced: \[13 rows'
	hr-squash-json --expand <out | cmp in -
}

@test "a form that cannot be written again goes with a mark" {
	{
		printf -- '------------------\n|     Things     |\n'
		printf '+-----+----------+\n|  Id |  State   |\n'
		printf '+-----+----------+\n'
		printf '|  %-3s|  running |\n' 1 2 3 4 5 6
		printf '+-----+----------+\n'
	} >in
	[ "$(hr-route --detect <in)" = 'aws table' ]
	hr-squash-json --level lossless <in | cmp - in
	hr-squash-json <in >out
	grep -q '^\[hr: 1 of 1 members shown, complete output: ' out
	grep -q '^aws table: {Things:\[6 rows: Id,State=running$' out
	hr-ccr get "$(id_of out)" | cmp - in
	hr-route <out | cmp - out
}

@test "tables that sqlite3 draws come back to the byte" {
	local mode
	for mode in csv tabs table box markdown line; do
		seq 1 30 | sqlite3 -header -cmd '.mode list' :memory: \
		    'CREATE TABLE t (id INTEGER)' '.import /dev/stdin t' \
		    ".mode $mode" \
		    "SELECT id, 'name ' || id name, id * 0.5 price,
		    NULLIF(id % 3, 0) m, 'so, it \"is\"' note FROM t" >in
		[ "$(hr-route --detect <in)" != table ]
		hr-squash-json --level lossless <in >out
		! cmp -s in out
		hr-squash-json --expand <out | cmp - in
	done
}

@test "real files of package managers come back" {
	local f
	for f in "$SRCDIR"/share/npm/package-lock.json \
	    "$SRCDIR"/t/npm/package-lock.json \
	    "$SRCDIR"/t/proxy/sdk/package-lock.json \
	    "$SRCDIR"/t/proxy/sdk/package.json; do
		hr-squash-json --level lossless <"$f" >out
		hr-squash-json --expand <out >back
		same "$f" back
		hr-squash-json --level lossless <out | cmp - out
	done
	[ "$(tokens "$SRCDIR/t/npm/package-lock.json")" -gt \
	    "$(hr-squash-json --level lossless \
	    <"$SRCDIR/t/npm/package-lock.json" | hr-count | tr -d ' ')" ]
}
