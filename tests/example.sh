#!/bin/sh
# Prints the C program that README shows: from its first #include to the end of main().
exec awk '
/^    #include/ { inside = 1 }
/^    int main/ { last = 1 }
inside { print substr($0, 5) }
last && /^    }$/ { exit }
' "$(dirname "$0")/../README"
