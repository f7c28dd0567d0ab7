# SPDX-License-Identifier: GPL-2.0-or-later
# Tests in shell that speak TAP. Source it; call ok, is, like, skip_all, done_testing.
# shellcheck shell=sh

: "${top_builddir:=.}" "${top_srcdir:=.}"
pktop=$top_builddir/pktop
tap_n=0 tap_failed=0

pass() { tap_n=$((tap_n + 1)); echo "ok $tap_n - $*"; }
fail() { tap_n=$((tap_n + 1)); tap_failed=$((tap_failed + 1)); echo "not ok $tap_n - $*"; }

# ok NAME COMMAND...: passes when the command succeeds
ok() {
	name=$1
	shift
	if "$@"; then pass "$name"; else fail "$name"; echo "#   failed: $*"; fi
}

# is NAME GOT WANT
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1"
		printf '%s\n' "--- got" "$2" "--- want" "$3" | sed 's/^/#   /'
	fi
}

# like NAME GOT PATTERN: extended regular expression, any line
like() {
	if printf '%s\n' "$2" | grep -Eq -- "$3"; then
		pass "$1"
	else
		fail "$1"
		printf '%s\n' "--- got" "$2" "--- want a line like" "$3" | sed 's/^/#   /'
	fi
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

need_root() { [ "$(id -u)" = 0 ] || skip_all "needs root"; }
need_command() {
	for c in "$@"; do command -v "$c" >/dev/null 2>&1 || skip_all "needs the command $c"; done
}

# has_library NAME: as configure calls it
has_library() { grep -q "^#define HAVE_$1 1" "$top_builddir/config.h"; }
need_library() {
	for library in "$@"; do has_library "$library" || skip_all "needs the library $library"; done
}
need_module() {
	python3 -c "import $1" 2>/dev/null || skip_all "needs the command python3 with $1"
}

# wait_for SECONDS COMMAND...: until the command succeeds; polls, never sleeps longer than that
wait_for() {
	n=$(($1 * 20))
	shift
	while ! "$@"; do
		n=$((n - 1))
		[ "$n" -gt 0 ] || return 1
		sleep 0.05
	done
}

# own_places: in a private mount namespace, a /dev with plain devices and a /run, where daemons of the
# system find nothing of the machine
own_places() {
	mkdir "$dir/dev"
	mount -t tmpfs none "$dir/dev" || skip_all "cannot mount a tmpfs"
	for device in null zero full random urandom; do
		: >"$dir/dev/$device"
		mount --bind "/dev/$device" "$dir/dev/$device"
	done
	mount --move "$dir/dev" /dev || skip_all "cannot mount over /dev"
	mount -t tmpfs none /run || skip_all "cannot mount over /run"
}

# start_journald: in own_places; sets daemon. Fails where the machine has none.
start_journald() {
	command -v journalctl >/dev/null || return
	for path in /lib/systemd/systemd-journald /usr/lib/systemd/systemd-journald ""; do
		[ ! -x "$path" ] || break
	done
	[ -n "$path" ] || return
	mkdir -p /run/systemd/journal
	"$path" 2>"$dir/journald.err" &
	daemon=$!
	ok "journald starts" wait_for 20 [ -S /run/systemd/journal/socket ]
}
entries() {
	journalctl -D /run/log/journal -q -a -o cat SYSLOG_IDENTIFIER=pktop PRIORITY=6 \
		2>"$dir/journalctl.err"
}
has_entries() { [ "$(entries | wc -l)" = "$1" ]; }

done_testing() {
	echo "1..$tap_n"
	[ "$tap_failed" = 0 ]
	exit
}
