# The configurations of the tests in virtual machines evaluate, with each of their specialisations.
{}
