{here, ...}: {"file.txt" = (builtins.head here.secrets).valueFile;}
