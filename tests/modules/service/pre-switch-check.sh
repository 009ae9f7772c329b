if [ "${2-}" = dry-activate ]; then
  STORE-nixvirt/bin/nixvirt plan --manifest STORE-nixvirt-manifest.json --wait 0 || true
fi
