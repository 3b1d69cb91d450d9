#!/bin/sh
# The schema of exports, xml/export.rng, takes the sample system, and refuses what is no export of it.
set -eu

schema=${top_srcdir:?}/xml/export.rng
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

find "$top_srcdir/xml/sample" -name '*.xml' -exec xmllint --noout --relaxng "$schema" {} + 2>"$folder/said" || {
    cat "$folder/said"
    exit 1
}

# refused WHY OBJECTS: a document that must not be valid.
refused()
{
    printf '<uc-export clientvers="24.0.0">%s</uc-export>\n' "$2" >"$folder/export.xml"
    if xmllint --noout --relaxng "$schema" "$folder/export.xml" 2>/dev/null; then
        echo "taken: $1"
        exit 1
    fi
}

rows='<VARA state="1"><Variables><row Name="SMTP_PORT" Value="25"/></Variables></VARA>'
printf '<uc-export clientvers="24.0.0"><VARA name="UC_CLIENT_SETTINGS" client="0100">%s</VARA></uc-export>\n' \
    "$rows" >"$folder/export.xml"
xmllint --noout --relaxng "$schema" "$folder/export.xml" 2>/dev/null || { echo 'a variable is refused'; exit 1; }
refused 'an object without a name' "<VARA>$rows</VARA>"
refused 'a client that is no number' "<VARA name=\"UC_CLIENT_SETTINGS\" client=\"prod\">$rows</VARA>"
refused 'a row without a value' \
    '<VARA name="X"><VARA state="1"><Variables><row Name="SMTP_PORT"/></Variables></VARA></VARA>'
refused 'a resource without its checksum' \
    '<STORE name="UC_TRUSTEDCERTS"><STORE><resourceList><row name="CA" resname="CA"/></resourceList></STORE></STORE>'
refused 'a section as an object' 'text<VARA state="1"/>'
