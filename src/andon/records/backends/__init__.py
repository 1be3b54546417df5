"""Django database backends that lend the trail what it needs."""
