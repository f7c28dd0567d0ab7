# SPDX-License-Identifier: GPL-2.0-or-later
# The architecture: includes point to the same layer or lower, each outside library has one owner,
# every header stands alone.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/lib.sh"

src=$top_srcdir/src
: "${CC:=cc}" "${INCLUDES:=}"

# Sets layer to that of a file by its family, or to nothing.
find_layer() {
	stem=${1%.*} layer=
	while :; do
		while read -r number families; do
			case " $families " in
			*" $stem "*) layer=$number && return ;;
			esac
		done <"$top_srcdir/tests/layers.txt"
		case $stem in
		*-*) stem=${stem%-*} ;;
		*) return ;;
		esac
	done
}

# owner FILE HEADER PATTERN WHO: refuses the header to files that do not match
owner() {
	# shellcheck disable=SC2254 # a pattern
	case $1 in
	$3) ;;
	*) echo "$1 includes $2, which belongs to $4" ;;
	esac
}

# judge FILE HEADER: a sentence where the file may not include the header
judge() {
	case $2 in
	config.h) return ;;
	*curses*.h | term.h) owner "$1" "$2" 'ui*' 'ui*' && return ;;
	libmnl/*) owner "$1" "$2" 'nl*' 'nl*' && return ;;
	bpf/* | *.skel.h) case $1 in
		capture-bpf* | capture-cgroup.c | capture-hash* | capture-owner* | \
			capture-packet* | capture-probe* | capture-process.c | capture-segment.c | capture-tc.c | \
			capture-tc-pair.c | capture-xdp.c) return ;;
		*) echo "$1 includes $2, which belongs to capture-bpf*" && return ;;
	esac ;;
	abi.h | abi-*.h) owner "$1" "$2" 'capture-*' 'capture-*' && return ;;
	jansson.h) case $1 in
		container-state.c | event-record.c) return ;;
		*) owner "$1" "$2" 'report-json*' 'report-json*' && return ;;
	esac ;;
	curl/*) owner "$1" "$2" 'event-sink-callback*' 'event-sink-callback*' && return ;;
	maxminddb.h) owner "$1" "$2" 'geo*' 'geo*' && return ;;
	htp/*) owner "$1" "$2" 'l7-http*' 'l7-http*' && return ;;
	ares.h) owner "$1" "$2" 'resolve*' 'resolve*' && return ;;
	nettle/*) owner "$1" "$2" 'l7-quic-open.c' 'l7-quic-open.c' && return ;;
	cap-ng.h) owner "$1" "$2" 'privs*' 'privs*' && return ;;
	esac
	[ -e "$src/$2" ] || return
	find_layer "$1"
	file_layer=$layer
	find_layer "$2"
	if [ -z "$layer" ] || [ -z "$file_layer" ]; then
		echo "$1 or $2 has no layer in tests/layers.txt"
	elif [ "$layer" -gt "$file_layer" ]; then
		echo "$1 (layer $file_layer) includes $2 (layer $layer)"
	elif [ "$file_layer" = 4 ] && [ "$layer" = 1 ]; then
		case $1:$2 in
		*:sample.h | *:capture.h | check.*:capture-probe.h) ;;
		*) echo "$1 is a front end and includes $2" ;;
		esac
	fi
}

# The rules themselves: what they must find, and what they must let pass.
is "upward is found" "$(judge flow.c column.h)" "flow.c (layer 2) includes column.h (layer 3)"
is "downward passes" "$(judge column.c flow.h)" ""
is "a family has its layer" "$(judge fmt.c nl-link.h)" "fmt.c (layer 0) includes nl-link.h (layer 1)"
is "a front end sees no netlink" "$(judge ui-head.c nl-link.h)" \
	"ui-head.c is a front end and includes nl-link.h"
is "a front end sees samples" "$(judge ui-head.c sample.h)" ""
is "an unknown family is found" "$(judge frob.c flow.h)" \
	"frob.c or flow.h has no layer in tests/layers.txt"
is "curses has an owner" "$(judge report.c curses.h)" "report.c includes curses.h, which belongs to ui*"
is "the owner may" "$(judge ui-table.c curses.h)" ""
is "libbpf has an owner" "$(judge capture.c bpf/libbpf.h)" \
	"capture.c includes bpf/libbpf.h, which belongs to capture-bpf*"
is "libmnl has an owner" "$(judge privs.c libmnl/libmnl.h)" \
	"privs.c includes libmnl/libmnl.h, which belongs to nl*"

wrong=$(
	for file in "$src"/*.[ch]; do
		sed -n 's/^#[ 	]*include[ 	]*[<"]\([^>"]*\)[>"].*/\1/p' "$file" |
			while read -r header; do judge "${file##*/}" "$header"; done
	done
)
is "every include points to its own layer or lower, and to its own libraries" "$wrong" ""

for file in "$src"/*.h; do
	name=${file##*/}
	# shellcheck disable=SC2086 # lists of flags
	said=$(echo "#include \"$name\"" | $CC -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wundef -Werror \
		-fsyntax-only -I"$src" -I"$top_srcdir/bpf" $INCLUDES -x c - 2>&1)
	is "$name compiles alone" "$said" ""
done

done_testing
