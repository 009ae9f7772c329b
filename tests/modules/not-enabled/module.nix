# Nothing is asked of a host that has not enabled it.
{}
