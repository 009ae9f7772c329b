#!/bin/sh
[ "$1" = web ] || exit 0
case "$2" in
prepare)
echo $VFIO
;;
release)
true
false
;;
esac
