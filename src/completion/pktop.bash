# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of pktop for bash. Names that the program knows are asked from it.

_pktop_names()
{
	"$1" "$2=help" 2>/dev/null | while read -r name _; do
		echo "$name"
	done
}

_pktop_ifaces()
{
	local dir

	echo any
	for dir in /sys/class/net/*; do
		echo "${dir##*/}"
	done
}

_pktop()
{
	local program=$1 cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
	local words=

	# bash takes "=" for a word of its own
	if [[ $cur == "=" ]]; then
		cur=
	elif [[ $option == "=" ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi

	case $option in
	-i | --iface) words=$(_pktop_ifaces) ;;
	--layer) words="l2 ip" ;;
	--attach) words="auto tcx clsact" ;;
	--backend) words=$(_pktop_names "$program" "$option") ;;
	--hooks) words="auto tracepoint fexit kprobe" ;;
	--xdp-mode | --xdp_mode) words="auto native generic offload" ;;
	--unit) words="bits bytes packets" ;;
	--graph) words="block braille" ;;
	--color) words="auto always never" ;;
	--view | --by | --theme) words=$(_pktop_names "$program" "$option") ;;
	--sort | --columns) words=$(_pktop_names "$program" "$option") ;;
	-f | --filter) words="help $("$program" --filter=help 2>/dev/null | sed -n 's/^\([a-z0-9_]\{1,\}\)  .*/\1/p')" ;;
	--size) words="80x24 132x43" ;;
	-o | --output | --callback-token | --callback-ca | --spool | --record | --replay | --script | --config | --geo)
		compopt -o default
		COMPREPLY=()
		return
		;;
	-t | --timeout) words="10s 1m 10m 1h" ;;
	-r | --interval | --refresh | --every | --rotate-every) words="250ms 1s 2s 10s" ;;
	-n | --count | --top | --max-flows | --max-entries | --exit-over) ;;
	-c | --cgroup | --internal-networks | --max-events | --callback) ;;
	--rotate-size | --rotate-keep | --spool-max | --body) ;;
	*)
		words="log flows conns dns http tls check
			--iface --layer --no-arp --no-l7 --no-owners --max-flows --max-entries
			--backend --attach
			--xdp --xdp-mode --cgroup --process --hooks
			--timeout --interval --refresh --count --exit-over
			--view --by --prefix --filter --columns --sort --reverse --unit
			--names --watch-dns --watch-tls --port-names --geo
			--batch --json --csv --total --top --output
			--every --unique --external --internal-networks --max-events
			--headers --no-mask --body
			--rotate-size --rotate-every --rotate-keep --callback --callback-token
			--callback-ca --spool --spool-max --syslog --journal
			--tui --color --theme --graph --ascii --mouse --config --no-config
			--record --replay --script --size
			--keys --verbose --version --help"
		;;
	esac
	# not by compgen -W, which expands its words: the name of an interface is anybody's text
	local word
	while IFS= read -r word; do
		[[ -n $word && $word == "$cur"* ]] && COMPREPLY+=("$(printf %q "$word")")
	done < <(tr -s '[:space:]' '\n' <<<"$words")
}

complete -F _pktop pktop
