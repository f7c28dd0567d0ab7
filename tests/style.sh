# SPDX-License-Identifier: GPL-2.0-or-later
# What every file has: a licence line, no trailing blanks, a place in Makefile.am; scripts without
# a finding of shellcheck.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/lib.sh"

cd "$top_srcdir" || exit 1

sources() {
	find src bpf tests m4 -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.m4' \
		-o -name '*.bash' -o -name '*.py' \) ! -name '*.skel.h' ! -path '*/build/*' | sort
	printf '%s\n' Makefile.am configure.ac quickstart man/pktop.8
}

is "a licence in the first two lines of every file" "$(
	sources | while read -r file; do
		sed 2q "$file" | grep -q SPDX-License-Identifier || echo "$file"
	done
)" ""

is "no blank at the end of a line" "$(
	sources | while read -r file; do grep -Hn '[ 	]$' "$file"; done
)" ""

is "every file is in Makefile.am" "$(
	sources | while read -r file; do
		case $file in
		# a test program is named without .c
		tests/*.c) pattern=${file%.c} ;;
		Makefile.am | configure.ac) continue ;;
		*) pattern=$file ;;
		esac
		grep -Fq "$pattern" Makefile.am || echo "$file"
	done
)" ""

if command -v shellcheck >/dev/null; then
	is "shellcheck finds nothing" "$(
		sources | grep '\.sh$' | xargs shellcheck -S warning -s sh -e SC1091,SC2034,SC2154,SC2317 2>&1
		shellcheck quickstart 2>&1
		shellcheck -s bash src/completion/pktop.bash 2>&1
	)" ""
else
	pass "shellcheck finds nothing # SKIP needs the command shellcheck"
fi

done_testing
