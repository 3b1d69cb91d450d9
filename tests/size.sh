#!/bin/sh
# Prints what the library costs: its object files by section, the stripped library, and the bytes of
# every object that a process maps with it. Fails where the stripped library passes its ceiling.
#
# Usage: size.sh CEILING LIBRARY OBJECT.lo...
set -eu

ceiling=$1 library=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

printf '%-32s %8s %8s %8s %8s\n' object text rodata relro total
for object; do
	name=$(basename "$object" .lo)
	size -A -d "$(dirname "$object")/.libs/$name.o" | awk -v name="${name#lib*_la-}" '
		/^\.text/ { text += $2 }
		/^\.rodata/ { rodata += $2 }
		/^\.data/ { relro += $2 }
		END { printf "%-32s %8d %8d %8d %8d\n", name, text, rodata, relro, text + rodata + relro }'
done | sort -k5,5nr
echo

strip -o "$work/library" "$library"
size -A -d "$work/library" | awk '$2 >= 256 && $1 ~ /^\./ { printf "%-32s %8d\n", $1, $2 }'
echo

# Each line of ldd names a file before its "(address)".
for file in $(ldd "$library" | awk '{ for (i = 1; i < NF; i++) if ($i ~ /^\//) print $i }'); do
	printf '%9d %s\n' "$(wc -c < "$(readlink -f "$file")")" "$file"
done > "$work/closure"
bytes=$(wc -c < "$work/library")
printf '%9d %s\n' "$bytes" "libucmail, stripped" >> "$work/closure"
awk '{ print; sum += $1 } END { printf "%9d all that a process maps\n\n", sum }' "$work/closure"

echo "stripped library: $bytes bytes, ceiling $ceiling"
[ "$bytes" -le "$ceiling" ]
