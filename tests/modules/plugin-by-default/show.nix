{config, ...}: {"plugin-files.json" = config.nix.settings.plugin-files;}
