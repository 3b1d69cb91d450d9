#!/bin/sh
# Builds for musl, on Debian: first what is needed from Debian's source packages, then the tarball; and
# runs all tests. Needs musl-tools, cmake, dpkg-dev, autoconf, libtool, and the network. The TLS
# library is the small static one.
#
#   musl.sh TARBALL [CHECK]      (of `make dist`; CHECK: a target, check where none is named)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
minimal=$here/../../libsrc/wolfssl-minimal.sh
tarball=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
target=${2-check}
work=$(mktemp -d "${TMPDIR:-/var/tmp}/ucmail-musl.XXXXXX")
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix
host=$(dpkg-architecture -q DEB_HOST_GNU_CPU)-linux-musl
jobs=$(getconf _NPROCESSORS_ONLN)

# The sources that belong to the system's packages, without a change to its configuration.
fetch()
{
    mkdir -p apt/sources apt/lists/partial || return
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.sources; do
        case $file in
        *.list) [ ! -e "$file" ] || sed -n 's/^deb /deb-src /p' "$file" >>apt/sources/all.list ;;
        *) [ ! -e "$file" ] || sed 's/^Types: deb$/Types: deb-src/' "$file" >>apt/sources/all.sources ;;
        esac
    done
    set -- -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$work/apt/sources" \
        -o "Dir::State::Lists=$work/apt/lists" -o APT::Sandbox::User=root
    apt-get -qq "$@" update &&
        apt-get -qq "$@" source zlib jansson cmocka libxml2 libzip wolfssl
}

# A system of musl has these beside its C library.
kernel_headers()
{
    mkdir kernel &&
        ln -s /usr/include/linux /usr/include/asm-generic "/usr/include/$(dpkg-architecture -q \
            DEB_HOST_MULTIARCH)/asm" kernel/
}

autotools()
{
    (cd "$1"-*/ && shift && autoreconf -fi &&
        ./configure --host="$host" --prefix="$prefix" --disable-shared "$@" &&
        make -j"$jobs" install)
}

with_cmake()
{
    library=$1
    shift
    cmake -S "$library"-*/ -B "build-$library" -DCMAKE_C_COMPILER=musl-gcc \
        -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib "$@" &&
        make -C "build-$library" -j"$jobs" install
}

libraries()
{
    CC=musl-gcc CFLAGS='-O2 -g -fPIC'
    export CC CFLAGS
    (cd zlib-*/ && ./configure --static --prefix="$prefix" && make -j"$jobs" install) &&
        autotools jansson &&
        autotools libxml2 --without-python --without-lzma --without-zlib --without-iconv &&
        with_cmake cmocka -DWITH_EXAMPLES=OFF &&
        with_cmake libzip -DBUILD_SHARED_LIBS=OFF -DENABLE_BZIP2=OFF -DENABLE_LZMA=OFF \
            -DENABLE_ZSTD=OFF -DENABLE_OPENSSL=OFF -DENABLE_GNUTLS=OFF -DENABLE_MBEDTLS=OFF \
            -DBUILD_TOOLS=OFF -DBUILD_REGRESS=OFF -DBUILD_EXAMPLES=OFF -DBUILD_DOC=OFF \
            -DZLIB_LIBRARY="$prefix/lib/libz.a" -DZLIB_INCLUDE_DIR="$prefix/include" &&
        env -u CFLAGS "$minimal" "$prefix" "$work"/wolfssl-*/ &&
        rm -f "$prefix"/lib/*.la
}

project()
{
    tar -xf "$tarball" && cd "$(basename "$tarball" .tar.xz)" &&
        PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig ./configure --host="$host" CC=musl-gcc --enable-werror \
            --with-wolfssl-static="$prefix" --with-agent-kind=unix-x64-linux \
            PKG_CONFIG='pkg-config --static' CPPFLAGS="-idirafter $work/kernel" \
            CMOCKA_CFLAGS="-isystem $prefix/include" \
            CMOCKA_LIBS="-L$prefix/lib -Wl,-rpath,$prefix/lib -lcmocka" &&
        make -j"$jobs" && make -k "$target"
}

step()
{
    echo "$1"
    (cd "$work" && "$2") >"$work/$2.log" 2>&1 || {
        grep -E '^(FAIL|ERROR)|[Ee]rror:' "$work/$2.log" >&2 || tail -n 30 "$work/$2.log" >&2
        exit 1
    }
}

step 'fetch sources' fetch
step 'headers of the kernel' kernel_headers
step 'build libraries' libraries
step 'build and test' project
file "$work"/ucmail-*/libsrc/.libs/libucmail.so.0.0.0 | sed 's/.*: /  /'
sed -n 's/^# \([A-Z]*: *[0-9]*\)$/  \1/p' "$work/project.log"
