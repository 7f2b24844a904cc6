"""What every table is: one pandera model a table, the registry of them, and the codebook's data files under `data/`.

Importing this package loads nothing heavy; a model is imported when it is first asked for (`schemas.registry`).
"""
