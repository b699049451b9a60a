# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash disable=SC2154 # work, repeats: of bench/run
# The kinds of measurement, one function each; arguments are the fields of a suite's row.

# NAME SOURCE OPTIONS PROMISED_BYTES
kind_size() {
	local image kernel root
	image=$(bench_image "$2" "$3") || return 1
	kernel=$(stat -c %s "$image/kernel")
	root=$(stat -c %s "$image/root.erofs")
	row "$1: kernel" "$kernel" "bytes" "$4" "$(verdict "$kernel" '<=' "$4")" "{\"kernel\":$kernel,\"root\":$root}"
	row "$1: root file system" "$root" "bytes" "" "" "$root"
}

# NAME SOURCE OPTIONS PROMISED_KIB UPPER_KIB ARGS
kind_memory() {
	local image low=1024 high=$5 mid tries=() args
	image=$(bench_image "$2" "$3") || return 1
	eval "args=(${6:-})"
	works() { UC_TIMEOUT=60 guest -m "$1K" "$image" -- "${args[@]}" </dev/null >/dev/null 2>&1; }
	works "$high" || return 1
	while [ $((high - low)) -gt 64 ]; do
		mid=$(((low + high) / 2))
		if works "$mid"; then
			high=$mid
			tries+=("[$mid,true]")
		else
			low=$mid
			tries+=("[$mid,false]")
		fi
	done
	row "$1" "$high" "KiB of RAM" "$4" "$(verdict "$high" '<=' "$4")" "$(json_list "${tries[@]}")"
}

# NAME SOURCE OPTIONS FROM TO DIVISOR PROMISED ARGS
kind_instructions() {
	local image program start stop count raw=() i value args name variant
	image=$(bench_image "$2" "$3") || return 1
	IFS=: read -r _ name variant <<<"$2"
	program=$(guest_program "$name" "$variant")
	address() {
		if [ "$1" = entry ]; then
			# the 32-bit physical entry of the PVH note (type 18)
			readelf -n "$image/kernel" | awk '/0x00000012/ { getline; for (i = NF; i > 2; i--) s = s $i; sub(/^0+/, "", s); print "0x" substr(s, length(s) - 7); exit }'
		else
			echo "0x$(nm "$program" | awk -v s="$1" '$3 == s { print $1 }')"
		fi
	}
	start=$(address "$4")
	stop=$(address "$5")
	eval "args=(${8:-})"
	for ((i = 0; i < ${repeats:-3}; i++)); do
		rm -f "$work/count"
		guest -m 64M --qemu-arg -plugin --qemu-arg "$work/count.so,start=$start,stop=$stop,out=$work/count" "$image" -- "${args[@]}" \
			>/dev/null 2>"$work/err" || { cat "$work/err"; return 1; }
		count=$(cat "$work/count") || return 1
		raw+=("$count")
	done
	value=$(awk -v n="$(median "${raw[@]}")" -v d="$6" 'BEGIN { printf d == 1 ? "%d" : "%.2f", n / d }')
	row "$1" "$value" "guest instructions" "$7" "$(verdict "$value" '<=' "$7")" "$(json_list "${raw[@]}")"
}

# NAME SOURCE OPTIONS PLATFORM PROMISED_PROGRAM PROMISED_KERNEL
kind_entropy() {
	local image place bits promised
	image=$(bench_image "$2" "$3") || return 1
	UC_TIMEOUT=900 unicore verify --security --plat "$4" --accel "$UC_ACCEL" --boots "${repeats:-100}" --json "$image" >"$work/secure.json"
	while read -r place bits; do
		promised=$5
		[[ $place != kernel* ]] || promised=$6
		row "$1, $place" "$bits" "bits" "$promised" "$(verdict "$bits" '>=' "$promised")" "$bits"
	done < <(jq -r '.platforms[][] | select(.name | startswith("aslr-")) |
		[(.name | ltrimstr("aslr-")), (.found | capture("^(?<n>[0-9.]+) bits").n)] | join(" ")' "$work/secure.json")
}

# NAME SOURCE OPTIONS PROMISED_RATIO
kind_boot() {
	local image machine cpu i first ours=() theirs=() plain=() a b c ratio
	image=$(bench_image "$2" "$3") || return 1
	machine=$(vmm_option "$image" -M)
	cpu=$(vmm_option "$image" -cpu)
	smallest() { # MACHINE: the same emulator with the smallest guest
		"$work/stopwatch" timeout 30 qemu-system-x86_64 -M "$1" -accel "$UC_ACCEL" \
			-cpu "${cpu:-max}" -m 2M -nodefaults -no-user-config -display none -no-reboot -kernel "$work/pvh" \
			-chardev stdio,id=c -device isa-debugcon,iobase=0xe9,chardev=c -device isa-debug-exit,iobase=0x501 </dev/null
	}
	for ((i = 0; i < ${repeats:-31}; i++)); do
		read -r first _ _ < <(smallest "${machine:-microvm}")
		theirs+=("$first")
		read -r first _ _ < <(smallest microvm)
		plain+=("$first")
		rm -f "$work/mark"
		read -r first _ _ < <(
			export UC_STOPWATCH_FROM=$work/mark
			"$work/stopwatch" env UC_STOPWATCH_MARK="$work/mark" UC_STOPWATCH_EXEC="$(command -v qemu-system-x86_64)" \
				timeout 30 "$UC_BUILD/bin/unicore" run --accel "$UC_ACCEL" -m 2M --qemu "$work/stopwatch" "$image" </dev/null 2>"$work/err"
		)
		[ "${first:--1}" != -1 ] || { cat "$work/err"; return 1; }
		ours+=("$first")
	done
	a=$(median "${ours[@]}")
	b=$(median "${theirs[@]}")
	c=$(median "${plain[@]}")
	ratio=$(quotient "$a" "$b")
	row "$1: execve of QEMU to output" "$(awk -v a="$a" 'BEGIN { printf "%.2f", a / 1e6 }')" "ms" "" "" "$(json_list "${ours[@]}")"
	row "$1: the smallest PVH guest" "$(awk -v a="$b" 'BEGIN { printf "%.2f", a / 1e6 }')" "ms" "" "" "$(json_list "${theirs[@]}")"
	row "$1: the same on a microvm as QEMU makes it" "$(awk -v a="$c" 'BEGIN { printf "%.2f", a / 1e6 }')" "ms" "" "" "$(json_list "${plain[@]}")"
	row "$1: ratio to that" "$(quotient "$a" "$c")" "x" "" ""
	row "$1: ratio" "$ratio" "x the smallest guest" "$4" "$(verdict "$ratio" '<=' "$4")"
}

# NAME SOURCE OPTIONS MEMORY PROMISED_RATIO ARGS
kind_linux() {
	local image i args ours=() theirs=() ns sum a b ratio
	image=$(bench_image "$2" "$3") || return 1
	eval "args=(${6:-})"
	linux_prepare "$image" "${args[@]}" || return 1
	for ((i = 0; i < ${repeats:-5}; i++)); do
		UC_TIMEOUT=300 guest --json -m "$4" -w /tmp "$image" -- "${args[@]}" </dev/null >"$work/out" 2>"$work/err" ||
			{ tail -n 5 "$work/err"; return 1; }
		ours+=("$(tail -n 1 "$work/err" | jq '.run_ms')")
		read -r ns sum < <(linux_run "$image" "$4")
		[ -n "${ns:-}" ] || { echo "the Linux run failed"; return 1; }
		[ "$sum" = "$("$work/stopwatch" sum "$work/out")" ] || echo "  output differs from Linux's"
		theirs+=("$(awk -v n="$ns" 'BEGIN { printf "%.3f", n / 1e6 }')")
	done
	a=$(median "${ours[@]}")
	b=$(median "${theirs[@]}")
	ratio=$(quotient "$b" "$a")
	row "$1" "$ratio" "x as fast as Linux" "$5" "$(verdict "$ratio" '>=' "$5")" \
		"{\"unikernel_ms\":$(json_list "${ours[@]}"),\"linux_ms\":$(json_list "${theirs[@]}")}"
	printf '    %-40s %14s\n' "median ms: unikernel $a" "Linux $b"
}

# The command that is the native side of a suite's source, with what --add puts into the image beside it: sets native_command
# and native_data, the folder that stands for the image's /bench.
native_side() {
	local source=$1 options i from name variant
	native_data=$work/native
	mkdir -p "$native_data"
	read -r -a options <<<"$2"
	for i in "${!options[@]}"; do
		[[ ${options[$i]} == *:/bench/* ]] || continue
		from=${options[$i]%%:*}
		[ "${from#@}" = "$from" ] || from=$work/$from
		ln -sf "$(realpath "$from")" "$native_data/${options[$i]##*/}"
	done
	case $source in
	app:*)
		IFS=: read -r _ name variant <<<"$source"
		native_command=$(guest_program "$name" "$variant")
		;;
	deb:busybox-static) native_command=$(command -v busybox) ;;
	deb:*) native_command=/usr/bin/${source#deb:} ;;
	*) native_command=$source ;;
	esac
	[ -x "$native_command" ] || { echo "  no native $native_command"; return 1; }
}

# One run, in ms or, if METRIC is self, what it printed. sample METRIC COMMAND...
sample() {
	local metric=$1 first end status
	shift
	if [ "$metric" = self ]; then
		timeout 120 "$@" </dev/null 2>"$work/err" || return 1
		return
	fi
	read -r first end status < <("$work/stopwatch" timeout 120 "$@" </dev/null 2>"$work/err")
	[ "${status:-1}" = 0 ] || return 1
	[ "$metric" = start ] || first=$end
	awk -v n="$first" 'BEGIN { printf "%.3f\n", n / 1e6 }'
}

# NAME SOURCE OPTIONS MEMORY PROMISED_RATIO METRIC ARGS
# METRIC: self, the program prints its own measurement; wall, execve to exit; start, execve to the first output.
kind_native() {
	local image args native_args i ours=() theirs=() one a b ratio env=()
	image=$(bench_image "$2" "$3") && native_side "$2" "$3" || return 1
	eval "args=(${7:-})"
	native_args=("${args[@]//\/bench\//$native_data/}")
	for one in "${UC_ENV[@]}"; do env+=(-e "$one"); done
	for ((i = 0; i < ${repeats:-11}; i++)); do
		rm -f /tmp/unicore-bench.*
		one=$(sample "$6" env -i "${UC_ENV[@]}" "$native_command" "${native_args[@]}") || { tail -n 3 "$work/err"; return 1; }
		theirs+=("$one")
		one=$(sample "$6" "$UC_BUILD/bin/unicore" run --plat linux -m "$4" -w /tmp "${env[@]}" "$image" -- "${args[@]}") ||
			{ tail -n 3 "$work/err"; return 1; }
		ours+=("$one")
	done
	rm -f /tmp/unicore-bench.*
	a=$(median "${ours[@]}")
	b=$(median "${theirs[@]}")
	ratio=$(quotient "$b" "$a")
	row "$1" "$ratio" "x as fast as a process" "$5" "$(verdict "$ratio" '>=' "$5")" \
		"{\"unikernel\":$(json_list "${ours[@]}"),\"process\":$(json_list "${theirs[@]}")}"
	printf '    %-40s %14s\n' "median: unikernel $a" "process $b"
}

# Memory of a process, KiB: its proportional share of what is mapped, and of the guest's memory file all that is allocated,
# mapped at the moment or not.
memory_of() {
	local file=0
	[[ $(readlink "/proc/$1/fd/6") != *unicore-ram* ]] || file=$(stat -L -c %b "/proc/$1/fd/6")
	awk -v file="$file" '/^[0-9a-f]+-[0-9a-f]+ / { ram = /unicore-ram/ } $1 == "Pss:" && !ram { s += $2 } END { print s + file / 2 }' \
		"/proc/$1/smaps"
}

# NAME SOURCE OPTIONS MEMORY PROMISED_KIB INSTANCES ARGS
# Idle instances at once, each after its first line of output: memory of the kernel process, and of the runner beside it.
kind_density() {
	local image args i pids=() pid kernel runner count=${repeats:-$6} start end alive=0 each
	image=$(bench_image "$2" "$3") || return 1
	eval "args=(${7:-})"
	rm -rf "$work/idle"
	mkdir -p "$work/idle"
	start=$(date +%s%N)
	for ((i = 0; i < count; i++)); do
		"$UC_BUILD/bin/unicore" run --plat linux -m "$4" "$image" -- "${args[@]}" </dev/null >"$work/idle/$i" 2>&1 &
		pids+=($!)
	done
	for ((i = 0; i < count; i++)); do
		timeout 60 sh -c "until [ -s '$work/idle/$i' ]; do sleep 0.02; done" || break
	done
	end=$(date +%s%N)
	for pid in "${pids[@]}"; do
		i=$(<"/proc/$pid/task/$pid/children") && [ -n "$i" ] || continue
		i=${i%% *}
		alive=$((alive + 1))
		echo "$(memory_of "$i") $(memory_of "$pid")"
	done >"$work/pss"
	kill "${pids[@]}" 2>/dev/null
	wait "${pids[@]}" 2>/dev/null
	[ "$alive" = "$count" ] || { echo "  $alive of $count instances were alive"; return 1; }
	read -r kernel runner < <(awk '{ k += $1; r += $2 } END { printf "%.0f %.0f\n", k / NR, r / NR }' "$work/pss")
	mapfile -t each < <(cut -d' ' -f1 "$work/pss")
	row "$1: memory each" "$kernel" "KiB ($count instances)" "$5" "$(verdict "$kernel" '<=' "$5")" \
		"{\"kernel_kib\":$(json_list "${each[@]}"),\"instances\":$count}"
	row "$1: its runner" "$runner" "KiB" "" "" "$runner"
	row "$1: starts" "$(awk -v n="$count" -v t=$((end - start)) 'BEGIN { printf "%.0f", n * 1e9 / t }')" "a second" "" "" "$((end - start))"
}

# The emulator's command for the Linux guest with a card on @TAP@, in linux_command. Linux measures the clock against a timer that
# a busy host delays, so it is told; room for a second processor makes the emulator's barriers real, as for the unikernel.
linux_on_tap() { # MEMORY CPU
	local kernel khz
	kernel=$(linux_kernel) || return 1
	khz=$(awk -F= '$1 == "tsc_hz" { printf "%d", $2 / 1000 }' "${XDG_CACHE_HOME:-$HOME/.cache}/unicore/host")
	linux_command=(qemu-system-x86_64 -M "microvm,acpi=on,pcie=off,ioapic2=off,pit=on,pic=on,rtc=on" -accel "$UC_ACCEL" -cpu "$2"
		-smp "1,cores=2,maxcpus=2" -m "$1" -nodefaults -no-user-config -display none -no-reboot -global virtio-mmio.force-legacy=false -kernel "$kernel"
		-initrd "$work/initrd" -append "console=ttyS0 quiet panic=-1 reboot=t tsc=reliable clocksource=tsc${khz:+ tsc_early_khz=$khz}" -serial stdio -netdev "tap,id=n0,script=no,downscript=no,ifname=@TAP@" -device "virtio-net-device,netdev=n0")
}

# NAME SOURCE OPTIONS ARGS PORT PROMISED_RATIO CLIENT
# A server on a tap, 256 MB, against the same under Linux: both run at once, the client asks them by turns.
kind_net() {
	local image args cpu linux_command own=(-rn) side value ours=() theirs=() a b ratio
	image=$(bench_image "$2" "$3") || return 1
	eval "args=($4)"
	linux_address=192.0.2.2 linux_prepare "$image" "${args[@]}" || return 1
	cpu=$(vmm_option "$image" -cpu)
	linux_on_tap 256M "${cpu:-max}" || return 1
	while read -r side value; do
		case $side in
		u) ours+=("$value") ;;
		l) theirs+=("$value") ;;
		esac
	done < <(unshare "${own[@]}" bench/lib/net-pair "$5" "${repeats:-5}" "$7" "$UC_BUILD/bin/unicore" run --accel "$UC_ACCEL" -m 256M -w /tmp \
		--net tap:@TAP@ --ip 192.0.1.2/24 "$image" -- "${args[@]}" --- "${linux_command[@]}" 2>"$work/net.log")
	[ ${#theirs[@]} = "${repeats:-5}" ] || { tail -n 5 "$work/net.log"; return 1; }
	a=$(median "${ours[@]}")
	b=$(median "${theirs[@]}")
	ratio=$(quotient "$a" "$b")
	row "$1" "$ratio" "x as fast as Linux" "$6" "$(verdict "$ratio" '>=' "$6")" \
		"{\"unikernel\":$(json_list "${ours[@]}"),\"linux\":$(json_list "${theirs[@]}")}"
	printf '    %-40s %14s\n' "median a second: unikernel $a" "Linux $b"
}

# NAME SOURCE OPTIONS PROMISED_RATIO PROMISED_MS TEXT ARGS
# Time from execve (of unicore, of QEMU) to the line of a server's output with TEXT, against the same under Linux, 256 MB.
kind_ready() {
	local image args cpu linux_command i one ours=() theirs=() a b ratio
	image=$(bench_image "$2" "$3") || return 1
	eval "args=($7)"
	linux_address=192.0.2.2 linux_prepare "$image" "${args[@]}" || return 1
	cpu=$(vmm_option "$image" -cpu)
	linux_on_tap 256M "${cpu:-max}" || return 1
	linux_command=("${linux_command[@]//tap,id=n0,*/user,id=n0}")
	for ((i = 0; i < ${repeats:-5}; i++)); do
		one=$("$work/stopwatch" until "$6" timeout 60 "$UC_BUILD/bin/unicore" run --accel "$UC_ACCEL" -m 256M -w /tmp --net user "$image" -- \
			"${args[@]}" </dev/null 2>"$work/err") || { tail -n 3 "$work/err"; return 1; }
		ours+=("$(awk -v n="$one" 'BEGIN { printf "%.1f", n / 1e6 }')")
		one=$("$work/stopwatch" until "$6" timeout 60 "${linux_command[@]}" </dev/null 2>"$work/err") || { echo "  the Linux run failed"; return 1; }
		theirs+=("$(awk -v n="$one" 'BEGIN { printf "%.1f", n / 1e6 }')")
	done
	a=$(median "${ours[@]}")
	b=$(median "${theirs[@]}")
	ratio=$(quotient "$a" "$b")
	row "$1: against Linux" "$ratio" "x the time" "$4" "$(verdict "$ratio" '<=' "$4")" \
		"{\"unikernel_ms\":$(json_list "${ours[@]}"),\"linux_ms\":$(json_list "${theirs[@]}")}"
	row "$1" "$a" "ms (Linux $b)" "$5" "$(verdict "$a" '<=' "$5")" "$(json_list "${ours[@]}")"
}

# NAME SOURCE OPTIONS PROMISED_KIB UPPER_KIB ARGS
# The least RAM in which redis takes 10 000 keys.
kind_netmemory() {
	local image args low=2048 high=$5 mid tries=()
	image=$(bench_image "$2" "$3") || return 1
	eval "args=($6)"
	works() {
		unshare -rn bench/lib/net-one 6379 timeout 30 python3 bench/lib/redis-keys.py 10000 --- timeout 60 "$UC_BUILD/bin/unicore" run --accel "$UC_ACCEL" -m "$1K" -w /tmp --net tap:uc1 \
			--ip 192.0.1.2/24 "$image" -- "${args[@]}" 2>"$work/err"
	}
	works "$high" || return 1
	while [ $((high - low)) -gt 256 ]; do
		mid=$(((low + high) / 2))
		if works "$mid"; then high=$mid; else low=$mid; fi
		tries+=("[$mid,$((high == mid))]")
	done
	row "$1" "$high" "KiB of RAM" "$4" "$(verdict "$high" '<=' "$4")" "$(json_list "${tries[@]}")"
}

# NAME SOURCE OPTIONS ARGS PORT REQUESTS PROMISED CLIENT
kind_netinstructions() {
	local image args client i value raw=()
	image=$(bench_image "$2" "$3") || return 1
	eval "args=($4)"
	read -r -a client <<<"$8"
	for ((i = 0; i < ${repeats:-3}; i++)); do
		rm -f "$work/count"
		value=$(unshare -rn bench/lib/net-one "$5" bench/lib/net-count "$work/count" bench/lib/net-client "${client[@]}" --- \
			timeout 300 "$UC_BUILD/bin/unicore" run --accel "$UC_ACCEL" -m 256M -w /tmp --net tap:uc1 --ip 192.0.1.2/24 \
			--qemu-arg -plugin --qemu-arg "$work/count.so,live=$work/count" "$image" -- "${args[@]}" 2>"$work/err") || { tail -n 3 "$work/err"; return 1; }
		raw+=($((value / $6)))
	done
	value=$(median "${raw[@]}")
	row "$1" "$value" "guest instructions" "$7" "$(verdict "$value" '<=' "$7")" "$(json_list "${raw[@]}")"
}
