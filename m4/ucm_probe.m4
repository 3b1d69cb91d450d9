# UCM_PROBE_CFLAGS(VARIABLE, FLAGS): appends those flags that the compiler knows.
# -Werror makes clang refuse the warnings that it does not know.
AC_DEFUN([UCM_PROBE_CFLAGS], [
  ucm_probe_saved=$CFLAGS
  for ucm_flag in $2; do
    AS_VAR_PUSHDEF([ucm_cache], [ucm_cv_cflag_$ucm_flag])
    AC_CACHE_CHECK([whether $CC takes $ucm_flag], [ucm_cache], [
      CFLAGS="$ucm_probe_saved -Werror $ucm_flag"
      AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
        [AS_VAR_SET([ucm_cache], [yes])], [AS_VAR_SET([ucm_cache], [no])])])
    AS_VAR_IF([ucm_cache], [yes], [$1="$$1 $ucm_flag"])
    AS_VAR_POPDEF([ucm_cache])
  done
  CFLAGS=$ucm_probe_saved
  AC_SUBST([$1])
])

# UCM_PROBE_LDFLAGS(VARIABLE, FLAGS): the same for the linker.
AC_DEFUN([UCM_PROBE_LDFLAGS], [
  ucm_probe_saved=$LDFLAGS
  for ucm_flag in $2; do
    AS_VAR_PUSHDEF([ucm_cache], [ucm_cv_ldflag_$ucm_flag])
    AC_CACHE_CHECK([whether the linker takes $ucm_flag], [ucm_cache], [
      LDFLAGS="$ucm_probe_saved $ucm_flag"
      AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
        [AS_VAR_SET([ucm_cache], [yes])], [AS_VAR_SET([ucm_cache], [no])])])
    AS_VAR_IF([ucm_cache], [yes], [$1="$$1 $ucm_flag"])
    AS_VAR_POPDEF([ucm_cache])
  done
  LDFLAGS=$ucm_probe_saved
  AC_SUBST([$1])
])

# UCM_PROBE_FORTIFY(VARIABLE): fortified calls need optimisation, and must not fight with a level
# that the user or the compiler has set already.
AC_DEFUN([UCM_PROBE_FORTIFY], [
  ucm_probe_saved=$CFLAGS
  CFLAGS="$CFLAGS $OPTIMISE_SPEED"
  AC_CACHE_CHECK([whether fortified calls can be added], [ucm_cv_fortify], [
    AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
      #if defined(_FORTIFY_SOURCE) || !defined(__OPTIMIZE__)
      #error not here
      #endif
      int ucm_nothing;]])], [ucm_cv_fortify=yes], [ucm_cv_fortify=no])])
  CFLAGS=$ucm_probe_saved
  AS_IF([test "x$ucm_cv_fortify" = xyes -a "x$enable_sanitizers" = xno],
    [$1="$$1 -D_FORTIFY_SOURCE=2"])
])

# UCM_FORTIFIED: whether what is built calls checked functions: not every C library has them.
AC_DEFUN([UCM_FORTIFIED], [
  ucm_probe_saved=$CFLAGS
  CFLAGS="$CFLAGS $OPTIMISE_SPEED $HARDEN_CFLAGS"
  AC_CACHE_CHECK([whether calls are fortified], [ucm_cv_fortified], [
    AC_LINK_IFELSE([AC_LANG_SOURCE([[
      #include <string.h>
      int main(int argc, char **argv) {
        char room[8];
        memcpy(room, argv[0], (size_t)argc);
        return room[argc & 7]; }]])],
      [AS_IF([grep __memcpy_chk conftest$ac_exeext >/dev/null],
        [ucm_cv_fortified=yes], [ucm_cv_fortified=no])],
      [ucm_cv_fortified=no])])
  CFLAGS=$ucm_probe_saved
])

# UCM_LOADABLE: whether $PYTHON loads the libraries that are built here. Not with some sanitizers, and not
# those for another machine or C library than its own.
AC_DEFUN([UCM_LOADABLE], [
  ucm_probe_saved=$CFLAGS
  CFLAGS="$CFLAGS $SANITIZE_FLAGS -shared -fPIC"
  AC_CACHE_CHECK([whether an interpreter loads such libraries], [ucm_cv_loadable], [
    AC_LINK_IFELSE([AC_LANG_SOURCE([[
      #include <stdlib.h>
      char *ucm_probe(const char *name);
      char *ucm_probe(const char *name) { return getenv(name); }]])],
      [AS_IF(["$PYTHON" -c 'import ctypes; ctypes.CDLL("./conftest'$ac_exeext'")' >&AS_MESSAGE_LOG_FD 2>&1],
        [ucm_cv_loadable=yes], [ucm_cv_loadable=no])],
      [ucm_cv_loadable=no])])
  CFLAGS=$ucm_probe_saved
])

# UCM_PROBE_RELR(VARIABLE): packs relative relocations where the C library's loader reads them, which
# only a program that runs can tell.
AC_DEFUN([UCM_PROBE_RELR], [
  ucm_probe_saved=$LDFLAGS
  LDFLAGS="$LDFLAGS -pie -Wl,-z,pack-relative-relocs"
  AC_CACHE_CHECK([whether relative relocations can be packed], [ucm_cv_relr], [
    AC_RUN_IFELSE([AC_LANG_SOURCE([[
      static const char *const words[] = {"a", "b", "c"};
      int main(int argc, char **argv) { return argv[0] == 0 || words[argc % 3][0] == 'x'; }]])],
      [ucm_cv_relr=yes], [ucm_cv_relr=no], [ucm_cv_relr=no])])
  LDFLAGS=$ucm_probe_saved
  AS_IF([test "x$ucm_cv_relr" = xyes], [$1="$$1 -Wl,-z,pack-relative-relocs"])
])

# UCM_SYS_TIME_BITS: a time_t of 64 bits where the C library offers it beside one of 32.
AC_DEFUN([UCM_SYS_TIME_BITS], [
  AC_CACHE_CHECK([for a time_t that lasts beyond 2038], [ucm_cv_time_bits], [
    ucm_cv_time_bits=no
    for ucm_define in '' '#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64'; do
      AC_COMPILE_IFELSE([AC_LANG_SOURCE([[$ucm_define
        #include <time.h>
        typedef char ucm_wide[sizeof(time_t) >= 8 ? 1 : -1];]])],
        [AS_IF([test -z "$ucm_define"], [ucm_cv_time_bits=yes], [ucm_cv_time_bits='with _TIME_BITS'])
         break])
    done])
  AS_IF([test "x$ucm_cv_time_bits" = "xwith _TIME_BITS"], [
    AC_DEFINE([_TIME_BITS], [64], [For a time_t of 64 bits])
    AC_DEFINE([UCM_TIME_BITS_CHOSEN], [1], [Libraries may have been built with a narrower time_t])])
])

# UCM_PROBE_LTO(PREFIX): objects that can be linked both ways, so that only what is installed takes the
# time. PREFIX_CFLAGS compiles them, PREFIX_LDFLAGS links as one whole, PREFIX_NO_LDFLAGS as ever.
# What the compiler warns of in the whole is often wrong, and no error. libtool passes on what follows
# -Wc, only.
AC_DEFUN([UCM_PROBE_LTO], [
  ucm_probe_saved=$CFLAGS
  CFLAGS="$CFLAGS -Werror -flto -ffat-lto-objects -flto-partition=one"
  AC_CACHE_CHECK([whether the library can be optimised as a whole], [ucm_cv_lto],
    [AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [ucm_cv_lto=yes], [ucm_cv_lto=no])])
  CFLAGS=$ucm_probe_saved
  AS_IF([test "x$ucm_cv_lto" = xyes], [
    $1_CFLAGS="-flto -ffat-lto-objects"
    $1_LDFLAGS="-flto -flto-partition=one -Wc,-Wno-error"
    for ucm_flag in $OPTIMISE_SIZE $HARDEN_CFLAGS $SIZE_CFLAGS; do
      $1_LDFLAGS="$$1_LDFLAGS -Wc,$ucm_flag"
    done
    $1_NO_LDFLAGS=-Wc,-fno-lto
  ])
  AC_SUBST([$1_CFLAGS])
  AC_SUBST([$1_LDFLAGS])
  AC_SUBST([$1_NO_LDFLAGS])
])
