{name = "web";}
