# SPDX-License-Identifier: GPL-2.0-or-later
# A stream to a disk that is full for a while, and to a file that others rename and remove; records
# for the journal that no datagram holds.
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
torn() {
	grep -Ev '^\[[0-9:]{8}\] (UDP [0-9.]+ -> [0-9.]+ [0-9]+->[0-9]+ packets=[0-9]+ bytes=[0-9]+ dir=out if=va( [^[]*)?|LEDGER [^[]*|LOSS [^[]*)$' "$1"
}
is "every line is whole" "$(torn "$dir/full/log")" ""
dd if=/dev/zero of="$dir/full/rest" bs=4k 2>"$dir/dd.err"
fills() { send 5004 && [ "$(wc -l <"$dir/file.err")" -ge 2 ]; }
ok "the disk is full again" wait_for 60 fills
lost= # one that ends in the middle, mostly
[ "$(tail -c 1 "$dir/full/log" | wc -l)" = 1 ] || lost=1
rm "$dir/full/log" # which has no room before the program lets go of it
ok "it goes on with another file" wait_for 10 has '4001->5004 ' "$dir/full/log"
stop file
is "it ends well" "$status" 0
is "that is said" "$(sed -n '3p;$=' "$dir/file.err")" \
	"pktop: $dir/full/log was removed, another one is begun
3"
is "every line is whole in that as well" "$(torn "$dir/full/log")" ""
is "what is left of one in the old file is counted" \
	"$(sed -n 's/.* LOSS what=file_records_dropped count=1 total=//p' "$dir/full/log")" "$lost"
umount "$dir/full"

# ---- others rename the file, and remove it

logs=$dir/logs
mkdir "$logs"
sent() { has "\"dst_port\":$1," "$2"; }
heads() { cut -c 1-14 "$1" | grep -n meta; }
stream() {
	run_name=$1
	shift
	start "$run_name" a log flows --json -i va -o "$logs/log" --every 200ms -f udp "$@"
}
ok "a file that is not rotated" stream plain
send 6001
ok "a record" wait_for 10 sent 6001 "$logs/log"
mv "$logs/log" "$logs/moved"
send 6002
ok "it is followed to its new name" wait_for 10 sent 6002 "$logs/moved"
ok "the old name is free" [ ! -e "$logs/log" ]
kill -HUP "$pid_plain"
send 6003
ok "SIGHUP makes another one" wait_for 10 sent 6003 "$logs/log"
rm "$logs/log"
send 6004
ok "where it was removed, another one is made" wait_for 10 sent 6004 "$logs/log"
is "it begins with the run" "$(heads "$logs/log")" '1:{"type":"meta"'
mv "$logs" "$dir/away"
kill -HUP "$pid_plain"
send 6005
ok "without the directory the old one stays" wait_for 10 sent 6005 "$dir/away/log"
mkdir "$logs"
comes() { send 6006 && sent 6006 "$logs/log" 2>"$dir/grep.err"; }
ok "until there is one again" wait_for 10 comes
rm -r "$logs"
send 6007
said() { has 'which is tried again' "$dir/plain.err"; }
ok "both are gone" wait_for 10 said
mkdir "$logs"
ok "the record waited" wait_for 10 sent 6007 "$logs/log"
is "that file begins with the run" "$(heads "$logs/log")" '1:{"type":"meta"'
stop plain
is "it ends well" "$status" 0
is "what was wrong is said" "$(cat "$dir/plain.err")" \
	"pktop: $logs/log was removed, another one is begun
pktop: cannot begin another $logs/log, the old one stays for now: No such file or directory
pktop: $logs/log was removed, another one is begun
pktop: cannot write to $logs/log, which is tried again: No such file or directory"

rm -r "$logs"
mkdir "$logs"
ok "a file that is rotated" stream turns --rotate-every 1s --rotate-keep 99
send 7001
ok "a record" wait_for 10 grep -q '"dst_port":7001,' -r "$logs"
port=7002
# another record, in a second of its own, until the file is there
turns() { send $port && port=$((port + 1)) && [ -e "$logs/log" ]; }
mv "$logs/log" "$logs/moved"
ok "one that was renamed is made again when it is due" wait_for 10 turns
mv "$logs/log" "$logs/moved.2"
echo '{"type":"other"}' >"$logs/log"
turned() { send $port && port=$((port + 1)) && [ "$(wc -l <"$(grep -lr '"type":"other"' "$logs")")" -gt 1 ]; }
ok "one that somebody else put there is gone on with" wait_for 10 turned
stop turns
is "it ends well" "$status $(cat "$dir/turns.err")" "0 "
is "every record is in one of them" "$(cat "$logs"/* | jq 'select(.type == "flow").dst_port' | sort)" \
	"$(seq 7001 $((port - 1)))"

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
