# SPDX-License-Identifier: GPL-2.0-or-later
# Whole runs on a terminal, in a tmux server of their own: start, size, stop, redraw, every way to
# end, and types of terminals. Whatever happens, the terminal is afterwards as it was.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/lib.sh"

need_command tmux stty
dir=$(mktemp -d "${TMPDIR:-/tmp}/term.XXXXXX") || exit 1
chmod 755 "$dir"
unset TMUX NO_COLOR COLUMNS LINES
# tmux runs commands by the login shell where SHELL is not set, and some users have none
export SHELL=/bin/sh

tm() { TMUX_TMPDIR=$dir tmux -L "pktop$$" -f /dev/null -u "$@"; }
finish() {
	tm kill-server 2>/dev/null
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

case $pktop in
/*) ;;
*) pktop=$PWD/$pktop ;;
esac
[ -x "$pktop" ] || skip_all "there is no $pktop"

"$top_builddir/tests/make-recording" "$dir/a.rec" <<'END' || exit 1
iface 0 eth0
iface 1 wg0 layer3
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=120 bytes=150000 flags=SYN,ACK
flow eth0 out tcp 192.0.2.1:443 192.0.2.7:41234 packets=900 bytes=1250000 flags=SYN,ACK
flow wg0 in tcp 10.0.0.2:40000 10.0.0.1:22 packets=12 bytes=1200 flags=ACK
tick 0.1
end
END

# What runs in the terminal: a shell with job control, whose prompt is known.
cat >"$dir/start" <<END
cd '$dir' || exit 1
export LC_ALL=C.UTF-8 TZ=UTC0 PS1='ready> ' TERM=xterm-256color
export XDG_CONFIG_HOME='$dir/config'
unset ENV TMUX
ulimit -c 0
exec sh -i
END
tm new-session -d -x 80 -y 24 "sh '$dir/start'" 2>"$dir/said" ||
	skip_all "tmux cannot start here: $(cat "$dir/said")"
tm set-option -g remain-on-exit off

screen() { tm capture-pane -p; }
shows() { screen | grep -Eq -- "$1"; }
hides() { ! shows "$1"; }
# is_state FORMAT WANT
is_state() { [ "$(tm display-message -p "$1")" = "$2" ]; }
keys() { tm send-keys "$@"; }
# command TEXT: typed into the shell
command_line() { tm send-keys -l "$1" && tm send-keys Enter; }
# The shell has its prompt back, on the screen that it had before, with the cursor.
at_prompt() {
	is_state '#{alternate_on}' 0 && is_state '#{cursor_flag}' 1 &&
		screen | sed '/^$/d' | tail -n 1 | grep -q '^ready> *$'
}
shown() { wait_for 10 shows "$1" || { screen | sed 's/^/#   /' && false; }; }
prompted() { wait_for 10 at_prompt || { screen | sed 's/^/#   /' && false; }; }
# modes FILE: what stty says of the terminal
modes() {
	command_line "stty -g >$1.new && mv $1.new $1"
	wait_for 10 test -e "$dir/$1"
}
# The modes of the terminal, and a mark that was on its screen, are still there.
unharmed() {
	rm -f "$dir/after"
	modes after
	is "$1: modes of the terminal" "$(cat "$dir/after")" "$(cat "$dir/before")"
	ok "$1: what was on the screen" shows '^MARK$'
}
# run PREFIX [OPTIONS]: starts pktop with a known process id
run() {
	rm -f "$dir/pid"
	command_line "clear; echo MARK; $1 sh -c 'echo \$\$ >pid; exec \"\$0\" --replay a.rec $2' '$pktop'"
}

ok "a shell" prompted
modes before

run ''
ok "the table appears" shown '^pktop .*LIVE'
ok "with rows" shown '^tcp +192\.0\.2\.1:443 +192\.0\.2\.7:41234 '
ok "on the other screen, without a cursor" wait_for 10 is_state '#{alternate_on}#{cursor_flag}' 10

# ---- size

tm resize-window -x 132 -y 40
ok "132x40: more columns" shown '^PROTO.* PACKETS'
ok "and a sentence more" shown 'a packet crossing two interfaces is counted on each'
is "the last line is the lowest" "$(screen | wc -l | tr -d ' ')" 40
tm resize-window -x 39 -y 8
ok "39x8: too small" shown '^39x8, needs 40x10'
tm resize-window -x 80 -y 24
ok "80x24: as before" shown '^tcp +192\.0\.2\.1:443 +192\.0\.2\.7:41234 '
ok "and no more" wait_for 10 hides 'too small'
keys p
ok "the next key is the one that was pressed" shown FROZEN
ok "a size is no key" hides 'does nothing here'
keys p
ok "and on it goes" shown LIVE
tm resize-window -x 1 -y 1
ok "1x1: a cell" wait_for 10 is_state '#{pane_width}x#{pane_height}' 1x1
# a storm of sizes, and of signals that bring none
pid=$(cat "$dir/pid")
for width in $(seq 30 3 200); do
	tm resize-window -x "$width" -y $((width / 4)) && kill -WINCH "$pid" "$pid" "$pid"
done
tm resize-window -x 80 -y 24
ok "80x24 after a storm of sizes" shown '^tcp +192\.0\.2\.1:443 +192\.0\.2\.7:41234 '
is "all of it: the head is the first line" "$(screen | sed -n '1s/ .*//p')" pktop
foot_is_last() { screen | sed -n 24p | grep -Eq '^(replay of|\? help)'; }
ok "and the foot is the last" wait_for 10 foot_is_last
ok "on one screen of that size" is_state '#{pane_width}x#{pane_height}' 80x24

# ---- redraw

tty=$(tm display-message -p '#{pane_tty}')
# the last change of size may still be drawn over it
rubbish() { printf '\033[12;1HRUBBISH' >"$tty" && shows RUBBISH; }
ok "another program writes on the screen" wait_for 10 rubbish
keys C-l
ok "C-l draws it again" wait_for 10 hides RUBBISH
ok "all of it" shown '^tcp +192\.0\.2\.1:443 '

# ---- keys of a terminal

keys Down
# freezes at once, so that nothing moves by itself
keys p
ok "a letter" shown FROZEN
keys Escape
ok "Esc alone is a key" shown LIVE

# ---- a filter

keys / && keys -l 'port 443'
ok "typing: the text" shown '^filter: port 443$'
ok "typing: the rows follow" shown '^filter port 443 +shows 2 of 3 flows'
ok "typing: others are gone" wait_for 10 hides '^tcp +10\.0\.0\.1:22 '
keys -l ' and prot = 6'
ok "what is wrong, and where" shown '^column 14: "prot" is not a field; did you mean port, proto\?$'
ok "the rows stay" shown '^filter port 443 +shows 2 of 3 flows'
keys C-w && keys C-w && keys C-w && keys C-w && keys -l 'or grüße'
ok "characters beyond ASCII" shown '^filter: port 443 or grüße$'
keys BSpace && keys Home && keys Delete && keys Right && keys -l X && keys End && keys -l Y
ok "keys of a terminal edit" shown '^filter: oXrt 443 or grüßY$'
keys Escape
ok "Esc: no filter, as before" shown '^tcp +10\.0\.0\.1:22 '
ok "and no prompt" wait_for 10 hides '^filter'
keys / && keys -l 'tcp port 22' && keys Enter
ok "Enter keeps it" shown '^filter tcp port 22 +shows 1 of 3 flows'
ok "without a prompt" wait_for 10 hides '^filter:'
keys / && keys C-u && keys Up
ok "Up brings it back" shown '^filter: tcp port 22$'
keys C-u
tm set-buffer "host $(printf '192.0.2.7,%.0s' $(seq 100))192.0.2.7" && tm paste-buffer
ok "a long paste" shown '^filter host 192\.0\.2\.7,.*shows 2 of 3 flows'
keys Escape && keys '\'
ok "a backslash takes it away" wait_for 10 hides '^filter'
keys BTab
ok "S-Tab" shown '^pktop .*Networks'
keys Tab
ok "Tab" shown '^pktop .*Flows'
keys F1
ok "F1" shown 'keys, views, columns'
tm send-keys -l "$(printf '\033[99;5~')"
ok "an unknown sequence does nothing" shown '^ *Up k +select'
keys End
ok "End" shown 'what protocols without ports have'
keys q
ok "q leaves the help page" shown LIVE

# ---- stop and go on

keys C-z
ok "C-z: the shell is back" prompted
unharmed "stopped"
command_line fg
ok "fg: the table is back" shown '^pktop .*LIVE'
ok "on the other screen" wait_for 10 is_state '#{alternate_on}#{cursor_flag}' 10
keys C-z
ok "C-z again" prompted
tm resize-window -x 132 -y 30
command_line fg
ok "fg after another size" shown 'a packet crossing two interfaces is counted on each'
tm resize-window -x 80 -y 24
ok "back to 80 columns" shown 'forwarded: counted on each'
keys q
ok "q after all that" prompted

command_line "clear; echo MARK; '$pktop' --replay a.rec -o out.txt"
ok "-o leaves the table" shown '^pktop .*LIVE'
keys q
ok "-o: the end" prompted
is "-o: a report of what was shown" "$(grep -c '^BOOKS' "$dir/out.txt")" 1

run ''
ok "runs for two signals at once" shown LIVE
kill -INT "$(cat "$dir/pid")"
kill -TERM "$(cat "$dir/pid")" 2>/dev/null
ok "two signals at once: the end" prompted
unharmed "two signals at once"

# kill -STOP leaves no time to put the terminal in order; kill -CONT in the foreground does
run ''
ok "runs to be stopped" shown LIVE
kill -STOP "$(cat "$dir/pid")"
# where the prompt comes depends on the cursor, and it may be cut by the edge of the screen
ok "stopped without warning" wait_for 10 is_state '#{pane_current_command}' sh
printf '\033[12;1HRUBBISH' >"$tty"
# the modes are still those of the table: Return is no newline
tm send-keys -l fg
keys C-j
ok "goes on with a whole screen" wait_for 10 hides RUBBISH
ok "and its keys" shown LIVE

# ---- every way to end

keys q
ok "q quits" prompted
unharmed "q"

run ''
ok "runs for C-c" shown LIVE
keys C-c
ok "C-c quits" prompted
unharmed "C-c"

for signal in TERM HUP SEGV ABRT BUS FPE ILL; do
	run ''
	ok "runs for $signal" shown LIVE
	kill -"$signal" "$(cat "$dir/pid")"
	ok "$signal: the shell is back" prompted
	unharmed "$signal"
	command_line "echo"
	case $signal in
	TERM | HUP) continue ;;
	esac
	ok "$signal: the shell knows of the crash" \
		shows '(Segmentation fault|Aborted|Bus error|Floating point|Illegal instruction)'
done

# ---- types of terminals

for type in vt100 linux xterm-256color tmux-256color; do
	run "TERM=$type"
	ok "$type: the table" shown '^pktop .*LIVE'
	ok "$type: rows" shown '^tcp +192\.0\.2\.1:443 +192\.0\.2\.7:41234 '
	keys q
	ok "$type: the end" prompted
	rm -f "$dir/after"
	modes after
	is "$type: modes" "$(cat "$dir/after")" "$(cat "$dir/before")"
done

run "TERM=no-such-terminal"
ok "an unknown type: the table" shown '^pktop .*LIVE'
ok "an unknown type: says so" shown 'TERM is unknown here: taking the terminal for a tmux-256color'
keys q
ok "an unknown type: the end" prompted
unharmed "an unknown type"

run "TERM="
ok "no type: says so" shown 'TERM is not set: taking the terminal for a tmux-256color'
keys q
ok "no type: the end" prompted

run "TERM=dumb"
ok "a terminal without a cursor gets a report" shown '^wg0 +in +bytes +1200 '
ok "a terminal without a cursor: the end" prompted

# ---- colours

colored() { tm capture-pane -p -e | grep -q '\[[0-9;]*38;5;'; }
run ''
ok "runs in colour" shown LIVE
ok "colours of 256" wait_for 10 colored
keys q
ok "ends" prompted
run 'NO_COLOR=1'
ok "runs without colour" shown LIVE
ok "NO_COLOR" shown '^tcp +192\.0\.2\.1:443 '
if colored; then fail "no colours"; else pass "no colours"; fi
keys q
ok "ends again" prompted

# paints SGR: the screen has this sequence of colours
paints() { tm capture-pane -p -e | grep -q "\[[0-9;]*$1[;m]"; }
tm set-option -ga terminal-overrides ',*:Tc'
while read -r type background; do
	if ! infocmp "$type" >/dev/null 2>&1; then
		pass "$type: the background of a theme # SKIP the type is not installed"
		continue
	fi
	run "TERM=$type" --theme=dark
	ok "$type: the background of a theme" wait_for 10 paints "$background"
	keys q
	ok "$type: the end of a theme" prompted
done <<'END'
xterm 40
xterm-256color 48;5;234
xterm-direct 48;2;28;28;28
END

# ---- the mouse

run '' --mouse
ok "runs with the mouse" shown '^tcp +192\.0\.2\.1:443 '
heading=$(screen | sed -n '/^PROTO /=')
keys -l "$(printf '\033[<0;2;%dM\033[<0;2;%dm' "$heading" "$heading")"
ok "a heading orders by its column" shown '^PROTO▲'
keys q
ok "the mouse goes back to the terminal" prompted
ok "and is not listened to" is_state '#{mouse_any_flag}' 0

# ---- the configuration file

mkdir -p "$dir/config/pktop"
printf 'frob = 1\nview = src\nkey.quit = x\n' >"$dir/config/pktop/pktop.conf"
chmod 644 "$dir/config/pktop/pktop.conf"
run ''
ok "the view of the configuration file" shown '^pktop .* Sources .*LIVE'
ok "what is wrong in it" shown 'pktop.conf: line 1: there is no option "frob"'
keys x
ok "its key ends the table" prompted
run '' --no-config
ok "none of it without the file" shown '^pktop .* Flows .*LIVE'
keys q
ok "the usual key ends the table" prompted
run '' --batch
ok "a report does not read it" shown '^wg0 +in +bytes +1200 '
ok "a report ends" prompted
rm -r "$dir/config"

# ---- the terminal goes away

gone() { ! kill -0 "$pid" 2>/dev/null; }
# also where nobody tells it by a signal
for prefix in '' 'trap "" HUP;'; do
	tm new-window "sh '$dir/start'"
	ok "a shell in a window of its own" prompted
	run "$prefix"
	ok "runs for the end of its terminal" shown LIVE
	pid=$(cat "$dir/pid")
	tm kill-pane
	ok "ends with its terminal${prefix:+, signal or none}" wait_for 10 gone
done

done_testing
