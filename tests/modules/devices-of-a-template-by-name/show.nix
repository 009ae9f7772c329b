{
  here,
  xml,
  ...
}: {"domain.xml" = xml (builtins.head here.domains);}
