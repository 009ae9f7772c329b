{config, ...}: {"warnings.json" = config.warnings;}
