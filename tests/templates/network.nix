# Arguments of the templates of networks, and a part of the XML that each of them brings.
let
  # What is meant where nothing else is said.
  defaults =
    map (xml: {
      template = "bridge";
      arguments.subnet_byte = 7;
      inherit xml;
    }) [
      "<name>default</name>"
      "<bridge name='virbr0'/>"
      "<port start='1024' end='65535'/>"
      "<ip address='192.168.7.1' netmask='255.255.255.0'>"
      "<range start='192.168.7.2' end='192.168.7.254'/>"
    ];
in
  defaults
  ++ [
    {
      template = "bridge";
      arguments = {
        subnet_byte = 7;
        name = "lan";
      };
      xml = "<name>lan</name>";
    }
    {
      template = "bridge";
      arguments = {
        subnet_byte = 7;
        bridge_name = "br7";
      };
      xml = "<bridge name='br7'/>";
    }
    {
      template = "bridge";
      arguments = {
        subnet_byte = 7;
        dhcp_hosts = {
          name = "web";
          ip = "192.168.7.9";
        };
      };
      xml = "<host name='web' ip='192.168.7.9'/>";
    }
    {
      template = "nat";
      arguments = {
        name = "lan";
        subnet_byte = 7;
      };
      xml = "<bridge name='virbr7'/>";
    }
    {
      template = "nat";
      arguments = {
        name = "lan";
        subnet_byte = 7;
        forward_dev = "eth0";
      };
      xml = "<forward dev='eth0' mode='nat'/>";
    }
    {
      template = "route";
      arguments = {
        name = "lan";
        subnet_byte = 7;
        domain_name = "x.internal";
      };
      xml = "<domain name='x.internal' localOnly='yes'/>";
    }
    {
      template = "isolated";
      arguments = {
        name = "lan";
        subnet_byte = 7;
      };
      xml = "<range start='192.168.7.2' end='192.168.7.254'/>";
    }
    {
      template = "isolated";
      arguments = {
        name = "lan";
        subnet_byte = 7;
        dhcp = false;
      };
      xml = "<ip address='192.168.7.1' netmask='255.255.255.0'/>";
    }
    {
      template = "nat";
      arguments = {
        name = "lan";
        subnet = "10.20.7.0/20";
      };
      xml = "<ip address='10.20.0.1' prefix='20'>";
    }
    {
      template = "nat";
      arguments = {
        name = "lan";
        subnet = "10.20.7.0/20";
      };
      xml = "<range start='10.20.0.2' end='10.20.15.254'/>";
    }
    {
      template = "isolated";
      arguments = {
        name = "lan";
        subnet = "10.0.0.0/8";
      };
      xml = "<range start='10.0.0.2' end='10.1.0.1'/>";
    }
    {
      template = "bridge";
      arguments = {
        subnet = "172.31.255.252/30";
      };
      xml = "<range start='172.31.255.254' end='172.31.255.254'/>";
    }
    {
      template = "route";
      arguments = {
        name = "lan";
        subnet = "10.20.7.0/24";
        bridge_name = "br7";
      };
      xml = "<bridge name='br7'/>";
    }
  ]
