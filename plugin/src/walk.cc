#include "walk.hh"

#include "nixvirt-plugin/src/bridge.rs.h"

#include <algorithm>

namespace nixvirt {

static rust::Slice<const uint8_t> bytes(std::string_view text)
{
    return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
}

uint32_t Walk::place(nix::PosIdx pos)
{
    if (!pos)
        return 0;
    positions.push_back(pos);
    return positions.size();
}

nix::PosIdx Walk::position(uint32_t place) const
{
    return place ? positions[place - 1] : nix::noPos;
}

void Walk::value(std::string_view key, nix::Value & value, nix::PosIdx pos)
{
    nix::checkInterrupt();
    state.forceValue(value, pos);
    switch (value.type()) {
    case nix::nNull:
        return object.null(bytes(key), place(pos));
    case nix::nBool:
        return object.boolean(bytes(key), value.boolean(), place(pos));
    case nix::nInt:
        return object.integer(bytes(key), value.integer().value, place(pos));
    case nix::nFloat:
        return object.real(bytes(key), value.fpoint(), place(pos));
    case nix::nString:
        nix::copyContext(value, context);
        return object.text(bytes(key), bytes(value.string_view()), place(pos));
    case nix::nPath: {
        // The absolute path. Nothing is copied to the store. What is in the store, as the files of a flake are, stays there.
        auto path = value.path().path.abs();
        keep(path);
        return object.text_copy(bytes(key), bytes(path), place(pos));
    }
    case nix::nAttrs:
        return set(key, value, pos);
    case nix::nList:
        return list(key, value, pos);
    case nix::nFunction:
        return object.other(bytes(key), Other::Function, place(pos));
    default:
        return object.other(bytes(key), Other::External, place(pos));
    }
}

void Walk::keep(const std::string & path)
{
    if (!state.store->isInStore(path))
        return;
    auto stored = state.store->toStorePath(path).first;
    if (state.store->isValidPath(stored))
        context.insert(nix::NixStringContextElem::Opaque{.path = stored});
}

void Walk::set(std::string_view key, nix::Value & value, nix::PosIdx pos)
{
    // A derivation, or another set that Nix converts to a string, is that string.
    if (is_string_like(state, *value.attrs())) {
        auto text = state.coerceToString(pos, value, context, "while evaluating a value of a spec", false, false);
        return object.text_copy(bytes(key), bytes(*text), place(pos));
    }
    if (!pos)
        pos = value.attrs()->pos;
    if (!enter(key, value.attrs(), value.attrs()->size(), pos))
        return;
    object.open_set(bytes(key), place(pos));
    for (auto & attribute : *value.attrs())
        this->value(std::string_view(state.symbols[attribute.name]), *attribute.value, attribute.pos);
    object.close();
    above.pop_back();
}

void Walk::list(std::string_view key, nix::Value & value, nix::PosIdx pos)
{
    auto items = list_items(value);
    // A short list is stored inside its value, so only the value has an address.
    if (!enter(key, &value, items.size(), pos))
        return;
    object.open_list(bytes(key), place(pos));
    for (auto item : items)
        this->value("", *item, pos);
    object.close();
    above.pop_back();
}

bool Walk::enter(std::string_view key, const void * what, size_t size, nix::PosIdx pos)
{
    bool is_cycle = std::find(above.begin(), above.end(), what) != above.end();
    if (is_cycle || !object.has_room(size)) {
        object.other(bytes(key), is_cycle ? Other::Cycle : Other::TooMuch, place(pos));
        return false;
    }
    above.push_back(what);
    return true;
}

}
