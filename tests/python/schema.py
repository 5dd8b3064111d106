"""Validates configurations against a JSON Schema: what lies in FOLDER/valid must pass, what lies in FOLDER/invalid must not.

schema.py SCHEMA FOLDER prints a line for each configuration of which that is not so, and how many there were.
"""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
count = 0
for file in sorted(pathlib.Path(sys.argv[2]).glob("*/*.yaml")):
    # The first document is the configuration.
    tree = next(YAML(typ="safe", pure=True).load_all(file.read_text()))
    errors = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(tree)]
    count += 1
    if (file.parent.name == "valid") == bool(errors):
        print(f"{file.name} is {file.parent.name}, but:", *(errors or ["it passes"]))
print(f"{count} configurations")
