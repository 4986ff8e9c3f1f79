# hr.bash - completion for bash, made by completions/generate
# shellcheck shell=bash

# Complete the command that stands behind the options, of which $1 take a
# value, unless one of these is to be completed.
_hr_starts()
{
	local i cur=${COMP_WORDS[COMP_CWORD]}

	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -* ]] || break
		[[ " $1 " == *" ${COMP_WORDS[i]} "* ]] || continue
		((i++))
		[[ ${COMP_WORDS[i]} != = ]] || ((i++))
	done
	((i < COMP_CWORD)) || { ((i == COMP_CWORD)) && [[ $cur != -* ]]; } ||
		return
	if declare -F _command_offset >/dev/null; then
		_command_offset "$i"
	elif ((i == COMP_CWORD)); then
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
}

_hr()
{
	local command=${1##*/} verb='' words='' i
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}

	# --name=value comes as three words.
	if [[ $cur == = ]]; then
		cur=''
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD-2]}
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case "$command ${COMP_WORDS[i]}" in
		'hr-ccr put')
			verb='put'
			break ;;
		'hr-ccr get')
			verb='get'
			break ;;
		'hr-ccr ls')
			verb='ls'
			break ;;
		'hr-ccr stat')
			verb='stat'
			break ;;
		'hr-ccr gc')
			verb='gc'
			break ;;
		'hr-proxy doctor')
			verb='doctor'
			break ;;
		esac
	done
	case $command in
	hr-run)
		_hr_starts '-l --level -b --budget -q --query -n --name -s --store' &&
			return ;;
	esac
	case "$command $verb $prev" in
	'hr-align  --api')
		mapfile -t COMPREPLY < <(compgen -W \
		    'auto messages chat responses' -- "$cur")
		return ;;
	'hr-ccr  --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-ccr put --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-ccr get --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-ccr get -l' | 'hr-ccr get --lines')
		return ;;
	'hr-ccr get -b' | 'hr-ccr get --bytes')
		return ;;
	'hr-ccr get -g' | 'hr-ccr get --grep')
		return ;;
	'hr-ccr get -r' | 'hr-ccr get --rows')
		return ;;
	'hr-ccr get -j' | 'hr-ccr get --jq')
		return ;;
	'hr-ccr ls --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-ccr stat --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-ccr gc --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-ccr gc --idle')
		return ;;
	'hr-ccr gc --size')
		return ;;
	'hr-count  -m' | 'hr-count  --model')
		return ;;
	'hr-proxy  -s' | 'hr-proxy  --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-proxy  --listen')
		return ;;
	'hr-proxy  -u' | 'hr-proxy  --upstream')
		return ;;
	'hr-proxy  -l' | 'hr-proxy  --level')
		mapfile -t COMPREPLY < <(compgen -W \
		    'exact lossless balanced tight' -- "$cur")
		return ;;
	'hr-proxy  -r' | 'hr-proxy  --retrieval')
		mapfile -t COMPREPLY < <(compgen -W \
		    'auto shell mcp none' -- "$cur")
		return ;;
	'hr-proxy  --reads')
		mapfile -t COMPREPLY < <(compgen -W \
		    'exact focus' -- "$cur")
		return ;;
	'hr-proxy  --policy')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-proxy  --ledger')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-proxy  --ca-file')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-proxy  --max-body')
		return ;;
	'hr-proxy  --port-file')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-proxy  -c' | 'hr-proxy  --config')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-proxy doctor -s' | 'hr-proxy doctor --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-proxy doctor --shell')
		return ;;
	'hr-route  -l' | 'hr-route  --level')
		mapfile -t COMPREPLY < <(compgen -W \
		    'exact lossless balanced tight' -- "$cur")
		return ;;
	'hr-route  -b' | 'hr-route  --budget')
		return ;;
	'hr-route  -q' | 'hr-route  --query')
		return ;;
	'hr-route  -n' | 'hr-route  --name')
		return ;;
	'hr-route  -s' | 'hr-route  --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-run  -l' | 'hr-run  --level')
		mapfile -t COMPREPLY < <(compgen -W \
		    'exact lossless balanced tight' -- "$cur")
		return ;;
	'hr-run  -b' | 'hr-run  --budget')
		return ;;
	'hr-run  -q' | 'hr-run  --query')
		return ;;
	'hr-run  -n' | 'hr-run  --name')
		return ;;
	'hr-run  -s' | 'hr-run  --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-squash-diff  -l' | 'hr-squash-diff  --level')
		mapfile -t COMPREPLY < <(compgen -W \
		    'exact lossless balanced tight' -- "$cur")
		return ;;
	'hr-squash-diff  -b' | 'hr-squash-diff  --budget')
		return ;;
	'hr-squash-diff  -q' | 'hr-squash-diff  --query')
		return ;;
	'hr-squash-diff  -n' | 'hr-squash-diff  --name')
		return ;;
	'hr-squash-diff  -s' | 'hr-squash-diff  --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-squash-json  -j' | 'hr-squash-json  --jq')
		return ;;
	'hr-squash-json  -l' | 'hr-squash-json  --level')
		mapfile -t COMPREPLY < <(compgen -W \
		    'exact lossless balanced tight' -- "$cur")
		return ;;
	'hr-squash-json  -b' | 'hr-squash-json  --budget')
		return ;;
	'hr-squash-json  -q' | 'hr-squash-json  --query')
		return ;;
	'hr-squash-json  -n' | 'hr-squash-json  --name')
		return ;;
	'hr-squash-json  -s' | 'hr-squash-json  --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-squash-list  -l' | 'hr-squash-list  --level')
		mapfile -t COMPREPLY < <(compgen -W \
		    'exact lossless balanced tight' -- "$cur")
		return ;;
	'hr-squash-list  -b' | 'hr-squash-list  --budget')
		return ;;
	'hr-squash-list  -q' | 'hr-squash-list  --query')
		return ;;
	'hr-squash-list  -n' | 'hr-squash-list  --name')
		return ;;
	'hr-squash-list  -s' | 'hr-squash-list  --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	'hr-squash-log  -l' | 'hr-squash-log  --level')
		mapfile -t COMPREPLY < <(compgen -W \
		    'exact lossless balanced tight' -- "$cur")
		return ;;
	'hr-squash-log  -b' | 'hr-squash-log  --budget')
		return ;;
	'hr-squash-log  -q' | 'hr-squash-log  --query')
		return ;;
	'hr-squash-log  -n' | 'hr-squash-log  --name')
		return ;;
	'hr-squash-log  -s' | 'hr-squash-log  --store')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return ;;
	esac
	case "$command $verb" in
	'hr-align ')
		words='--refs --api --explain -h --help -V --version'
		;;
	'hr-ccr ')
		words='--store --marker-regex -h --help -V --version put get ls stat gc'
		;;
	'hr-ccr put')
		words='--store --marker-regex -h --help -V --version'
		;;
	'hr-ccr get')
		words='--store --marker-regex -l --lines -b --bytes -g --grep -r --rows -j
		    --jq -h --help -V --version'
		;;
	'hr-ccr ls')
		words='--store --marker-regex --json -h --help -V --version'
		;;
	'hr-ccr stat')
		words='--store --marker-regex --json -h --help -V --version'
		;;
	'hr-ccr gc')
		words='--store --marker-regex --idle --size -h --help -V --version'
		;;
	'hr-count ')
		words='-m --model --json -h --help -V --version'
		;;
	'hr-proxy ')
		words='-s --store --listen -u --upstream -l --level -r --retrieval --reads
		    --policy --no-store --ledger --ca-file --max-body --off
		    --port-file -c --config -h --help -V --version doctor'
		;;
	'hr-proxy doctor')
		words='-s --store --shell -h --help -V --version'
		;;
	'hr-route ')
		words='-d --detect -l --level -b --budget -q --query -n --name -s --store
		    --no-store --explain -h --help -V --version'
		;;
	'hr-run ')
		words='-t --pty --live --no-live -l --level -b --budget -q --query -n --name
		    -s --store --no-store --explain -h --help -V --version'
		;;
	'hr-squash-diff ')
		words='-p --patch -l --level -b --budget -q --query -n --name -s --store
		    --no-store --explain -h --help -V --version'
		;;
	'hr-squash-json ')
		words='-j --jq -x --expand -l --level -b --budget -q --query -n --name -s
		    --store --no-store --explain -h --help -V --version'
		;;
	'hr-squash-list ')
		words='-x --expand -l --level -b --budget -q --query -n --name -s --store
		    --no-store --explain -h --help -V --version'
		;;
	'hr-squash-log ')
		words='-x --expand -f --follow -l --level -b --budget -q --query -n --name -s
		    --store --no-store --explain -h --help -V --version'
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	[[ -n $cur && ${#COMPREPLY[@]} -gt 0 ]] ||
		mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY \
		    < <(compgen -f -- "$cur")
} &&
	complete -o filenames -F _hr hr-align hr-ccr hr-count hr-proxy hr-route hr-run hr-squash-diff hr-squash-json hr-squash-list hr-squash-log
