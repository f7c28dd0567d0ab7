# SPDX-License-Identifier: GPL-2.0-or-later
# Manual and completion keep step with the tables: every option, column, view and key is in them.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/lib.sh"

man=$top_srcdir/man/pktop.8
completion=$top_srcdir/src/completion/pktop.bash
tab=$(printf '\t')

# in_man PATTERN: extended regular expression
in_man() { grep -Eq -- "$1" "$man"; }
in_completion() { grep -Eq -- "(^|[ 	|(\"])$1([ 	|)\"]|\$)" "$completion"; }

# names of a list that the program prints: words at the beginning of lines
names() { "$pktop" "$1" | sed -n 's/^\([a-z0-9_]\{1,\}\) .*/\1/p'; }

# ok() of lib.sh has a variable called name
options=$("$pktop" --options)
ok "there are options" [ "$(echo "$options" | wc -l)" -gt 30 ]
echo "$options" >options.$$
while IFS=$tab read -r option letter argument shown; do
	ok "$option is in the manual" in_man "Fl Fl ${option#--}( |\$)"
	[ "$letter" = - ] || ok "$letter of $option is in the manual" in_man "Fl ${letter#-}( |\$)"
	if [ "$argument" = - ]; then
		ok "$option has no argument in the manual" in_man "Fl Fl ${option#--}( ,.*| No .*)?\$"
	else
		ok "the argument of $option is in the manual" in_man "Fl Fl ${option#--} (Ar|Cm) "
	fi
	[ "$shown" = hidden ] || ok "$option is in the completion" in_completion "$option"
	[ "$argument" = - ] || ok "the argument of $option is in the completion" in_completion "$option"
	# shellcheck disable=SC2016 # the inner shell expands
	[ "$shown" = hidden ] ||
		ok "$option is in --help" sh -c '"$1" --help | grep -q -- "  *$2\( \|$\)"' - "$pktop" "$option"
done <options.$$
rm -f options.$$

# shellcheck disable=SC2013 # words
for word in $(grep -Eo -- '--[a-z_]+[a-z0-9_-]*' "$completion" | sort -u); do
	# shellcheck disable=SC2016 # the inner shell expands
	ok "$word of the completion is an option" sh -c 'echo "$1" | grep -q "^$2	"' - "$options" "$word"
done

for item in $(names --columns=help); do
	ok "column $item is in the manual" in_man "^\\.It Cm $item\$"
done
for item in $("$pktop" --filter=help | sed '/^$/q' | sed -n 's/^\([a-z0-9_]\{1,\}\)  .*/\1/p'); do
	ok "field $item is in the manual" in_man "^\\.It Cm ([a-z0-9_]+ , )*$item( ,|\$)"
done
for item in $(names --view=help); do
	ok "view $item is in the manual" in_man "^\\.It Cm $item\$"
done
for item in $("$pktop" --theme=help | sed -n 's/^\([a-z-]\{1,\}\) .*/\1/p'); do
	ok "theme $item is in the manual" in_man "^\\.It Cm $item\$"
done
# what may stand in the configuration file: every option is tried there
"$pktop" --options | sed 's/^--\([^	]*\)	.*/\1 = @/' >settings.$$
echo "key.no-action = q" >>settings.$$
chmod 600 settings.$$
"$pktop" --config settings.$$ --script /dev/null --replay /dev/null 2>said.$$ >&2
sed -n 's/^.*: \([a-z-]*\): .*"@".*/\1/p' said.$$ | sort -u >items.$$
sed -n 's/^.* one of: \(up, .*\)/\1/p' said.$$ | tr -d ' ' | tr ',' '\n' >>items.$$
ok "the configuration file has options and keys" [ "$(wc -l <items.$$)" -gt 35 ]
while read -r item; do
	# shellcheck disable=SC2016 # the inner shell expands
	ok "$item is in the chapter of the configuration file" \
		sh -c 'sed -n "/^\.Sh CONFIGURATION FILE/,/^\.Sh E/p" "$1" | grep -Eq "Cm (.* , )?$2( [,.]|\$)"' - "$man" "$item"
done <items.$$
rm -f settings.$$ said.$$ items.$$
is "as many columns as the table has" "$(names --columns=help | wc -l)" \
	"$("$pktop" --sort=help | grep -c '^[a-z]')"

# one_line: each item of a list on a line of its own, however it was wrapped
one_line() { awk '/^ / { sub(/^ +/, " "); line = line $0; next } NR > 1 { print line }
	{ line = $0 } END { print line }' | sed 's/  */ /g'; }
# facts NAME: what the manual says of a back end
facts() {
	awk -v name="$1" '$0 == ".It Cm " name { on = 1; next } /^\.(It|El)/ { on = 0 } on' "$man" |
		tr '\n' ' '
}
"$pktop" --backend=help | one_line >backends.$$
ok "there are back ends" [ "$(wc -l <backends.$$)" -ge 3 ]
while read -r backend said; do
	# "Sees in; ...." in the manual
	case "$(facts "$backend")" in
	"S${said#s}."*) pass "what the back end $backend sees is in the manual" ;;
	*) is "what the back end $backend sees is in the manual" "$(facts "$backend")" "S${said#s}." ;;
	esac
done <backends.$$
rm -f backends.$$

# A line of --keys is "KEY, KEY   what they do", in the manual ".It Cm KEY , KEY".
"$pktop" --keys | sed -n 's/^\([^ ].*\)$/\1  /p' | sed 's/   *.*//; s/,/ ,/g' >keys.$$
ok "there are keys" [ "$(wc -l <keys.$$)" -gt 20 ]
sed -n 's/\\&//g; s/\\e/\\/g; s/^\.It Cm //p' "$man" >manual.$$
while IFS= read -r keys; do
	ok "the keys $keys are in the manual" grep -Fxq -- "$keys" manual.$$
done <keys.$$
rm -f keys.$$ manual.$$

if command -v mandoc >/dev/null; then
	is "mandoc finds nothing" "$(mandoc -T lint -W style "$man" 2>&1 | grep -v 'outdated mandoc.db')" ""
else
	pass "mandoc finds nothing # SKIP needs the command mandoc"
fi
if command -v groff >/dev/null; then
	is "groff finds nothing" "$(groff -mdoc -ww -z "$man" 2>&1)" ""
else
	pass "groff finds nothing # SKIP needs the command groff"
fi
if command -v bash >/dev/null; then
	is "bash completes an option" "$(PATH=$top_builddir:$PATH bash -c '
		. "$1"
		COMP_WORDS=(pktop --colu) COMP_CWORD=1
		_pktop "$2"
		echo "${COMPREPLY[@]}"' - "$completion" "$pktop")" "--columns"
	is "bash completes a view" "$(bash -c '
		. "$1"
		COMP_WORDS=(pktop --view = dire) COMP_CWORD=3
		_pktop "$2"
		echo "${COMPREPLY[@]}"' - "$completion" "$pktop")" "directions"
	# the name of an interface is anybody's text
	is "bash runs nothing of what it completes" "$(bash -c '
		. "$1"
		_pktop_ifaces() { echo "\$(id>&2)"; }
		COMP_WORDS=(pktop -i "") COMP_CWORD=2
		_pktop "$2"
		echo "${COMPREPLY[@]}"' - "$completion" "$pktop" 2>&1)" '\$\(id\>\&2\)'
	is "bash completes the verb" "$(bash -c '
		. "$1"
		COMP_WORDS=(pktop ch) COMP_CWORD=1
		_pktop "$2"
		echo "${COMPREPLY[@]}"' - "$completion" "$pktop")" "check"
else
	pass "bash completes # SKIP needs the command bash"
fi

done_testing
