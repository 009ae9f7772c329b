{
  name = "folder/x";
  type = "directory";
  target.path = "relative";
}
