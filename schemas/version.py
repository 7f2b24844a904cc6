"""The version of the shape of the tables, by the rules of semantic versioning (https://semver.org).

It is raised when tables, columns, types, keys or the meaning of a column change: the first number when what a reader relies on is gone
or means something else, the second when something is added, the third when only words changed.
"""

SCHEMA_VERSION = "1.2.0"
