"""The stages as Dagster assets: each reads the lake, calls a pure function, and writes its tables in one transaction.

What belongs here is what Dagster must know: names, partitions, dependencies, checks, metadata. What a stage does to text stands in
`pipeline.batch` and the layers below it. https://docs.dagster.io/guides/build/assets
"""
