# Nothing is declared: the case is about the template.
{}
