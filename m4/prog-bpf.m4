# SPDX-License-Identifier: GPL-2.0-or-later
# PROG_BPF: finds clang and bpftool and makes a skeleton of a small program with them, as the build
# will. Sets CLANG, BPFTOOL and BPF_SYS, the include directories of clang's own target, which it
# leaves out when it compiles for BPF. Call it after libbpf was found.
AC_DEFUN([PROG_BPF], [
AC_ARG_VAR([CLANG], [compiler for the BPF programs])
AC_ARG_VAR([BPFTOOL], [bpftool, which makes the skeletons])
AC_ARG_VAR([BPF_CFLAGS], [flags for the BPF programs, after the usual ones])

AC_PATH_PROGS([CLANG],
	[clang clang-21 clang-20 clang-19 clang-18 clang-17 clang-16 clang-15 clang-14])
AS_IF([test -z "$CLANG"],
	[AC_MSG_ERROR([clang is missing, it compiles the BPF programs (Debian package: clang)])])
AC_PATH_PROGS([BPFTOOL], [bpftool], [], [$PATH:/usr/local/sbin:/usr/sbin:/sbin])
AS_IF([test -z "$BPFTOOL"],
	[AC_MSG_ERROR([bpftool is missing, it makes the skeletons (Debian package: bpftool)])])

AC_MSG_CHECKING([for the include directories of $CLANG])
BPF_SYS=`LC_ALL=C $CLANG -v -E - </dev/null 2>&1 | sed -n \
	'/^#include <.*search starts here:/,/^End of search list/s|^ \(/.*\)|-idirafter \1|p' |
	tr '\n' ' '`
AC_MSG_RESULT([${BPF_SYS:-none}])
AC_SUBST([BPF_SYS])

# The registers that hold the arguments of a function, for kprobes: names as in bpf_tracing.h.
BPF_ARCH=`$CC -dumpmachine | sed 's/-.*//
	s/^x86_64$/x86/; s/^i[[3-6]]86$/x86/; s/^aarch64$/arm64/; s/^arm[[^6]].*$/arm/
	s/^s390x$/s390/; s/^powerpc.*/powerpc/; s/^mips.*/mips/; s/^riscv.*/riscv/
	s/^loongarch.*/loongarch/; s/^sparc.*/sparc/'`
AC_SUBST([BPF_ARCH])

AC_MSG_CHECKING([whether $CLANG compiles for BPF])
cat >conftest.bpf.c <<_ACEOF
#include <linux/types.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("tc") int on_packet(struct __sk_buff *skb)
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&counts, &key);

	if (count)
		*count += skb->len;
	return -1;
}

char license_text[[]] SEC("license") = "GPL";
_ACEOF
AS_IF([$CLANG -target bpf -mcpu=v3 -g -O2 $LIBBPF_CFLAGS $BPF_SYS $BPF_CFLAGS \
	-c -o conftest.bpf.o conftest.bpf.c >&AS_MESSAGE_LOG_FD 2>&1],
	[AC_MSG_RESULT([yes])],
	[AC_MSG_RESULT([no])
	AC_MSG_ERROR([$CLANG cannot compile a BPF program, see config.log; install clang 11 or newer and the headers of libbpf and of the kernel (Debian packages: clang libbpf-dev linux-libc-dev), or name another compiler with CLANG=...])])

AC_MSG_CHECKING([whether $BPFTOOL makes skeletons])
AS_IF([$BPFTOOL gen object conftest.linked.o conftest.bpf.o >&AS_MESSAGE_LOG_FD 2>&1 &&
	$BPFTOOL gen skeleton conftest.linked.o name conftest_bpf >conftest.skel.h \
		2>&AS_MESSAGE_LOG_FD &&
	grep conftest_bpf__open conftest.skel.h >/dev/null],
	[AC_MSG_RESULT([yes])],
	[AC_MSG_RESULT([no])
	AC_MSG_ERROR([$BPFTOOL cannot make a skeleton from a BPF object, see config.log; install bpftool 5.13 or newer (Debian package: bpftool; Ubuntu: linux-tools-generic), or name another one with BPFTOOL=...])])
rm -f conftest.bpf.c conftest.bpf.o conftest.linked.o conftest.skel.h
])
