"""Holds the papers beside a binary to what their formats' own tools say: papers.py FOLDER NAME

Prints what they list, one `purl` a line in order, when the CycloneDX and the SPDX document list the same.
"""

import json
import pathlib
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from packageurl import PackageURL
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]


def cyclonedx() -> list[str]:
    text = (folder / f"{name}.cdx.json").read_text()
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert error is None, error
    document = json.loads(text)
    references = [entry["ref"] for entry in document["dependencies"]]
    purls = [component["purl"] for component in document["components"]]
    assert references == [document["metadata"]["component"]["bom-ref"], *purls], "the graph has other nodes"
    return purls


def spdx() -> list[str]:
    document = parse_file(str(folder / f"{name}.spdx.json"))
    messages = validate_full_spdx_document(document)
    assert not messages, messages
    # The first is the distribution itself.
    return [package.external_references[0].locator for package in document.packages[1:]]


def provenance() -> None:
    text = (folder / f"{name}.provenance.json").read_text()
    # Both refuse fields that they do not know.
    statement = json_format.Parse(text, statement_pb2.Statement())
    Statement.copy_from_pb(statement).validate()
    predicate = json_format.ParseDict(json.loads(text)["predicate"], provenance_pb2.Provenance())
    assert statement.predicate_type == "https://slsa.dev/provenance/v1"
    dependencies = predicate.build_definition.resolved_dependencies
    assert len(dependencies) > 1
    for resource in [*dependencies, *predicate.run_details.byproducts]:
        ResourceDescriptor.copy_from_pb(resource).validate()


listed = cyclonedx()
assert listed == spdx(), "the two documents list different parts"
provenance()
for purl in listed:
    assert PackageURL.from_string(purl).to_string() == purl, purl
    print(purl)
