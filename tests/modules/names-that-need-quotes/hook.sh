#!/bin/sh
[ "$1" = 'it'\''s "ü" $HOME; a:b' ] || exit 0
case "$2" in
start)
true
;;
esac
