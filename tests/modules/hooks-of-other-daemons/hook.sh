#!/bin/sh
[ "$1" = web ] || exit 0
case "$2" in
prepare)
true
;;
esac
