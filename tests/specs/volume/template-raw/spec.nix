lib:
lib.volume.templates.raw {
  name = "data";
  size = {
    count = 8;
    unit = "GiB";
  };
}
