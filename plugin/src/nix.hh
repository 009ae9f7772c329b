// All in which Nix's versions differ. NIX_VERSION is 226 for Nix 2.26.
#pragma once

#if NIX_VERSION >= 228
#include <nix/expr/eval-inline.hh>
#include <nix/expr/eval.hh>
#include <nix/expr/json-to-value.hh>
#include <nix/expr/primops.hh>
#include <nix/store/store-api.hh>
#include <nix/util/logging.hh>
#include <nix/util/signals.hh>
#else
// What Nix was built with decides how large its classes are, and its own headers do not ask for it.
// clang-format off: these come first.
#include <config-util.hh>
#include <config-store.hh>
#include <config-expr.hh>
// clang-format on
#include <eval-inline.hh>
#include <eval.hh>
#include <json-to-value.hh>
#include <logging.hh>
#include <primops.hh>
#include <signals.hh>
#include <store-api.hh>
#endif

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nixvirt {

#if NIX_VERSION >= 236
using Arguments = nix::Value * const *;
#else
using Arguments = nix::Value **;
#endif

// A builtin as this plugin writes it: what it is called with, and where its result goes.
using Builtin = std::function<void(nix::EvalState &, nix::PosIdx, Arguments, nix::Value &)>;

// What Nix knows of a builtin. Where Nix keeps the address of `doc`, that must stay for ever.
inline nix::PrimOp make_primop(std::string name, std::vector<std::string> args, const char * doc, Builtin function)
{
    auto arity = args.size();
    return {
        .name = std::move(name),
        .args = std::move(args),
        .arity = arity,
        .doc = doc,
#if NIX_VERSION >= 236
        .impl = [function = std::move(function)](
                    nix::EvalState & state, nix::CallSite, Arguments args, nix::Value & result) {
            // Nix prints the place of the call itself. As an older Nix, which does not tell it, the builtin speaks of the spec alone.
            function(state, nix::noPos, args, result);
        },
#elif NIX_VERSION >= 234
        .impl = nix::fun<nix::PrimOpFun>(std::move(function)),
#else
        .fun = std::move(function),
#endif
        .experimentalFeature = {},
    };
}

// Whether Nix takes a set for the string that it is made into.
inline bool is_string_like(nix::EvalState & state, const nix::Bindings & set)
{
#if NIX_VERSION >= 232
    return set.get(state.s.outPath) || set.get(state.s.toString);
#else
    return set.get(state.sOutPath) || set.get(state.sToString);
#endif
}

inline auto list_items(const nix::Value & list)
{
#if NIX_VERSION >= 230
    return list.listView();
#else
    return list.listItems();
#endif
}

inline void make_string(nix::EvalState & state, nix::Value & result, std::string_view text)
{
#if NIX_VERSION >= 233
    result.mkString(text, state.mem);
#else
    result.mkString(text);
#endif
}

inline void make_string(
    nix::EvalState & state, nix::Value & result, std::string_view text, const nix::NixStringContext & context)
{
#if NIX_VERSION >= 233
    result.mkString(text, context, state.mem);
#else
    result.mkString(text, context);
#endif
}

}
