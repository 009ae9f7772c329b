# The `input` element of an input device of the host, which host and guest share: both Ctrl keys together pass it on.
dev: {
  type = "evdev";
  source = {
    inherit dev;
    grab = "all";
    grabToggle = "ctrl-ctrl";
    repeat = true;
  };
}
