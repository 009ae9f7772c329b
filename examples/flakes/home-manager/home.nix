# Put your own home in place of this.
{
  home = {
    username = "user";
    homeDirectory = "/home/user";
    stateVersion = "26.05";
  };
}
