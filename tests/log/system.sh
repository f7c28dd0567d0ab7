# SPDX-License-Identifier: GPL-2.0-or-later
# Records for the system's log and its journal, by real daemons with a /dev and a /run of their own.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
need_root
need_command busybox mount unshare
if [ -z "${LOG_PRIVATE-}" ]; then
	unshare -m true 2>/dev/null || skip_all "cannot make a mount namespace"
	rm -rf "$dir"
	cd "$OLDPWD" || exit 1
	LOG_PRIVATE=1 exec unshare -m sh "$0"
fi
own_places
small_recording
"$pktop" log flows --replay small.rec >want

daemon=
trap '[ -z "$daemon" ] || kill "$daemon"; rm -rf "$dir"' EXIT
run "$pktop" log flows --replay small.rec --syslog
is "no daemon: status" "$status" 1
is "no daemon" "$(cat err)" "pktop: --syslog: cannot send to /dev/log: No such file or directory"

busybox syslogd -n -O "$PWD/messages" 2>syslogd.err &
daemon=$!
ok "syslogd starts" wait_for 10 [ -S /dev/log ]
run "$pktop" log flows --replay small.rec --syslog
prints "to the log" ""
has_all() { [ "$(grep -c 'daemon.info pktop\[[0-9]*\]: ' messages)" = 9 ]; }
ok "syslogd has them" wait_for 10 has_all
is "the log has every record" "$(sed -n 's/.* daemon\.info pktop\[[0-9]*\]: //p' messages)" "$(cat want)"
kill "$daemon"
wait "$daemon" 2>/dev/null
daemon=

if ! start_journald; then
	pass "the journal # SKIP no systemd-journald on this machine"
	done_testing
	exit 0
fi
run "$pktop" log flows --replay small.rec --journal
prints "to the journal" ""
ok "journald has them" wait_for 20 has_entries 9
is "the journal has every record" "$(entries)" "$(cat want)"
done_testing
