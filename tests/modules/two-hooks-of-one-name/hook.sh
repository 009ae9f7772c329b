#!/bin/sh
[ "$1" = web ] || exit 0
case "$2" in
prepare)
(
echo two
) || exit
(
echo one
) || exit
;;
esac
