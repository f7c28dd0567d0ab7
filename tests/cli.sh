# SPDX-License-Identifier: GPL-2.0-or-later
# The command line as a shell sees it: exit status, what goes to stdout and stderr, and what
# happens without privileges, without a reader and on a full disk.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/lib.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/cli.XXXXXX") || exit 1
chmod 755 "$dir"
trap 'rm -rf "$dir"' EXIT
out=$dir/out err=$dir/err

# run COMMAND...: sets status; stdout and stderr go to files
run() {
	status=0
	"$@" >"$out" 2>"$err" </dev/null || status=$?
}

# refused NAME STATUS PATTERN: what run() did ended so, with one sentence and nothing on stdout
refused() {
	is "$1: status" "$status" "$2"
	is "$1: one line on stderr" "$(wc -l <"$err" | tr -d ' ')" 1
	like "$1: sentence" "$(cat "$err")" "^pktop: $3"
	is "$1: nothing on stdout" "$(cat "$out")" ""
}

# prints NAME: what run() did ended well, with something on stdout only
prints() {
	is "$1: status" "$status" 0
	is "$1: nothing on stderr" "$(cat "$err")" ""
	ok "$1: something on stdout" [ -s "$out" ]
}

# ---- help, version, lists

run "$pktop" --help
prints "--help"
is "--help: first line" "$(sed 1q "$out")" "Usage: pktop [OPTION]..."
is "--help: fits 80 columns" "$(awk 'length($0) > 79' "$out")" ""
is "--help: no tabs, no blanks at ends" "$(grep -n '	\| $' "$out")" ""
for group in "What to count:" "How long:" "Rows:" "Reports instead of the table:" "The table:" \
	"Recordings:" "Other:"; do
	is "--help: group $group" "$(grep -c "^$group\$" "$out")" 1
done
cp "$out" "$dir/help"
for option in -h '-?'; do
	run "$pktop" "$option"
	prints "$option"
	ok "$option: the same text" cmp -s "$out" "$dir/help"
done
run "$pktop" -V
prints "-V"
like "-V: name and number" "$(cat "$out")" '^pktop [0-9]+\.[0-9]+\.[0-9]+$'
for option in --columns=help --sort=help --view=help --by=help --backend=help --keys; do
	run "$pktop" "$option"
	prints "$option"
	is "$option: fits 80 columns" "$(awk 'length($0) > 79' "$out")" ""
done
run "$pktop" --options
prints "--options"

# ---- status 2: arguments, then the sentence (a pattern)

while read -r arguments; do
	read -r want
	# shellcheck disable=SC2086 # words
	run "$pktop" $arguments
	refused "$arguments" 2 "$want\$"
done <<'END'
--frob
--frob: no such option; see pktop --help
-Q
-Q: no such option; see pktop --help
frob
"frob": no such verb; one of: log, check, see pktop --help
log
log: needs a kind of events; see pktop log help
log frob
log: no kind of events "frob"; see pktop log help
log conns --no-owners
--no-owners: log conns tells of owners
log flows --backend sockets
--backend=sockets counts nothing: it needs log conns, alone
--backend sockets
--backend=sockets counts nothing: it needs log conns, alone
log flows --csv
--csv does not go with the verb "log"
log flows --view src
--view does not go with the verb "log"
--unique
--unique needs the verb "log"
log flows --internal-networks 10.0.0.0/8
--internal-networks needs --external
log flows --external --internal-networks 10.0.0.0/99
--internal-networks: "10.0.0.0/99" is not a list of networks with commas, such as 10.0.0.0/8,fc00::/7
log flows --max-events 0
--max-events: "0" is not a number from 1 to 4294967295
check check
"check": one verb is enough, .*
check --csv
--csv does not go with the verb "check"
-t
--timeout: needs a value: TIME
-t never
--timeout: "never" is not a duration up to a year, such as 500ms, 10s, 1h30m
-r 1ms
--interval: "1ms" is not a duration from 100ms to 1h
-n 0
--count: "0" is not a number from 1 to 4294967295
-i eth0,,eth1
--iface: an interface name is empty
-i an-impossibly-long-name
--iface: "an-impossibly-long-name" is longer than the 15 characters of an interface name
--layer 7
--layer: no layer "7"; one of: l2, ip
--max-flows 1
--max-flows: "1" is neither 0 \(chosen\) nor a number from 1024 to 4194304
--backend frob
--backend: no back end "frob"; one of: tc, xdp, cgroup, process, sockets, replay
--attach frob
--attach: no way to attach "frob"; one of: auto, tcx, clsact
--exit-over 0
--exit-over: "0" is not a rate above 0, such as 10Mbps, 1MB/s, 500kpps
--view frob
--view: no view "frob"; one of: flows, directions, src, dst, pair, proto, port, iface, pid, comm, user, cgroup, container, pod, prefix, l7, country, asn
--by frob
--by: no key "frob"; one of: src, dst, pair, proto, port, iface, pid, comm, user, cgroup, container, pod, prefix, l7, country, asn
--prefix 33
--prefix: "33" is no length; give bits of IPv4 from 1 to 32, and after a comma of IPv6 from 1 to 128, such as 24,48
--prefix 24,0
--prefix: "24,0" is no length; give bits of IPv4 from 1 to 32, and after a comma of IPv6 from 1 to 128, such as 24,48
--filter frob=1
--filter: column 1: "frob" is not a field \(fields: host src .*\)
--filter port
--filter: column 5: expected a port up to 65535, a range such as 1000-2000, or a service by name
-f port=66000
--filter: column 6: port takes a port up to 65535, .*, not "66000"
-f (tcp
--filter: column 5: expected and, or, or "\)"
-f
--filter: needs a value: EXPR
check -f tcp
--filter does not go with the verb "check"
--columns frob
--columns: .*"frob".*
--sort frob
--sort: no column "frob"; one of: in_if, .*
--by src --sort dst_port
--sort: rows of the view "src" have no dst_port; these have: flows, directions
--unit frob
--unit: no unit "frob"; one of: bits, bytes, packets
--top many
--top: "many" is not a number from 0 to 4294967295
--color frob
--color: no choice "frob"; one of: auto, always, never
--replay f --script s --size 1x1
--size: "1x1" is not a size from 20x5 to 1000x1000
--json --csv
--json does not go with --csv: a report has one form
--replay f -i eth0
--replay does not go with --iface: a recording has its own interfaces
--record f --replay f
--replay does not go with --record: a recording can be copied as a file
--tui --json
--tui does not go with --json: one is for the table, one for a report
--script f
--script needs --replay
-x --xdp-mode frob
--xdp-mode: no mode of XDP "frob"; one of: auto, native, generic, offload
--xdp-mode native
--xdp-mode is an option of the xdp back end, and this is tc
-x --attach tcx
--attach is an option of the tc back end, and this is xdp
-x --backend tc
--backend: the xdp back end is chosen already, and there is one at a time
-c a -k
--process: the cgroup back end is chosen already, and there is one at a time
--hooks fexit
--hooks is an option of the process back end, and this is tc
END

run "$pktop" -o ''
refused "-o without a name" 2 '--output: the name of the file is empty$'
run "$pktop" "$(printf -- '--\033[31m')"
refused "an option with control characters" 2 '--\\x1b\[31m: no such option; see pktop --help$'

# ---- a recording, which needs no privilege

rec=$dir/run.rec
"$top_builddir/tests/make-recording" "$rec" <<'END'
iface 0 eth0
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=10 bytes=1500 flags=SYN,ACK
tick 1
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=1000 bytes=1000000
tick 1
end
END
is "a recording is made" "$?" 0

run "$pktop" --replay "$rec"
prints "a report without a terminal"
like "the report has the flow" "$(cat "$out")" '192\.0\.2\.7:41234'
run "$pktop" --replay "$rec" --total
prints "--total"
like "--total: the counts" "$(cat "$out")" '^total: in 1010 packets 1001500 bytes '
run "$pktop" --replay "$rec" --batch -o "$dir/report"
is "-o: status" "$status" 0
is "-o: nothing on stdout" "$(cat "$out")" ""
like "-o: the file has the flow" "$(cat "$dir/report")" '192\.0\.2\.7:41234'

run "$pktop" --replay "$rec" --total --exit-over 7Mbps
is "--exit-over: 8 Mbit in a second are over 7Mbps" "$status" 3
like "--exit-over: the report comes all the same" "$(cat "$out")" '^total: '
run "$pktop" --replay "$rec" --total --exit-over 9Mbps
is "--exit-over: they are not over 9Mbps" "$status" 0
run "$pktop" --replay "$rec" --total --exit-over 999pps
is "--exit-over: 1000 packets in a second are over 999pps" "$status" 3
run "$pktop" --replay "$rec" --total --exit-over 1kpps
is "--exit-over: they are not over 1kpps" "$status" 0

# ---- status 1

run "$pktop" --replay "$dir/none.rec"
refused "a recording that is not there" 1 '.*none\.rec'
run "$pktop" --replay "$rec" -g
refused "the table without a terminal" 1 'the table cannot be shown: '
run "$pktop" --replay "$rec" --batch -o "$dir/none/report"
refused "a directory that is not there" 1 '.*none/report: No such file or directory$'

# failing NAME SENTENCE: run() could not write to stdout
failing() {
	is "$1: status" "$status" 1
	like "$1: sentence" "$(cat "$err")" "^pktop: $2"
}
for options in "--help" "--version" "--columns=help" "--options" "--replay $rec" \
	"--replay $rec --csv" "--replay $rec --total"; do
	case $options in
	--replay*) want="cannot write the report" ;;
	*) want="cannot write to stdout" ;;
	esac
	# shellcheck disable=SC2086,SC2016 # words; the inner shell expands
	run sh -c '"$@" >/dev/full' - "$pktop" $options
	failing "$options, full disk" "$want: No space left on device\$"
	# shellcheck disable=SC2086,SC2016 # words; the inner shell expands
	run sh -c '"$@" >&-' - "$pktop" $options
	failing "$options, stdout closed" "$want: Bad file descriptor\$"
done
# shellcheck disable=SC2016 # the inner shell expands
run sh -c '{ "$@"; echo $? >&2; } | true' - "$pktop" --replay "$rec" --csv
like "a reader that goes away is not a crash" "$(tail -n 1 "$err")" '^[01]$'

# ---- without privileges

if [ "$(id -u)" = 0 ]; then
	cp "$pktop" "$dir/pktop"
	run setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps=-all \
		"$dir/pktop" -t 1s
else
	run "$pktop" -t 1s
fi
refused "no privilege" 1 '.*CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON'

if [ "$(id -u)" = 0 ]; then
	run "$pktop" -i none0 -t 1s
	refused "an interface that is not there" 1 '.*none0'
else
	pass "an interface that is not there # SKIP needs root"
fi

done_testing
