# SPDX-License-Identifier: GPL-2.0-or-later
# "pktop check": what it finds with every privilege, with some and with none, on interfaces made for
# it, and that it leaves everything as it was.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/lib.sh"

need_command awk grep mktemp sed sort timeout tr
if [ "$(id -u)" = 0 ] && [ -z "${CHECK_TEST_NAMESPACE-}" ]; then
	need_command ip setpriv tc unshare
	unshare -n true 2>/dev/null || skip_all "cannot make a network namespace"
	CHECK_TEST_NAMESPACE=1 exec unshare -n sh "$0"
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/check.XXXXXX") || exit 1
other=
cleanup() {
	[ -z "$other" ] || kill "$other" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

# where everybody may read it; a check ends by itself, and one that does not fails instead of hanging
chmod 755 "$dir"
cp "$pktop" "$dir/program" || exit 1
pktop=$dir/pktop
printf '#!/bin/sh\nexec timeout 60 "%s" "$@"\n' "$dir/program" >"$pktop"
chmod 755 "$pktop"

# run COMMAND...: sets status and out, which has one line per finding; stderr goes to a file
run() {
	status=0
	"$@" >"$dir/raw" 2>"$dir/err" </dev/null || status=$?
	out=$(awk '/^                        / { sub(/^ +/, ""); line = line " " $0; next }
		NR > 1 { print line } { line = $0 } END { print line }' "$dir/raw")
}

# verdict: the last sentence, wherever it was wrapped
verdict() { awk 'BEGIN { RS = "" } { last = $0 } END { print last }' "$dir/raw" | tr '\n' ' ' | sed 's/ $//'; }

# finding NAME: its line with single blanks, without those at the ends
finding() {
	printf '%s\n' "$out" | sed 's/^ *//; s/  */ /g' | name=$1 awk '
		/^(ok|--|no) / && index($0 " ", substr($0, 1, 3) ENVIRON["name"] " ") == 1'
}

# findings NAME...: that each of them is there
findings() {
	for name; do
		ok "there is a finding about $name" [ -n "$(finding "$name")" ]
	done
}

# well_formed WHAT
well_formed() {
	is "$1: nothing on stderr" "$(cat "$dir/err")" ""
	is "$1: fits 80 columns" "$(awk 'length($0) > 80' "$dir/raw")" ""
	is "$1: nothing but printable ASCII" "$(LC_ALL=C grep -n '[^ -~]' "$dir/raw")" ""
	is "$1: no blanks at ends" "$(grep -n ' $' "$dir/raw")" ""
	is "$1: a finding has one of three marks" \
		"$(grep '^  [^ ]' "$dir/raw" | grep -vE '^  (ok|--|no)  [^ ]')" ""
}

# with CAPABILITIES COMMAND...: as nobody, with these alone
with() {
	capabilities=-all${1:+,$1}
	shift
	setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps="$capabilities" \
		--ambient-caps="$capabilities" "$@"
}

unprivileged() {
	if [ "$(id -u)" = 0 ]; then
		with "" "$@"
	else
		"$@"
	fi
}

# ---- without any privilege

run unprivileged "$pktop" check
well_formed "without privileges"
is "without privileges: status" "$status" 1
is "without privileges: verdict" "$(verdict)" \
	"pktop will not work here: run it as root, or give it CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON."
is "without privileges: CAP_BPF" "$(finding CAP_BPF)" \
	"no CAP_BPF not held; makes tables and loads programs"
is "without privileges: CAP_NET_ADMIN" "$(finding CAP_NET_ADMIN)" \
	"no CAP_NET_ADMIN not held; loads programs for packets and attaches them"
like "without privileges: CAP_PERFMON" "$(finding CAP_PERFMON)" '^-- CAP_PERFMON not held; '
is "without privileges: programs" "$(finding "tc program")" \
	"-- tc program cannot be tried without CAP_BPF and CAP_NET_ADMIN"
is "without privileges: TCX" "$(finding TCX)" "-- TCX cannot be tried without CAP_NET_ADMIN"
is "the kernel is the one that runs" "$(finding kernel)" "ok kernel $(uname -r) $(uname -m)"
findings BTF JIT "unprivileged BPF" "cgroup v2" "mapped array" "large values" table "own programs" \
	clsact waiting "socket calls" connections "states of TCP" messages closing processes \
	"older sockets" sock_diag namespaces /proc containers tc xdp cgroup process replay tp_btf fentry kprobe jansson libcap-ng

is "without privileges: owners of accepted sockets" "$(finding "states of TCP")" \
	"-- states of TCP cannot be tried without CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON: what is accepted has no owner, unless messages tell it"
is "without privileges: other namespaces" "$(finding namespaces)" \
	"-- namespaces others cannot be entered without CAP_SYS_ADMIN: their addresses are known as the programs tell them"

if [ "$(id -u)" != 0 ]; then
	echo "# the rest needs root"
	done_testing
fi

# ---- interfaces: none, one, some that are chosen and some that are not

run "$pktop" check
well_formed "no interface"
is "no interface: status" "$status" 1
is "no interface: finding" "$(finding interfaces)" "no interfaces none is up"
is "no interface: why not the loopback" "$(finding lo)" "-- lo device; not chosen: down"
is "no interface: verdict" "$(verdict)" \
	"pktop will not work here: bring an interface up, or name one with -i."

ip link set lo up
run "$pktop" check
well_formed "root"
is "root: status" "$status" 0
is "root: verdict" "$(verdict)" "pktop will work here: it counts on lo."
is "root: nothing is missing" "$(printf '%s\n' "$out" | grep '^  no ')" ""
is "root: CAP_BPF" "$(finding CAP_BPF)" "ok CAP_BPF makes tables and loads programs"
is "root: own programs" "$(finding "own programs")" \
	"ok own programs load, and pass the verifier of this kernel"
like "root: how it attaches" "$(finding lo)" '^ok lo device; up; chosen, by (tcx|clsact)$'
like "root: size" "$(finding table)" \
	'^ok table [0-9]+ IPv4 and [0-9]+ IPv6 flows per CPU and interval, .*[0-9.]+ MiB of kernel memory for [0-9]+ CPUs? \(chosen from memory and CPUs; see --max-flows\)$'

run "$pktop" check --max-flows 1500
like "--max-flows: size" "$(finding table)" \
	'^ok table 2048 IPv4 and 1024 IPv6 flows .* \(as --max-flows says\)$'

# Back ends: what they see, and whether they work here.
like "root: the back end tc" "$(finding tc)" '^ok tc sees in and out; .*; chosen$'
like "root: the back end xdp" "$(finding xdp)" '^ok xdp sees in; bytes of frames or IP packets; .*[0-9]$'
like "root: the back end replay" "$(finding replay)" '^ok replay sees in and out; .*needs any kernel$'
# Owners: by what they are known. Later kernels have it; earlier ones may, by what their makers added.
# known_by NAME VERSION TELLS LOST
known_by() {
	oldest=$(printf '%s\n' "$2" "$(uname -r)" | sort -V | head -n 1)
	got=$(finding "$1")
	if [ "$oldest" = "$2" ] || [ "${got%% *}" = ok ]; then
		is "owners: $1" "$got" "ok $1 $3"
	else
		is "owners: $1" "$got" "-- $1 not in this kernel (Linux $2 with BTF has it): $4"
	fi
}
if [ -r /sys/kernel/btf/vmlinux ]; then
	known_by "socket calls" 5.8 "who makes, binds and connects sockets" ""
	known_by connections 5.8 "their ends before the first packet" ""
	known_by "states of TCP" 5.8 "who listens, and for whom connections are" \
		"what is accepted has no owner, unless messages tell it"
	known_by messages 6.3 "who uses sockets: accepted, inherited, handed over" \
		"such sockets stay with who made or accepted them"
	known_by closing 5.9 "when a socket of UDP has no owner any more" ""
	known_by processes 5.8 "when they run another program, and end" ""
	known_by "older sockets" 5.12 "who has sockets from before pktop, estimated" \
		"sock_diag and /proc are asked instead, once"
else
	like "owners: no BTF" "$(finding "socket calls")" "^-- "
fi
like "owners: sock_diag" "$(finding sock_diag)" \
	'^(ok sock_diag older sockets, where the programs cannot tell of them|-- sock_diag .*: older sockets are known by the programs alone)$'
is "owners: other namespaces" "$(finding namespaces)" "ok namespaces addresses of all there are can be read"
like "owners: /proc" "$(finding /proc)" \
	'^(ok /proc command lines|-- /proc of another pid namespace than the first, or not there: no command lines)$'
like "owners: containers" "$(finding containers)" '^(ok|--) containers ids by cgroups; (no )?names'

run "$pktop" check -x
well_formed "-x"
is "-x: status" "$status" 0
is "-x: verdict" "$(verdict)" "pktop will work here: it counts on lo."
is "-x: XDP link" "$(finding "XDP link")" "ok XDP link ends with its process"
findings "XDP program" "XDP frags" "own programs"
is "-x: nothing about tc" "$(finding TCX)$(finding clsact)" ""
is "-x: interface" "$(finding lo)" "ok lo device; up; chosen, by xdp"
like "-x: chosen" "$(finding xdp)" '; chosen$'
is "-x: no XDP program was attached" "$(ip -d link show dev lo | grep -c xdp)" 0
"$pktop" -x -i lo -t 60s --batch >/dev/null 2>&1 &
other=$!
has_xdp() { ip -d link show dev lo | grep -q xdp; }
ok "-x: another one runs" wait_for 10 has_xdp
run "$pktop" check -x
is "-x: what another one has" "$(finding lo)" \
	"-- lo device; up; chosen, but cannot be attached to; an XDP program is there, and a device runs one"
run "$pktop" check
like "an XDP program of others" "$(finding lo)" \
	'^ok lo .*; an XDP program comes first, and what it drops or redirects is not counted$'
kill "$other"
wait "$other" 2>/dev/null
other=

# All are tried; if some of it were attached, it would be seen here.
run "$pktop" check --attach clsact
is "--attach clsact: status" "$status" 0
is "--attach clsact: finding" "$(finding clsact)" "ok clsact a qdisc with filters; chosen"
is "--attach clsact: interface" "$(finding lo)" "ok lo device; up; chosen, by clsact"
is "--attach clsact: nothing was attached" "$(tc qdisc show dev lo | grep -cE 'clsact|ingress')" 0
is "no XDP program was attached" "$(ip -d link show dev lo | grep -c xdp)" 0

run "$pktop" check -i lo -i nosuch
is "a name that is not there: status" "$status" 0
is "a name that is not there: finding" "$(finding nosuch)" "-- nosuch matches no interface"
run "$pktop" check -i 'no*such'
is "no name that is there: status" "$status" 1
is "no name that is there: finding" "$(finding 'no*such')" "no no*such matches no interface"
is "no name that is there: what there is" "$(finding lo)" \
	"-- lo device; not chosen: does not match -i"
is "no name that is there: verdict" "$(verdict)" \
	"pktop will not work here: name an interface that is there (-i)."
run "$pktop" check -i "$(printf 'n\033[2Jo')"
well_formed "a name of control characters"
is "a name of control characters" "$(finding 'n\x1b[2Jo')" \
	'no n\x1b[2Jo matches no interface'

if ip link add v0 type veth peer name v1 2>/dev/null && ip link add b0 type bridge 2>/dev/null; then
	hostile=$(printf 'a\033[31m;"b')
	ip link add "$hostile" type veth peer name "$(printf 'p\342\200\256q')"
	ip link set v1 master b0
	for link in v0 v1 b0; do ip link set "$link" up; done
	run "$pktop" check
	well_formed "veth"
	like "veth: chosen" "$(finding v0)" '^(ok v0 veth; up; chosen, by|-- v0 veth; not chosen)'
	is "veth: a port of a bridge" "$(finding v1)" "-- v1 veth; not chosen: a port of b0"
	like "veth: a bridge" "$(finding b0)" '^ok b0 bridge; up; chosen, by (tcx|clsact)$'
	like "veth: the loopback is left out" "$(finding lo)" \
		'^-- lo device; not chosen: traffic of this host with itself$'
	is "veth: a name of control characters" "$(finding 'a\x1b[31m;"b')" \
		'-- a\x1b[31m;"b veth; not chosen: down'
	is "veth: a name that turns the line round" "$(finding 'p\u{202e}q')" \
		'-- p\u{202e}q veth; not chosen: down'

	# what others have on the hooks
	if tc qdisc add dev v0 clsact 2>/dev/null &&
		tc filter add dev v0 egress protocol all u32 match u32 0 0 classid 1:1 2>/dev/null; then
		run "$pktop" check -i v0
		like "a filter of others" "$(finding v0)" '; on clsact: 1 filter$'
		tc qdisc del dev v0 clsact
	else
		pass "a filter of others # SKIP the kernel has no clsact or no u32"
	fi
	if [ "$(finding TCX | sed 's/ .*//')" = ok ]; then
		"$pktop" -i v0 -t 60s --batch >/dev/null 2>&1 &
		other=$!
		seen() {
			run "$pktop" check -i v0
			finding v0 | grep -q egress
		}
		ok "the programs of another run are seen" wait_for 10 seen
		like "programs of others" "$(finding v0)" \
			'; on tcx ingress: 1 program \(on_ingress id [0-9]+\); on tcx egress: 1 program \(on_egress id [0-9]+\)$'
		kill "$other"
		wait "$other" 2>/dev/null
		other=
		run "$pktop" check -i v0
		like "programs of others: gone" "$(finding v0)" '^ok v0 veth; up; chosen, by tcx$'
	else
		pass "programs of others # SKIP the kernel has no TCX"
	fi
else
	pass "interfaces # SKIP the kernel has no veth or no bridge"
fi

# ---- with some privileges

run with +cap_12 "$pktop" check -i lo # CAP_NET_ADMIN
well_formed "CAP_NET_ADMIN alone"
is "CAP_NET_ADMIN alone: status" "$status" 1
is "CAP_NET_ADMIN alone: verdict" "$(verdict)" \
	"pktop will not work here: run it as root, or give it CAP_BPF and CAP_PERFMON."
is "CAP_NET_ADMIN alone: CAP_NET_ADMIN" "$(finding CAP_NET_ADMIN)" \
	"ok CAP_NET_ADMIN loads programs for packets and attaches them"
is "CAP_NET_ADMIN alone: programs" "$(finding "own programs")" \
	"-- own programs cannot be tried without CAP_BPF"

if [ "$(cat /proc/sys/kernel/cap_last_cap)" -ge 39 ]; then
	run with +cap_12,+cap_38,+cap_39 "$pktop" check -i lo # and CAP_PERFMON, CAP_BPF
	well_formed "three capabilities"
	is "three capabilities: status" "$status" 0
	is "three capabilities: owners" "$(finding "socket calls")" \
		"ok socket calls who makes, binds and connects sockets"
	is "three capabilities: verdict" "$(verdict)" "pktop will work here: it counts on lo."
else
	pass "three capabilities # SKIP the kernel has no CAP_BPF"
fi

if unshare -U true 2>/dev/null; then
	run unprivileged unshare -Ur "$pktop" check -i lo
	well_formed "a user namespace"
	is "a user namespace: status" "$status" 1
	is "a user namespace: verdict" "$(verdict)" \
		"pktop will not work here: run it outside of the user namespace."
else
	pass "a user namespace # SKIP cannot make one"
fi

# ---- output that cannot be written

run sh -c "'$pktop' check >/dev/full"
is "a full disk: status" "$status" 1
is "a full disk: sentence" "$(cat "$dir/err")" \
	"pktop: cannot write the findings: No space left on device"

done_testing
