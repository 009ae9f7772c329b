#include "walk.hh"

#include "nixvirt-plugin/src/bridge.rs.h"

#include <memory>

namespace nixvirt {

using nix::EvalState;
using nix::PosIdx;
using nix::Value;

// Returns the result of a Rust function. An error becomes a Nix error that `tryEval` catches, as without the plugin.
template<typename Ask>
static auto answer(EvalState & state, const std::string & kind, PosIdx pos, Ask ask)
{
    try {
        return ask();
    } catch (const rust::Error & error) {
        state.error<nix::ThrownError>("%s: %s", nix::Uncolored(kind), nix::Uncolored(std::string(error.what())))
            .atPos(pos)
            .debugThrow();
    }
}

// An object whose spec is read and checked, and the walk that has the context of its strings.
struct Checked
{
    rust::Box<Object> object;
    Walk walk;
    // Positions of the problems.
    rust::Vec<Located> located;

    // `libvirt` is the release of libvirt that the spec is for, or empty.
    Checked(EvalState & state, const std::string & kind, const std::string & libvirt, Value & spec, PosIdx pos)
        : object(nixvirt::object(kind))
        , walk(state, *object)
    {
        located = answer(state, kind, pos, [&] {
            walk.value("", spec, pos);
            return object->finish(libvirt);
        });
        for (auto & problem : located)
            locate(state, problem);
    }

    void locate(EvalState & state, Located & problem)
    {
        auto pos = state.positions[walk.position(problem.place)];
        if (!pos)
            return;
        auto path = std::get_if<nix::SourcePath>(&pos.origin);
        problem.file = path ? path->to_string()
            : std::holds_alternative<nix::Pos::Stdin>(pos.origin) ? "«stdin»"
                                                                   : "«string»";
        problem.line = pos.line;
        problem.column = pos.column;
    }
};

// What a function of a kind is called with: its arguments, and where its result goes.
using Work = void(EvalState &, const std::string & kind, PosIdx, Arguments, Value &);

static void write_xml(
    EvalState & state, const std::string & kind, const std::string & libvirt, PosIdx pos, Value & spec, Value & result)
{
    Checked checked(state, kind, libvirt, spec, pos);
    auto summary =
        std::string(answer(state, kind, pos, [&] { return checked.object->summary(std::move(checked.located)); }));
    if (!checked.object->is_good())
        state.error<nix::ThrownError>("%s", nix::Uncolored(summary)).atPos(pos).debugThrow();
    if (!summary.empty())
        nix::warn("%s", nix::Uncolored(summary));
    auto xml = checked.object->xml();
    make_string(state, result, std::string_view(xml.data(), xml.size()), checked.walk.context);
}

static void list_problems(
    EvalState & state, const std::string & kind, const std::string & libvirt, PosIdx pos, Value & spec, Value & result)
{
    Checked checked(state, kind, libvirt, spec, pos);
    auto problems = answer(state, kind, pos, [&] { return checked.object->diagnostics(std::move(checked.located)); });
    nix::parseJSON(state, std::string(problems), result);
}

// The release of libvirt that an argument names.
static std::string release(EvalState & state, PosIdx pos, Value & value)
{
    return std::string(state.forceStringNoCtx(value, pos, "while evaluating the release of libvirt that the spec is for"));
}

static void to_xml(EvalState & state, const std::string & kind, PosIdx pos, Arguments args, Value & result)
{
    write_xml(state, kind, "", pos, *args[0], result);
}

static void to_xml_for(EvalState & state, const std::string & kind, PosIdx pos, Arguments args, Value & result)
{
    write_xml(state, kind, release(state, pos, *args[0]), pos, *args[1], result);
}

static void validate(EvalState & state, const std::string & kind, PosIdx pos, Arguments args, Value & result)
{
    list_problems(state, kind, "", pos, *args[0], result);
}

static void validate_for(EvalState & state, const std::string & kind, PosIdx pos, Arguments args, Value & result)
{
    list_problems(state, kind, release(state, pos, *args[0]), pos, *args[1], result);
}

static void from_xml(EvalState & state, const std::string & kind, PosIdx pos, Arguments args, Value & result)
{
    auto xml = state.forceStringNoCtx(*args[0], pos, "while evaluating the XML to convert to a spec");
    auto bytes = rust::Slice<const uint8_t>(reinterpret_cast<const uint8_t *>(xml.data()), xml.size());
    auto spec = answer(state, kind, pos, [&] { return nixvirt::from_xml(kind, bytes); });
    nix::parseJSON(state, std::string(spec), result);
}

// Makes a builtin function, which is never freed, as Nix's own are not.
static void set_primop(Value & value, nix::PrimOp primop)
{
    value.mkPrimOp(new nix::PrimOp(std::move(primop)));
}

// Adds a function to the builtins of a kind.
static void add_function(
    nix::BindingsBuilder & builtins,
    const std::string & kind,
    const char * name,
    std::vector<std::string> arguments,
    const char * doc,
    Work * work)
{
    auto function = [kind, work](EvalState & state, PosIdx pos, Arguments args, Value & result) {
        work(state, kind, pos, args, result);
    };
    set_primop(
        builtins.alloc(name), make_primop("nixvirt." + kind + "." + name, std::move(arguments), doc, function));
}

static void make_kind(EvalState & state, const std::string & kind, Value & result)
{
    auto builtins = state.buildBindings(6);
    add_function(builtins, kind, "toXML", {"spec"}, R"(
      Convert *spec* to libvirt XML.

      The spec mirrors libvirt's XML: an element is a set, and its attributes and children are attributes of that
      set under their XML names. If the spec has errors, evaluation fails with a list of all of them, each with its
      code, path, position and the expected value. Warnings are printed. The result depends on every store path in
      the spec.
    )", to_xml);
    add_function(builtins, kind, "validate", {"spec"}, R"(
      Return the problems of *spec*: a list of sets with the attributes `severity` (`error` or `warning`), `code`,
      `path`, `message`, `suggestion`, `hint`, `reference` and `position`. `reference` is the page and anchor of the
      field, below `reference/fields` in the guide. The list is empty if the spec has no problems.
    )", validate);
    add_function(builtins, kind, "toXMLFor", {"libvirt", "spec"}, R"(
      Convert *spec* to libvirt XML, as `toXML` does. *libvirt* is the release that the spec is for, such as `"11.3"`:
      what is newer is a warning.
    )", to_xml_for);
    add_function(builtins, kind, "validateFor", {"libvirt", "spec"}, R"(
      Return the problems of *spec*, as `validate` does. *libvirt* is the release that the spec is for, such as `"11.3"`:
      what is newer is a warning.
    )", validate_for);
    add_function(builtins, kind, "fromXML", {"xml"}, R"(
      Convert the libvirt XML in the string *xml* to a spec. Unknown elements and attributes are kept under
      `extra`, so that `toXML` of the result is equivalent to *xml*.
    )", from_xml);
    auto & schema = builtins.alloc("schema");
    auto make = [kind](EvalState & state, PosIdx pos, Arguments, Value & result) {
        nix::parseJSON(state, std::string(answer(state, kind, pos, [&] { return nixvirt::schema(kind); })), result);
    };
    auto function = state.allocValue();
    set_primop(*function, make_primop("nixvirt." + kind + ".schema", {"_"}, "The JSON Schema of the kind's specs.", make));
    // Applied to itself, so that it is evaluated on first use, as Nix's own constants are.
    schema.mkApp(function, function);
    result.mkAttrs(builtins);
}

static void make_builtins(EvalState & state, PosIdx, Arguments, Value & result)
{
    auto names = nixvirt::kinds();
    auto builtins = state.buildBindings(names.size() + 2);
    auto version = nixvirt::version();
    make_string(state, builtins.alloc("version"), std::string_view(version.data(), version.size()));
    auto list = state.buildList(names.size());
    for (size_t at = 0; at < names.size(); at++) {
        auto name = std::string(names[at]);
        make_string(state, *(list[at] = state.allocValue()), name);
        make_kind(state, name, builtins.alloc(name));
    }
    builtins.alloc("kinds").mkList(list);
    result.mkAttrs(builtins);
}

void register_builtins()
{
    std::string kinds;
    for (auto & kind : nixvirt::kinds())
        kinds += (kinds.empty() ? "`" : ", `") + std::string(kind) + "`";
    // Nix keeps its address.
    static const std::string doc = R"(
      Functions for libvirt objects. A set with `version`, `kinds` (the list of kinds) and, for each kind, a set of
      `toXML`, `validate`, `fromXML` and `schema`. The kinds are )" + kinds + ".\n";
    nix::RegisterPrimOp registered(make_primop("nixvirt", {}, doc.c_str(), make_builtins));
}

}
