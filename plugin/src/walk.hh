#pragma once

#include "nix.hh"
#include "rust/cxx.h"

#include <vector>

namespace nixvirt {

struct Object;

void register_builtins();

// Forces a value wholly and hands what is in it to an object, with the context of every string on the way.
// Values throw as they would in Nix itself. The object borrows from the value: it must not outlive it.
class Walk
{
public:
    Walk(nix::EvalState & state, Object & object)
        : state(state)
        , object(object)
    {
    }

    void value(std::string_view key, nix::Value & value, nix::PosIdx pos);

    // The position that the walk numbered.
    nix::PosIdx position(uint32_t place) const;

    nix::NixStringContext context;

private:
    nix::EvalState & state;
    Object & object;
    std::vector<nix::PosIdx> positions;
    // The sets and lists that the walk is in, to notice one that contains itself.
    std::vector<const void *> above;

    uint32_t place(nix::PosIdx pos);
    // Notes that the result refers to a path, if it is in the store.
    void keep(const std::string & path);
    void set(std::string_view key, nix::Value & value, nix::PosIdx pos);
    void list(std::string_view key, nix::Value & value, nix::PosIdx pos);
    bool enter(std::string_view key, const void * what, size_t size, nix::PosIdx pos);
};

}
