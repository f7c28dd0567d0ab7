# SPDX-License-Identifier: GPL-2.0-or-later
# Which privileges counting takes, and which are left once it counts.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command setpriv

new_ns a b
join a va 1 b vb 2 1
modes="tcx clsact"
[ "$(in_ns a "$guest" query va)" != none ] || modes=clsact
cp "$pktop" "$dir/pktop" # where everybody may run it

# By number, for programs that do not know the names yet.
net_admin=+cap_12 perfmon=+cap_38 bpf=+cap_39

# as_nobody CAPABILITIES COMMAND...: in namespace a
as_nobody() {
	caps="-all${1:+,$1}"
	shift
	nsenter --net=/run/netns/a -- setpriv --reuid nobody --regid nogroup --clear-groups \
		--inh-caps "$caps" --ambient-caps "$caps" --bounding-set "$caps" "$@"
}
# start_as_nobody NAME CAPABILITIES ARGUMENT...: like start
start_as_nobody() {
	run=$1 caps=-all,$2
	shift 2
	nsenter --net=/run/netns/a -- setpriv --reuid nobody --regid nogroup --clear-groups \
		--inh-caps "$caps" --ambient-caps "$caps" --bounding-set "$caps" \
		"$dir/pktop" "$@" >"$dir/$run.out" 2>"$dir/$run.err" &
	eval "pid_$run=$!"
	pids="$pids $!"
	wait_for 20 counts_or_gone $! && counts $!
}
as_nobody "" true 2>/dev/null || skip_all "setpriv cannot give up capabilities here"
send() {
	in_ns a "$spray" frames va "$1" to=02:00:00:00:01:02 from=02:00:00:00:01:01 \
		ip=10.9.1.1,10.9.1.99 udp=1000,2000 pad=18
}

for mode in $modes; do
	ok "$mode, three capabilities: counts" start_as_nobody three $net_admin,$perfmon,$bpf \
		-i va --attach $mode --json
	is "$mode, three capabilities: as nobody" \
		"$(sed -n 's/^Uid:	\([0-9]*\).*/\1/p' /proc/$pid_three/status)" "$(id -u nobody)"
	send 14
	stop three
	is "$mode, three capabilities: status" "$status $(cat "$dir/three.err")" "0 "
	is "$mode, three capabilities: report" "$(ledger three va)" "in 0 0 out 14 840"
	is "$mode, three capabilities: nothing is left on the hooks" "$(hooks a va)" ""
done

# lacks NAMES MODE CAPABILITIES
lacks() {
	as_nobody "$3" "$dir/pktop" -i va --attach "$2" -t 100ms --json >"$dir/lacks.out" \
		2>"$dir/lacks.err"
	is "$2 without $1: status" $? 1
	is "$2 without $1: sentence" "$(cat "$dir/lacks.err")" \
		"pktop: counting packets needs $1: run it as root"
	is "$2 without $1: no report" "$(cat "$dir/lacks.out")" ""
	is "$2 without $1: nothing is left on the hooks" "$(hooks a va)" ""
}
for mode in $modes; do
	lacks CAP_BPF $mode $net_admin,$perfmon
	lacks CAP_NET_ADMIN $mode $perfmon,$bpf
	lacks CAP_PERFMON $mode $net_admin,$bpf
	lacks "CAP_BPF and CAP_PERFMON" $mode $net_admin
	lacks "CAP_NET_ADMIN and CAP_PERFMON" $mode $bpf
	lacks "CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON" $mode ""
done

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
if grep -q '^#define HAVE_LIBCAP_NG 1' "$top_builddir/config.h"; then
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

	ok "nobody: start" start_as_nobody three $net_admin,$perfmon,$bpf -i va --attach clsact \
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
