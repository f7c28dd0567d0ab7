# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels of Debian's, fetched by the system's apt from the mirror it knows, but with sources, lists
# and a status of their own, so that the system's stay as they are.
# shellcheck shell=sh

# kernel_mirror: the one the system is installed from
kernel_mirror() {
	# shellcheck disable=SC2016 # apt expands
	apt-get indextargets --format '$(LABEL) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
		awk '$1 == "Debian" && $2 == "main" { print $3; exit }'
}

# kernel_apt DIR COMMAND...: apt-COMMAND with the sources of a directory
kernel_apt() {
	apt_dir=$1 apt_command=$2
	shift 2
	"apt-$apt_command" -q -o Dir::Etc::SourceList="$apt_dir/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null -o Dir::State="$apt_dir/state" \
		-o Dir::State::Status=/dev/null -o Dir::Cache="$apt_dir/cache" \
		-o APT::Sandbox::User=root -o Acquire::Languages=none "$@" 2>>"$apt_dir/log"
}

# kernel_fetch DIR SUITE PACKAGE: the package that a package without a version depends on, unpacked
# in DIR/kernel; a reason on stdout where that does not work
kernel_fetch() {
	apt=$1/apt suite=$2 meta=$3
	rm -rf "$1"
	mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$1/kernel" || return
	command -v apt-get >/dev/null && command -v dpkg >/dev/null || {
		echo "needs the commands apt-get and dpkg"
		return 1
	}
	mirror=$(kernel_mirror)
	[ -n "$mirror" ] || {
		echo "apt knows no mirror of Debian"
		return 1
	}
	keys=/usr/share/keyrings/debian-archive-keyring.gpg
	echo "deb [arch=amd64 signed-by=$keys] $mirror $suite main" >"$apt/sources.list"
	# "update" succeeds where a mirror does not answer
	kernel_apt "$apt" get update >"$apt/update" &&
		package=$(kernel_apt "$apt" cache show "$meta" |
			sed -n 's/^Depends: \(linux-image-[^ ,]*\).*/\1/p' | head -n 1) &&
		[ -n "$package" ] || {
		echo "apt finds no $meta of $suite"
		return 1
	}
	(cd "$1" && kernel_apt "$apt" get download "$package" >"$apt/download") || {
		echo "apt cannot download $package"
		return 1
	}
	dpkg -x "$1/$package"_*.deb "$1/kernel" && rm -f "$1/$package"_*.deb &&
		# where modprobe looks below a directory
		{ [ -e "$1/kernel/lib/modules" ] || ln -s usr/lib "$1/kernel/lib"; } &&
		depmod -b "$1/kernel" "$(kernel_release "$1/kernel")" || {
		echo "cannot unpack $package"
		return 1
	}
	rm -rf "$apt"
}

kernel_release() { basename "$1"/lib/modules/*; }

# kernel_get CACHE SUITE PACKAGE: prints the directory of the kernel, or why there is none
kernel_get() (
	get_dir=$1/$2-$3
	mkdir -p "$1" && exec 9>"$1/lock" && flock 9 || exit
	if [ ! -e "$get_dir/complete" ]; then
		kernel_fetch "$get_dir" "$2" "$3" || exit
		touch "$get_dir/complete"
	fi
	cd "$get_dir/kernel" && pwd
)

# kernel_modules KERNEL DIR MODULE...: copies of the modules and of what they need, named in the
# order to load them in
kernel_modules() {
	modules_kernel=$1 modules_dir=$2
	shift 2
	for module in "$@"; do
		# those that are built in are none
		modprobe -d "$modules_kernel" -S "$(kernel_release "$modules_kernel")" \
			--show-depends "$module" 2>/dev/null
	done | awk '$1 == "insmod" && !seen[$2]++ { printf "%03d %s\n", ++n, $2 }' |
		while read -r n file; do
			case $file in
			*.xz) xz -dc "$file" ;;
			*) cat "$file" ;;
			esac >"$modules_dir/$n-$(basename "${file%.xz}")" || return
		done
}
