{
  name = "old";
  domain.uuid = "9d37b878-a7cc-9f9a-b78f-49b3abad25a8";
  active = 1;
}
