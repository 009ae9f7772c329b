# A value that a template proposes: it counts until something else tells the value, such as the declaration of a disk's volume. In
# XML, it is the text alone.
#
# # Type
# proposal :: String -> Proposal
text: {
  __toString = _: text;
  isProposal = true;
}
