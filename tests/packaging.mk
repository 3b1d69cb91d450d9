# Packages. `make deb-check` is not part of `make check`: it takes minutes, and the network for a clean
# system. The packaging itself is not in the tarball: distributions bring theirs.
deb-check: dist
	$(top_srcdir)/tests/packaging/debian.sh $(distdir).tar.xz
.PHONY: deb-check rpm-check

# The services among the examples, where a real systemd is the first process.
boot-check: dist
	$(top_srcdir)/tests/packaging/boot.sh $(distdir).tar.xz
.PHONY: boot-check

rpm-check: dist
	$(top_srcdir)/tests/packaging/rpm.sh $(distdir).tar.xz

# For another C library, from the distribution's sources.
musl-check: dist
	$(top_srcdir)/tests/packaging/musl.sh $(distdir).tar.xz
.PHONY: musl-check

# In a clean system: `make system-check SUITE=trixie MACHINE=arm64 COMPILER=clang TARGET=check-unit`, as root.
system-check: dist
	SUITE='$(SUITE)' MACHINE='$(MACHINE)' COMPILER='$(COMPILER)' TARGET='$(TARGET)' \
		$(top_srcdir)/tests/packaging/system.sh $(distdir).tar.xz $(CONFIGURE_ARGUMENTS)
.PHONY: system-check

# Whether the tarball is the same elsewhere, and needs nothing to build.
dist-check: dist
	$(top_srcdir)/tests/packaging/dist.sh $(distdir).tar.xz
.PHONY: dist-check

# Leaves an APKBUILD with the checksum of this tarball.
apk-check: dist
	$(top_srcdir)/tests/packaging/alpine.sh $(distdir).tar.xz APKBUILD
.PHONY: apk-check
