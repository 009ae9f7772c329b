{config, ...}: {"assertions.json" = config.assertions;}
