# SPDX-License-Identifier: GPL-2.0-or-later
# A report onto a full disk fails and leaves no file.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
need_root
need_command unshare mount
unshare -m true 2>/dev/null || skip_all "mount namespaces are not permitted"

{
	echo "iface 0 eth0"
	n=0
	while [ "$n" -lt 1000 ]; do
		echo "flow eth0 in udp 192.0.2.1:$n 192.0.2.2:53 packets=1 bytes=100"
		n=$((n + 1))
	done
	echo "tick 1"
	echo end
} | make big.rec
mkdir disk

# In a mount namespace of its own: what is mounted there is gone with it.
cat >inside.sh <<'END'
mount -t tmpfs -o size=16k none disk || exit 77
"$pktop" --replay big.rec --csv -o disk/report 2>err
echo "$?" >status
ls -A disk >files
echo old >disk/report
"$pktop" --replay big.rec --csv -o disk/report 2>>err
cat disk/report >contents
END
export pktop
status=0
unshare -m sh inside.sh || status=$?
[ "$status" != 77 ] || skip_all "a tmpfs cannot be mounted"
is "status" "$(cat status)" 1
is "sentence" "$(cat err)" "pktop: cannot write the report: No space left on device
pktop: cannot write the report: No space left on device"
is "no file is left" "$(cat files)" ""
is "an old file stays" "$(cat contents)" old
done_testing
