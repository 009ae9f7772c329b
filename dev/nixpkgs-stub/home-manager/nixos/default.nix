# Home Manager as a module of NixOS, which is not here.
{}
