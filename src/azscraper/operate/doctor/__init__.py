"""What is wrong with an installation: looks (SQL and probes), judgements (pure), and the examination that runs them all."""
