"""What is: facts that were measured, inspected, reported or found."""
