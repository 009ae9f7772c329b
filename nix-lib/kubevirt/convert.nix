# A domain as documents for Kubernetes: the walk of `schema/src/kubevirt/convert.rs`, along the same table.
#
# # Type
# convert :: {
#   podNetworks :: [String], gpus :: { String }, hostDevices :: { String }
# } -> Element -> { documents :: [Set], problems :: [Problem] }
let
  inherit (builtins) all any attrNames attrValues bitAnd concatMap concatStringsSep elem elemAt filter foldl' fromJSON genList head isAttrs isList length listToAttrs mapAttrs match readFile replaceStrings split stringLength substring tail;
  message = import ../render/message.nix;
  bytesIn = import ../render/bytes-in.nix;
  scopes = fromJSON (readFile ../../schema/json/kubevirt.json);

  startsWith = start: text: substring 0 (stringLength start) text == start;
  join = path: name:
    if path == "" || name == ""
    then path + name
    else "${path}.${name}";
  steps = path: filter (it: !isList it) (split "[.]" path);

  fits = pattern: word:
    if match ".*[*]" pattern != null
    then word != "" && startsWith (substring 0 (stringLength pattern - 1) pattern) word
    else pattern == word;

  # The value at a path below an element; "" if the part is absent.
  value = element: path: valueAt element (steps path);
  valueAt = element: path: let
    name = head path;
    rest = tail path;
    found = filter (child: child.name == name) element.children;
    child = head found;
  in
    if startsWith "@" name
    then element.attributes.${substring 1 (stringLength name) name} or ""
    else if found == []
    then ""
    else if rest != []
    then valueAt child rest
    else present child.text;
  present = text:
    if text == ""
    then "present"
    else text;

  fill = known: element: text:
    concatStringsSep "" (map (part:
      if isList part
      then known.${head part} or (value element (head part))
      else part) (split "[{]([a-zA-Z@.-]+)[}]" text));

  upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  lower = "abcdefghijklmnopqrstuvwxyz";
  letters = text: genList (at: substring at 1 text) (stringLength text);
  lowered = replaceStrings (letters upper) (letters lower);
  kubernetesName = name: let
    letter = it:
      if match "[A-Za-z0-9]" it != null
      then lowered it
      else "-";
    parts = match "-*(.*[^-])?-*" (concatStringsSep "" (map letter (letters name)));
  in
    if head parts == null
    then ""
    else head parts;

  quantity = bytes: let
    units = [
      ["Ti" 1099511627776]
      ["Gi" 1073741824]
      ["Mi" 1048576]
      ["Ki" 1024]
    ];
    isWhole = unit: bytes > 0 && bytes / elemAt unit 1 * elemAt unit 1 == bytes;
    whole = filter isWhole units;
  in
    if whole == []
    then toString bytes
    else "${toString (bytes / elemAt (head whole) 1)}${elemAt (head whole) 0}";
  number = text: let
    digits = match "0*([0-9]+)" text;
  in
    if digits == null
    then null
    else fromJSON (head digits);

  order = domain: let
    words = concatMap (os: concatMap (boot: filter (it: it != null) [(boot.attributes.dev or null)]) (named "boot" os)) (named "os" domain);
    named = name: element: filter (child: child.name == name) element.children;
    isMeant = word: it:
      if word == "hd"
      then it.name == "disk" && it.attributes.device or "disk" == "disk"
      else if word == "network"
      then it.name == "interface"
      else it.name == "disk" && it.attributes.device or null == word;
    withOrder = devices: place: let
      meant = filter (at: isMeant (elemAt words place) (elemAt devices at)) (genList (at: at) (length devices));
      boot = {
        name = "boot";
        attributes.order = toString (place + 1);
        order = ["order"];
        children = [];
        text = "";
      };
      ordered = at: it:
        if meant != [] && head meant == at
        then it // {children = it.children ++ [boot];}
        else it;
    in
      genList (at: ordered at (elemAt devices at)) (length devices);
    change = child:
      if child.name == "devices"
      then child // {children = foldl' withOrder child.children (genList (at: at) (length words));}
      else child;
  in
    domain // {children = map change domain.children;};

  # Adds the names of devices, and marks the interface that is in the network of the pod: a virtual machine has one.
  mark = {
    podNetworks,
    gpus,
    hostDevices,
  }: domain: let
    prepend = name: text: it:
      it
      // {
        children =
          [
            {
              inherit name text;
              attributes = {};
              order = [];
              children = [];
            }
          ]
          ++ it.children;
      };
    inPod = it:
      it.name
      == "interface"
      && (value it "@type" == "user" || value it "@type" == "network" && elem (value it "source.@network") podNetworks);
    interface = devices: let
      found = filter (at: inPod (elemAt devices at)) (genList (at: at) (length devices));
      marked = at:
        if found != [] && head found == at
        then prepend "pod-network" "" (elemAt devices at)
        else elemAt devices at;
    in
      genList marked (length devices);
    # The address of a device on the host, as `lspci` or `lsusb` prints it, or its UUID.
    address = device: let
      digits = part: width: hexadecimal width (value device "source.address.@${part}");
    in
      {
        pci = "${digits "domain" 4}:${digits "bus" 2}:${digits "slot" 2}.${digits "function" 1}";
        usb = replaceStrings ["0x"] [""] (fill {} device "{source.vendor.@id}:{source.product.@id}");
      }
      .${
        value device "@type"
      }
      or (value device "source.address.@uuid");
    hexadecimal = width: text: let
      found =
        if startsWith "0x" text
        then (fromTOML "number = ${text}").number
        else if text == ""
        then 0
        else number text;
      digit = at: substring (bitAnd (found / elemAt [1 16 256 4096] (width - 1 - at)) 15) 1 "0123456789abcdef";
    in
      concatStringsSep "" (genList digit width);
    device = it:
      if it.name != "hostdev"
      then it
      else if gpus ? ${address it}
      then prepend "gpu" gpus.${address it} it
      else if hostDevices ? ${address it}
      then prepend "host-device" hostDevices.${address it} it
      else it;
    change = child:
      if child.name == "devices"
      then child // {children = map device (interface child.children);}
      else child;
  in
    domain // {children = map change domain.children;};

  # What a walk finds, in order: values for a path of the documents, and problems.
  walk = name: item: element: path: let
    inherit (item) scope;
    said = rows (present element.text) path;
    lose = path: found:
      problem path "warning" "kubevirt-lost" (
        if found == ""
        then message.noCounterpart
        else message.noCounterpartOf {inherit found;}
      );
    problem = path: severity: code: text: [
      {
        problem = {
          inherit code severity;
          path = join item.shown (replaceStrings ["@"] [""] path);
          message = text;
          suggestion = null;
          hint = null;
          reference = null;
          position = null;
        };
      }
    ];
    filled = found:
      fill {
        domain = name;
        item = item.name;
        value = found;
      }
      item.element;

    rows = found: path: let
      ofPath = scope.rows.${path} or [];
      holds = condition: any (word: fits word (value item.element (elemAt condition 0))) (elemAt condition 1);
      meant = filter (row: all holds row.when) ofPath;
      apply = said: row:
        if said.isDropped
        then said
        else {
          isDropped = row.take == "nothing";
          found = said.found ++ note path row found ++ take path row found;
        };
    in
      if ofPath == []
      then null
      else if meant == []
      then {
        isDropped = true;
        found = lose path (
          if found == "present"
          then ""
          else found
        );
      }
      else
        foldl' apply {
          isDropped = false;
          found = [];
        }
        meant;

    note = path: row: found: let
      text = filled found row.text;
    in
      {
        "" = [];
        lost = problem path "warning" "kubevirt-lost" text;
        needs = problem path "warning" "kubevirt-needs" text;
        impossible = problem path "error" "kubevirt-impossible" text;
      }
      .${
        row.note
      };

    take = path: row: found: let
      set = new:
        if new == null
        then lose path found
        else [
          {
            inherit (row) to;
            inherit (item) key;
            value = new;
          }
        ];
      known = filter (word: fits (elemAt word 0) found) row.value;
      pattern = elemAt (head known) 0;
      word = elemAt (head known) 1;
      unit = value item.element (join path "@unit");
      bytes = bytesIn (
        if unit == ""
        then row.value
        else unit
      );
      called = kubernetesName (filled found row.value);
      setName =
        if called == ""
        then problem path "error" "kubevirt-impossible" (message.noKubernetesName {inherit found;})
        else set called;
    in
      {
        text = set found;
        number = set (number found);
        quantity = set (
          if number found == null || bytes == null
          then null
          else quantity (number found * bytes)
        );
        switch = set (found == "yes" || found == "on");
        words =
          if known == []
          then lose path found
          else if word == ""
          then []
          else if word == "="
          then set found
          else
            (
              if pattern == "*"
              then problem path "warning" "kubevirt-lost" (message.replaced {inherit found word;})
              else []
            )
            ++ set word;
        constant = set row.value;
        filled = set (filled found row.value);
        name = setName;
        label =
          if stringLength called > 63
          then problem path "error" "kubevirt-impossible" (message.longKubernetesName {inherit found;})
          else setName;
        nothing = [];
      }
      .${
        row.take
      };

    below = other: path: path == "" || startsWith "${path}." other;
    hasBelow = any (other: below other path) (attrNames scope.rows) || any (other: below other (join item.path path)) (attrNames scopes);

    ofAttribute = attribute: let
      at = join path "@${attribute}";
      found = element.attributes.${attribute};
      said = rows found at;
    in
      if said == null
      then lose at found
      else said.found;

    ofChild = at: let
      child = elemAt element.children at;
      childPath = join path child.name;
      whole = join item.path childPath;
      index = toString (length (filter (other: (elemAt element.children other).name == child.name) (genList (it: it) at)));
      inner = scopes.${whole};
    in
      if scopes ? ${whole}
      then
        walk name {
          scope = inner;
          path = whole;
          element = child;
          name = kubernetesName (fill {
              domain = name;
              inherit index;
            }
            child
            inner.item);
          key = "#${whole}.${substring (stringLength index) 4 "0000"}${index}";
          shown = "${whole}[${index}]";
        }
        child ""
      else walk name item child childPath;

    parts = concatMap ofAttribute element.order ++ concatMap ofChild (genList (at: at) (length element.children));
  in
    if said == null
    then
      if !hasBelow || element.text != ""
      then lose path element.text
      else parts
    else if said.isDropped
    then said.found
    else said.found ++ parts;

  # One value at a path of the documents.
  document = it: let
    nest = path:
      if path == []
      then it.value
      else let
        list = match "(.*)\\[]" (head path);
        inner = nest (tail path);
      in
        if list == null
        then {${head path} = inner;}
        else {${head list} = {${it.key} = inner;};};
  in
    nest (steps it.to);
  merge = one: other:
    if isAttrs one && isAttrs other
    then
      one
      // mapAttrs (name: new:
        if one ? ${name}
        then merge one.${name} new
        else new)
      other
    else other;
  listed = made:
    if !isAttrs made
    then made
    else if any (startsWith "#") (attrNames made)
    then map listed (attrValues made)
    else mapAttrs (_: listed) made;
  unique = foldl' (known: it:
    if elem it known
    then known
    else known ++ [it]) [];
in
  cluster: domain: let
    ordered = mark cluster (order domain);
    found =
      walk (kubernetesName (value domain "name")) {
        scope = scopes."";
        path = "";
        element = ordered;
        name = "";
        key = "";
        shown = "";
      }
      ordered "";
    made = listed (foldl' merge {} (map document (filter (it: it ? to) found)));
  in {
    documents = unique (made.networks or [] ++ [made.machine]);
    problems = map (it: it.problem) (filter (it: it ? problem) found);
  }
