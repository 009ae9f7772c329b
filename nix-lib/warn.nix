# Warns as `builtins.warn` does, which Nix 2.22 and older lack.
#
# # Type
# warn :: String -> a -> a
builtins.warn or (message: builtins.trace "evaluation warning: ${message}")
