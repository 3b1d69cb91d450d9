#!/bin/sh
# Prints the C program that README shows.
exec sed -n '/^    #include/,/^    }$/!d
s/^    //
p
/^int main/,/^}/{/^}/q
}' "$(dirname "$0")/../README"
