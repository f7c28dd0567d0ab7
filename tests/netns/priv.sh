# SPDX-License-Identifier: GPL-2.0-or-later
# Which privileges counting takes, and which are left once it counts.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command setpriv

new_ns a b
join a va 1 b vb 2 1
cp "$pktop" "$dir/pktop" # where everybody may run it

mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
cgroup=${mount:+$mount/pktop-priv-$$}
[ -z "$cgroup" ] || mkdir "$cgroup" || cgroup=
trap 'clean_up; [ -z "$cgroup" ] || rmdir "$cgroup" 2>/dev/null' EXIT

# A way of counting per line: name; options; what it does, as its sentence says; the capabilities
# that it needs, in the order in which they are named; what is sent; what it has counted then.
ways() {
	cat <<-END
		tcx;-i va --attach tcx;counting packets;BPF NET_ADMIN PERFMON;send_out;in 0 0 out 14 840
		clsact;-i va --attach clsact;counting packets;BPF NET_ADMIN PERFMON;send_out;in 0 0 out 14 840
		xdp;-i va -x --xdp-mode generic;counting packets;BPF NET_ADMIN PERFMON;send_in;in 14 840
		cgroup;-c $cgroup;counting a cgroup;BPF NET_ADMIN PERFMON;send_socket;14 1792
		process;-k --hooks tracepoint;counting by process;BPF NET_ADMIN PERFMON;send_socket;14 1400
	END
}

# able NAME: this kernel has what the way needs
able() {
	case $1 in
	tcx) [ "$(in_ns a "$guest" query va)" != none ] ;;
	cgroup) [ -n "$cgroup" ] ;;
	process) in_ns a "$pktop" -k --hooks tracepoint -t 100ms --total >/dev/null 2>&1 ;;
	esac
}

# By number, for programs that do not know the names yet.
number_BPF=39 number_NET_ADMIN=12 number_PERFMON=38

# numbers NAME...: for setpriv; names NAME...: for people
numbers() {
	numbers=-all
	for capability in "$@"; do
		eval "numbers=\$numbers,+cap_\$number_$capability"
	done
	echo "$numbers"
}
names() {
	names=CAP_$1
	while shift && [ $# != 0 ]; do
		[ $# = 1 ] && names="$names and CAP_$1" || names="$names, CAP_$1"
	done
	echo "$names"
}

# nobody CAPABILITIES: the words in front of a command that runs in namespace a with these alone
nobody() {
	# shellcheck disable=SC2086 # words
	numbers=$(numbers $1)
	echo nsenter --net=/run/netns/a -- setpriv --reuid nobody --regid nogroup --clear-groups \
		--inh-caps "$numbers" --ambient-caps "$numbers" --bounding-set "$numbers"
}
# start_as_nobody NAME CAPABILITIES ARGUMENT...: like start
start_as_nobody() {
	run=$1 run_words=$(nobody "$2")
	shift 2
	$run_words "$dir/pktop" "$@" >"$dir/$run.out" 2>"$dir/$run.err" </dev/null &
	eval "pid_$run=$!"
	pids="$pids $!"
	wait_for 20 counts_or_gone $! && counts $!
}
$(nobody "") true 2>/dev/null || skip_all "setpriv cannot give up capabilities here"
frames() {
	in_ns "$1" "$spray" frames "$2" 14 to=02:00:00:00:01:02 from=02:00:00:00:01:01 \
		ip=10.9.1.1,10.9.1.99 udp=1000,2000 pad=18
}
send_out() { frames a va; }
send_in() { frames b vb; }
# shellcheck disable=SC2016 # the inner shell expands
send_socket() {
	in_ns a sh -c '[ -z "$0" ] || echo $$ >"$0/cgroup.procs"; exec "$@"' "$cgroup" \
		"$spray" udp 10.9.1.1 4009 10.9.1.99 5009 14 100
}
# counted NAME: by the way of this name
counted() {
	case $1 in
	cgroup | process) flow run '.dst_port == 5009 and .direction == "out"' ;;
	*) ledger run va ;;
	esac
}

# ---- with what is needed

# suffices NAME OPTIONS WHAT NEEDED SEND WANT
suffices() {
	# shellcheck disable=SC2086 # words
	ok "$1 with what it needs: counts" start_as_nobody run "$4" $2 --json
	is "$1 with what it needs: as nobody" \
		"$(sed -n 's/^Uid:	\([0-9]*\).*/\1/p' "/proc/$pid_run/status")" "$(id -u nobody)"
	$5
	stop run
	is "$1 with what it needs: status" "$status $(cat "$dir/run.err")" "0 "
	is "$1 with what it needs: report" "$(counted "$1")" "$6"
	is "$1 with what it needs: nothing is left on the hooks" "$(hooks a va)" ""
}

# ---- without some of it

# lacks NAME OPTIONS WHAT HELD MISSING
lacks() {
	# shellcheck disable=SC2086 # words
	lacking=$(names $5)
	# shellcheck disable=SC2086 # words
	$(nobody "$4") "$dir/pktop" $2 -t 100ms --json >"$dir/lacks.out" 2>"$dir/lacks.err"
	is "$1 without $lacking: status" $? 1
	is "$1 without $lacking: sentence" "$(cat "$dir/lacks.err")" \
		"pktop: $3 needs $lacking: run it as root"
	is "$1 without $lacking: no report" "$(cat "$dir/lacks.out")" ""
	is "$1 without $lacking: nothing is left on the hooks" "$(hooks a va)" ""
}

# every_lack NAME OPTIONS WHAT NEEDED: all that can be missing, by the bits of a number
every_lack() {
	# shellcheck disable=SC2086 # words
	subset=$(set -- $4 && echo $((1 << $#)))
	while [ $((subset -= 1)) -gt 0 ]; do
		bit=1 held='' missing=''
		for capability in $4; do
			if [ $((subset & bit)) = 0 ]; then
				held="$held $capability"
			else
				missing="$missing $capability"
			fi
			bit=$((bit * 2))
		done
		lacks "$1" "$2" "$3" "$held" "$missing"
	done
}

while IFS=';' read -r way options what needed send want <&3; do
	if able "$way"; then
		suffices "$way" "$options" "$what" "$needed" "$send" "$want"
		every_lack "$way" "$options" "$what" "$needed"
	else
		pass "$way # SKIP the kernel does not have it"
	fi
done 3<<END
$(ways)
END

# ---- what is left

has_threads() { [ "$(find "/proc/$1/task" -mindepth 1 -maxdepth 1 | wc -l)" -ge "$2" ]; }
# privileges PID: a line for each different state of a thread
privileges() {
	for task in "/proc/$1/task"/*; do
		sed -n 's/^\(Cap[A-Za-z]*\|NoNewPrivs\):	0*\([0-9a-f]\)/\1 \2/p' \
			"$task/status" | tr '\n' ' '
		echo
	done | sort -u
}
if has_library LIBCAP_NG; then
	# CAP_BPF and CAP_NET_ADMIN, for interfaces that come; CAP_DAC_OVERRIDE, for the file of -o
	ok "root: start" start root a -i 'v*' --json
	ok "root: all threads" wait_for 20 has_threads "$pid_root" 2
	is "root: what is left" "$(privileges "$pid_root")" \
		"CapInh 0 CapPrm 8000001000 CapEff 8000001000 CapBnd 0 CapAmb 0 NoNewPrivs 1 "
	ip -n a link add v9 type veth peer name p9 netns b
	ip -n a link set dev v9 up
	ok "root: enough for an interface that comes" wait_for 20 attached a v9
	stop root
	is "root: ends well" "$status $(cat "$dir/root.err")" "0 "
	is "root: nothing is left on the hooks" "$(hooks a va)$(hooks a v9)" ""

	ok "root, -o: start" start root a -i va --json -o "$dir/file"
	ok "root, -o: all threads" wait_for 20 has_threads "$pid_root" 2
	is "root, -o: what is left" "$(privileges "$pid_root")" \
		"CapInh 0 CapPrm 8000001002 CapEff 8000001002 CapBnd 0 CapAmb 0 NoNewPrivs 1 "
	stop root
	is "root, -o: ends well" "$status $(cat "$dir/root.err")" "0 "

	ok "nobody: start" start_as_nobody three "BPF NET_ADMIN PERFMON" -i va --attach clsact \
		--json
	ok "nobody: all threads" wait_for 20 has_threads $pid_three 2
	is "nobody: what is left" "$(privileges $pid_three | sed 's/CapBnd [0-9a-f]* //')" \
		"CapInh 0 CapPrm 8000001000 CapEff 8000001000 CapAmb 0 NoNewPrivs 1 "
	stop three
	is "nobody: detaches with that" "$(hooks a va)" ""
else
	pass "what is left # SKIP pktop was built without libcap-ng"
fi

done_testing
