# A number is a name like its digits, and two numbers are two names.
{
  name = "lan";
  portgroup = [
    {name = 1;}
    {name = 2;}
    {name = "2";}
  ];
}
