# SPDX-License-Identifier: GPL-2.0-or-later
# A stream to a disk that is full for a while; records for the journal that no datagram holds.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
own_places

new_ns a b
join a va 1 b vb 2 1
send() { in_ns a "$spray" udp 10.9.1.1 4001 10.9.1.2 "$1" 1 100; }
has() { grep -q "$1" "$2"; }

mkdir "$dir/full"
mount -t tmpfs -o size=64k tmpfs "$dir/full" || skip_all "cannot mount a tmpfs"
ok "a stream to a file" start file a log flows -i va -o "$dir/full/log" --every 200ms -f udp
dd if=/dev/zero of="$dir/full/rest" bs=4k 2>"$dir/dd.err"
# what is left of the last page fills up
fills() { send 5001 && [ -s "$dir/file.err" ]; }
ok "the disk is full" wait_for 60 fills
is "what is wrong is said" "$(head -n 1 "$dir/file.err")" \
	"pktop: cannot write to $dir/full/log, which is tried again: No space left on device"
send 5003
rm "$dir/full/rest"
# nothing is sent any more
ok "it goes on by itself when there is room" wait_for 10 has '4001->5003 ' "$dir/full/log"
stop file
is "it ends well" "$status" 0
is "every line is whole" "$(grep -Ev '^\[[0-9:]{8}\] (UDP [0-9.]+ -> [0-9.]+ [0-9]+->[0-9]+ packets=[0-9]+ bytes=[0-9]+ dir=out if=va( [^[]*)?|LEDGER [^[]*|LOSS [^[]*)$' \
	"$dir/full/log")" ""
umount "$dir/full"

if ! has_library HTP || ! start_journald; then
	pass "the journal # SKIP needs the library HTP and systemd-journald"
	done_testing
	exit 0
fi
pids="$pids $daemon"
need_command curl python3
nsenter --net=/run/netns/b -- python3 "${top_srcdir:-.}/tests/netns/http-server.py" 8080 \
	2>"$dir/server.err" &
pids="$pids $!"
ok "a server" wait_for 20 listens b 8080
ok "a stream to the journal and a file" start long a log http --body 1Mi -i va --journal -o "$dir/http"
for path in /ok/1 /large /ok/2; do
	ok "GET $path" in_ns a curl -s -m 20 -o "$dir/body" "http://10.9.1.2:8080$path"
done
has_all() { [ "$(grep -c '] HTTP ' "$dir/http")" = 3 ]; }
ok "their records" wait_for 20 has_all
stop long
is "it ends well" "$status $(cat "$dir/long.err")" "0 "
ok "one is longer than a datagram" [ "$(wc -c <"$dir/http")" -gt 1000000 ]
ok "the journal has as many as the file" wait_for 20 has_entries "$(wc -l <"$dir/http")"
entries >"$dir/entries"
ok "each as it is in the file" cmp "$dir/entries" "$dir/http"
done_testing
