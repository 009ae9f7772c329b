// Gives the C API of an older Nix what it has from 2.35 on, so that the plugin's implementation on it can be tested with the development
// root's Nix. It is loaded before libnixexprc.

// Nix 2.34.8 calls builtins with a whole evaluator already.
#if NIX_VERSION < 234
#if NIX_VERSION < 228
// clang-format off: these come first, for what Nix was built with decides how large its classes are.
#include <config-util.hh>
#include <config-store.hh>
#include <config-expr.hh>
// clang-format on
#endif
#include <nix_api_expr.h>
#include <nix_api_expr_internal.h>
#include <nix_api_value.h>

#include <cstddef>
#include <dlfcn.h>

struct Function
{
    PrimOpFun fun;
    void * user_data;
};

// Nix up to 2.33 calls a builtin with the address of its own evaluator, which is only a part of the one that the C API takes.
static void call(void * data, nix_c_context * context, EvalState * part, nix_value ** args, nix_value * result)
{
    auto function = static_cast<Function *>(data);
    auto state = reinterpret_cast<EvalState *>(reinterpret_cast<char *>(part) - offsetof(EvalState, state));
    function->fun(function->user_data, context, state, args, result);
}

extern "C" PrimOp * nix_alloc_primop(
    nix_c_context * context,
    PrimOpFun fun,
    int arity,
    const char * name,
    const char ** args,
    const char * doc,
    void * user_data)
{
    auto next = reinterpret_cast<decltype(&nix_alloc_primop)>(dlsym(RTLD_NEXT, "nix_alloc_primop"));
    return next(context, call, arity, name, args, doc, new Function{fun, user_data});
}

extern "C" nix_value *
nix_get_attr_byidx_lazy(nix_c_context *, nix_value * set, EvalState * state, unsigned int index, const char ** name)
{
    auto & attribute = (*set->value.attrs())[index];
    *name = state->state.symbols[attribute.name].c_str();
    nix_gc_incref(nullptr, attribute.value);
    return reinterpret_cast<nix_value *>(attribute.value);
}

extern "C" nix_value *
nix_get_list_byidx_lazy(nix_c_context *, const nix_value * list, EvalState *, unsigned int index)
{
#if NIX_VERSION < 230
    auto item = list->value.listElems()[index];
#else
    auto item = list->value.listView()[index];
#endif
    nix_gc_incref(nullptr, item);
    return reinterpret_cast<nix_value *>(item);
}
#endif

// The loader takes the C API from here on.
extern "C" const char * nix_version_get()
{
    return "2.35.0";
}
