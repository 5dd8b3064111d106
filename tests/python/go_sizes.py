"""Measures the Go collector's size for sets of components that Slimcol has, and prints the table
`builder/src/rival/sizes.tsv`: bytes, then the components.

    python3 tests/python/go_sizes.py OCB > builder/src/rival/sizes.tsv

OCB is ocb 0.164 (`go install go.opentelemetry.io/collector/cmd/builder@v0.164.0`). It builds with ocb's defaults and the
official manifests' build tag; the first of about ten builds takes minutes, the others seconds.
"""

import pathlib
import subprocess
import sys
import tempfile
import tomllib

# The latest that module proxies serve whole.
VERSIONS = {False: "v0.159.0", True: "v1.65.0"}
ROOT = pathlib.Path(__file__).parents[2]
SECTIONS = ["receiver", "processor", "exporter", "connector", "extension", "provider"]


def components():
    """Every component of the source tree as (class, type, Go module)."""
    for manifest in sorted(ROOT.glob("components/*/*/Cargo.toml")):
        declared = tomllib.loads(manifest.read_text())["package"]["metadata"]["component"]
        if "gomod" in declared:
            yield declared["kind"], declared["type"], declared["gomod"]


def size(ocb, chosen, folder):
    """The bytes of ocb's collector of the chosen components."""
    lines = ["dist:", "  name: otelcol", f"  output_path: {folder}", "  version: 0.159.0", "  build_tags: grpcnotrace"]
    for section in SECTIONS:
        modules = [module for kind, _, module in chosen if kind == section]
        if modules:
            lines.append(f"{section}s:")
        for module in modules:
            lines.append(f"  - gomod: {module} {VERSIONS[section == 'provider']}")
    manifest = pathlib.Path(folder, "manifest.yaml")
    manifest.write_text("\n".join(lines) + "\n")
    done = subprocess.run([ocb, "--config", manifest], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return pathlib.Path(folder, "otelcol").stat().st_size


def main():
    ocb = str(pathlib.Path(sys.argv[1]).resolve())
    every = list(components())
    providers = [component for component in every if component[0] == "provider"]
    # The proxies do not serve nop's, and health_check's does not compile with the framework that ocb 0.164 takes.
    left_out = ("health_check", "nop")
    others = [component for component in every if component not in providers and component[1] not in left_out]
    otlp = [component for component in others if component[1] in ("otlp", "otlp_grpc", "otlp_http")]
    rest = [component for component in others if component not in otlp]
    common = [component for component in rest if component[1] in ("batch", "debug", "memory_limiter")]
    sets = [otlp, *([*otlp, component] for component in rest), [*otlp, *common], others]
    with tempfile.TemporaryDirectory() as folder:
        for chosen in sets:
            names = " ".join(f"{kind}/{name}" for kind, name, _ in chosen)
            print(size(ocb, chosen + providers, folder), names, sep="\t", flush=True)


if __name__ == "__main__":
    main()
