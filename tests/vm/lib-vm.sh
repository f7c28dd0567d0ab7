# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests that run others in a virtual machine with another kernel: such a file names
# a kernel and lists the tests. Their results become those of this test.
#
#	vm_kernel SUITE PACKAGE		a kernel of Debian's
#	vm_cgroups v2|hybrid|v1		v2 without this
#	vm_test TEST [SKIP]...		what may be skipped there, as patterns of awk
#	vm_rest [SKIP]...		all others of the network, with PKTOP_VM_ALL=1 alone
#	vm_run
#
# The lists are short enough for every change: emulation takes ten times as long. What they have is
# what only such a kernel can show; the rest is what could break there.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/lib.sh"
. "$top_srcdir/tests/vm/kernel.sh"

# where kernels are kept; nothing is fetched twice
vm_cache=${PKTOP_VM_CACHE:-$top_builddir/tests/vm/cache}
# Emulation by default: what a kernel can do must not depend on the machine that tries it. Both
# processors in one thread, since with two a breakpoint that the kernel puts where it changes its
# own code (text_poke_bp() in Linux) can be met after it was taken back, which is a panic.
vm_accel=${PKTOP_VM_ACCEL:-tcg,thread=single}
vm_cgroups=v2
# Seconds for a test, of which none takes a quarter of that on a processor of its own: what takes
# longer hangs, and so does a machine that is silent for as long.
vm_limit=1800

need_root
[ "$(uname -m)" = x86_64 ] || skip_all "runs what is built here, with kernels for x86_64"
need_command awk busybox cpio depmod flock gzip modprobe qemu-system-x86_64 timeout xz
# from qemu itself, or a package of its own
for vm_fs in /usr/lib/qemu/virtiofsd /usr/libexec/virtiofsd; do
	[ -x "$vm_fs" ] && break
done
[ -x "$vm_fs" ] || skip_all "needs the command virtiofsd"

vm_dir=$(mktemp -d "${TMPDIR:-/tmp}/vm.XXXXXX") || exit 1
vm_pids=
vm_clean_up() {
	for pid in $vm_pids; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$vm_dir"
}
trap vm_clean_up EXIT
trap 'exit 1' HUP INT TERM
mkdir "$vm_dir/root"
touch "$vm_dir/tests" "$vm_dir/skips" "$vm_dir/results"

# A kernel that cannot be had is a reason to skip, but for the suites that must be there.
vm_kernel() {
	if ! vm_kernel_dir=$(kernel_get "$vm_cache" "$1" "$2"); then
		case " ${PKTOP_VM_REQUIRED-} " in
		*" $1 "*)
			fail "a kernel of $1: $vm_kernel_dir"
			done_testing
			;;
		esac
		skip_all "$vm_kernel_dir"
	fi
}

vm_cgroups() { vm_cgroups=$1; }

vm_test() {
	echo "$vm_limit $1" >>"$vm_dir/tests"
	vm_name=$1
	shift
	for vm_skip in "$@"; do
		printf '%s %s\n' "$vm_name" "$vm_skip" >>"$vm_dir/skips"
	done
}

# But for containers, whose file systems the kernel may not have.
vm_rest() {
	[ -n "${PKTOP_VM_ALL-}" ] || return 0
	for vm_file in "$top_srcdir"/tests/check.sh "$top_srcdir"/tests/vm/cgroups.sh \
		"$top_srcdir"/tests/netns/*.sh; do
		vm_file=${vm_file#"$top_srcdir"/}
		case $vm_file in
		*/lib-netns.sh | */container.sh) continue ;;
		esac
		grep -q " $vm_file\$" "$vm_dir/tests" || vm_test "$vm_file" "$@"
	done
}

# What the machine starts with: the modules for its root directory, and what to do there.
vm_initramfs() {
	mkdir -p "$vm_dir/root/bin" "$vm_dir/root/modules" "$vm_dir/root/plan"
	for mount in dev proc sys lower upper new; do
		mkdir "$vm_dir/root/$mount"
	done
	cp "$(command -v busybox)" "$vm_dir/root/bin/" &&
		cp "$top_srcdir/tests/vm/init.sh" "$vm_dir/root/init" &&
		chmod 755 "$vm_dir/root/init" &&
		cp "$vm_dir/tests" "$vm_dir/root/plan/" || return
	{
		echo "top_srcdir='$(cd "$top_srcdir" && pwd)'"
		echo "top_builddir='$(cd "$top_builddir" && pwd)'"
		echo "kernel_dir='$vm_kernel_dir'"
		echo "cgroups='$vm_cgroups'"
	} >"$vm_dir/root/plan/settings"
	kernel_modules "$vm_kernel_dir" "$vm_dir/root/modules" virtio_pci virtiofs overlay &&
		(cd "$vm_dir/root" && find . | cpio -o -H newc --quiet | gzip -1) \
			>"$vm_dir/initramfs"
}

# Starts the machine, vm_qemu.
vm_boot() {
	"$vm_fs" --socket-path="$vm_dir/socket" -o source=/ -o cache=always -o sandbox=chroot \
		>"$vm_dir/virtiofsd" 2>&1 &
	vm_pids="$vm_pids $!"
	wait_for 20 test -S "$vm_dir/socket" || {
		sed 's/^/# virtiofsd: /' "$vm_dir/virtiofsd"
		return 1
	}
	# Without cx16 since QEMU 7.2 emulates cmpxchg16b wrongly: Linux 6.12 panics now and then.
	qemu-system-x86_64 -accel "$vm_accel" -cpu max,-cx16 -M q35 \
		-smp 2 -m 1280 -nodefaults -no-user-config -display none -no-reboot \
		-kernel "$vm_kernel_dir"/boot/vmlinuz-* -initrd "$vm_dir/initramfs" \
		-append "console=ttyS0 quiet oops=panic panic=-1 mitigations=off tsc=reliable" \
		-object memory-backend-memfd,id=memory,size=1280M,share=on \
		-machine memory-backend=memory \
		-chardev socket,id=root,path="$vm_dir/socket" \
		-device vhost-user-fs-pci,chardev=root,tag=root -device virtio-rng-pci \
		-serial "file:$vm_dir/console" -serial "file:$vm_dir/results" \
		>"$vm_dir/qemu" 2>&1 </dev/null &
	vm_qemu=$!
	vm_pids="$vm_pids $vm_qemu"
}

# Sets vm_status to the one of qemu, or to "hangs".
vm_wait() {
	vm_size=0 vm_silent=0
	while kill -0 "$vm_qemu" 2>/dev/null; do
		sleep 1
		vm_silent=$((vm_silent + 1))
		if [ "$(wc -c <"$vm_dir/results")" != "$vm_size" ]; then
			vm_size=$(wc -c <"$vm_dir/results") vm_silent=0
		elif [ "$vm_silent" -gt $((vm_limit + 30)) ]; then
			kill "$vm_qemu"
			wait "$vm_qemu"
			vm_status=hangs
			return
		fi
	done
	vm_status=0
	wait "$vm_qemu" || vm_status=$?
}

vm_run() {
	if ! vm_initramfs || ! vm_boot; then
		fail "starting a virtual machine"
		done_testing
	fi
	vm_wait
	touch "$vm_dir/console"
	awk -v status="$vm_status" -f "$top_srcdir/tests/vm/results.awk" \
		"$vm_dir/skips" "$vm_dir/results"
	vm_failed=$?
	if ! grep -q '^## done' "$vm_dir/results"; then
		sed 's/^/# qemu: /' "$vm_dir/qemu"
		tail -n 40 "$vm_dir/console" | tr -d '\r' | sed 's/^/# console: /'
	fi
	exit "$vm_failed"
}
