# The tables of elements, from which specs are written. `schema/src/engine/plain_nix.rs` makes their definitions, and says what
# these hold.
#
# # Type
# table :: { name :: Definition } -> Definition -> Element
definitions: let
  inherit (builtins) filter groupBy map mapAttrs;
  choose = import ./choose.nix;
  scalar = import ./scalar.nix;

  elements = mapAttrs (_: element) definitions;

  element = definition: {
    short = definition.short or "none";
    # The fields that a single value gives.
    shortFor = map (key: field key definition.fields.${key}) (definition.shortFor or []);
    # The attribute that selects the form with that name, if the element has forms.
    formOf = form:
      if definition ? forms
      then {${definition.forms.by} = form;}
      else {};
    choose = choose (tree {
        fields = {};
        required = [];
        special = [];
      }
      definition);
  };

  # The tables of an element: one, or one for each of its forms. `outer` is what the element, or the form, around has.
  tree = outer: definition: let
    whole = {
      fields = outer.fields // definition.fields;
      required = outer.required ++ definition.required or [];
      special = outer.special ++ definition.special or [];
    };
  in
    if definition ? forms
    then {
      tag = definition.forms.by;
      default = definition.forms.default or null;
      forms = mapAttrs (_: tree whole) definition.forms.of;
    }
    else {table = table whole;};

  table = whole: let
    fields = mapAttrs field whole.fields;
    special = map (key: fields.${key}) whole.special;
  in {
    inherit fields;
    inherit (whole) required;
    # The numbers whose text may have their unit.
    sized = filter (it: it.unitIn != null) special;
    # The fields in a namespace.
    spaces = filter (it: it.namespace != null) special;
    # The fields that are written without a value, too.
    empties = filter (it: it.absent == "empty") special;
    # The children with the name of an attribute.
    twins = filter (it: it.name != it.key) special;
    lifted = groupBy (it: it.within) (filter (it: it.within != null) special);
  };

  field = key: it: let
    isPresence = it.mayBeFalse or false;
    isMany = it.many or false;
    place =
      it.place
      or (
        if it ? words
        then "attribute"
        else "child"
      );
  in {
    inherit key place isMany isPresence;
    inherit (it) order;
    name = it.twin or key;
    tag = it.tag or key;
    type =
      if it ? element
      then "element"
      else if it ? words
      then "scalar"
      else if it ? raw
      then "raw"
      else "presence";
    element = elements.${it.element};
    known = it.words;
    print = scalar.print it.words;
    # Whether the field is an element that occurs once. A list of one item means it.
    isOnce = place == "child" && !isMany && !(it ? raw);
    isAbsent = value: value == null || value == false && isPresence;
    unitIn = it.unit or null;
    within = it.within or null;
    absent = it.absent or null;
    namespace = it.namespace or null;
  };
in
  element
