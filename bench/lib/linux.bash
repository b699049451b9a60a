# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2154 # work: of bench/run
# The other side of the comparison: Debian's cloud kernel with the image's own files as its root.

# The modules of a network card, in the order of loading.
linux_modules=(virtio_ring virtio virtio_mmio failover net_failover virtio_net)

# Prints the path of the kernel, taken from the package that linux-image-cloud-amd64 stands for; modules lie beside it.
linux_kernel() {
	local dir=$UC_BUILD/cache/linux package m patterns=('./boot/vmlinuz-*')
	if [ ! -s "$dir/vmlinuz" ] || [ ! -s "$dir/virtio_net.ko" ]; then
		mkdir -p "$dir"
		package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p' | head -n 1)
		[ -n "$package" ] || { echo "bench: no cloud kernel in the package sources (apt-get update?)" >&2 && return 1; }
		for m in "${linux_modules[@]}"; do patterns+=("*/$m.ko"); done
		(cd "$dir" && apt-get -qq -o APT::Sandbox::User=root download "$package" && dpkg-deb --fsys-tarfile "$package"_*.deb |
			tar -x --wildcards --transform='s,.*/,,;s,^vmlinuz-.*,vmlinuz,' "${patterns[@]}" && rm -f ./*.deb) >&2 || return 1
	fi
	echo "$dir/vmlinuz"
}

# TREE ADDRESS: what the first program needs to set up a card.
linux_network() {
	local i kernel
	kernel=$(linux_kernel) || return 1
	mkdir -p "$1/uc-modules"
	printf '%s\n' "$2" 255.255.255.0 >"$1/uc-net"
	for i in "${!linux_modules[@]}"; do cp "${kernel%/*}/${linux_modules[$i]}.ko" "$1/uc-modules/$i.ko" || return 1; done
}

# linux_prepare IMAGE ARGS...: $work/initrd with the image's files, the same program, arguments and environment. With
# linux_address set the guest has a network card with that address.
linux_prepare() {
	local image=$1 tree=$work/linux-root e exec
	shift
	rm -rf "$tree"
	fsck.erofs --extract="$tree" --overwrite --no-preserve "$image/root.erofs" >/dev/null 2>&1 ||
		fsck.erofs --extract="$tree" "$image/root.erofs" >/dev/null || return 1
	rm -rf "$tree/.unicore"
	chmod -R u+rwX "$tree"
	cp "$work/linux-init" "$tree/init"
	exec=$(jq -r .exec "$image/image.json")
	{
		echo /tmp
		mapfile -t env < <(jq -r '.env[]? // empty' "$image/image.json")
		for e in "${UC_ENV[@]}"; do env+=("$e"); done
		echo "${#env[@]}"
		printf '%s\n' "${env[@]}"
		echo $(($# + 1))
		printf '%s\n' "$exec" "$@"
	} >"$tree/uc-bench"
	[ -z "${linux_address:-}" ] || linux_network "$tree" "$linux_address" || return 1
	(cd "$tree" && find . -print0 | cpio -0 -o -H newc -R 0:0 2>/dev/null) >"$work/initrd"
}

# linux_run IMAGE MEMORY: prints ns and the sum of the output. The initial file system costs Linux RAM twice while it is
# unpacked, so Linux gets that much more.
linux_run() {
	local cpu mem kernel
	kernel=$(linux_kernel) || return 1
	cpu=$(vmm_option "$1" -cpu)
	mem=$(($(numfmt --from=iec "$2") / 1048576 + 2 * $(stat -c %s "$work/initrd") / 1048576 + 96))
	local ns
	ns=$("$work/stopwatch" between 'UCBENCH START' 'UCBENCH END' timeout -k 5 400 qemu-system-x86_64 -M q35 -accel "$UC_ACCEL" \
		-cpu "${cpu:-max}" -m "${mem}M" -nodefaults -no-user-config -display none -no-reboot -kernel "$kernel" \
		-initrd "$work/initrd" -append 'console=ttyS0 quiet panic=-1 reboot=t tsc=reliable clocksource=tsc' \
		-serial stdio </dev/null 2>"$work/linux.log")
	tr -d '\r' <"$work/linux.log" | awk -v ns="$ns" '/UCBENCH RESULT 0 / && ns > 0 { sub(/.*RESULT 0 /, ""); print ns, $1; exit }'
}
