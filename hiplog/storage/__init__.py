"""What is kept: tables, engine, unit of work, hash chain, schema upgrade, backup."""
