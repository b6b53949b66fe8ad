#!/bin/sh
# Verifies this folder without any software of ours: OpenSSL 3 and standard tools.
#
#   sh verify.sh PUBLIC_KEY.pem
#
# Was bundle.dsse.json signed by the key that you trust, and is every file here, byte for byte, the
# file that was sealed? Take the key from the signer, not from this folder. Exit code 0: yes.
set -eu
LC_ALL=C; export LC_ALL
if [ $# -ne 1 ] || [ ! -f "$1" ]; then echo "usage: sh verify.sh PUBLIC_KEY.pem" >&2; exit 2; fi
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
refuse() { echo "REFUSED: $*" >&2; exit 1; }
sha() { if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
hash() { sha | cut -d ' ' -f 1; }
cat "$1" >"$work/key"
cd "$(dirname "$0")"
openssl pkey -pubin -in "$work/key" -outform DER -out "$work/der" 2>/dev/null ||
  refuse "$1 holds no public key"
[ -f bundle.dsse.json ] || refuse "bundle.dsse.json is missing"

# 1. Take the envelope apart, put it together again, and see that nothing else stood in it.
part() { sed -n "s/.*\"$1\":\"\([A-Za-z0-9+\/=]*\)\".*/\1/p" bundle.dsse.json | tr -d '\n'; }
part payload >"$work/payload64"; part sig >"$work/sig64"
openssl base64 -d -A -in "$work/payload64" -out "$work/payload" || refuse "payload is not base64"
openssl base64 -d -A -in "$work/sig64" -out "$work/sig" || refuse "signature is not base64"
type=application/vnd.in-toto+json
public=$(tail -c 32 "$work/der" | od -An -v -tx1 | tr -d ' \n')
keyid=$(printf '{"keytype":"ed25519","keyval":{"public":"%s"},"scheme":"ed25519"}' "$public" | hash)
{
  printf '{"payload":"'; openssl base64 -A -in "$work/payload"
  printf '","payloadType":"%s","signatures":[{"keyid":"%s","sig":"' "$type" "$keyid"
  openssl base64 -A -in "$work/sig"; printf '"}]}'
} >"$work/envelope"
cmp -s "$work/envelope" bundle.dsse.json ||
  refuse "bundle.dsse.json was altered, or it was signed with another key"

# 2. The signature.
{ printf 'DSSEv1 %d %s %d ' ${#type} $type "$(($(wc -c <"$work/payload")))"; cat "$work/payload"; } \
  >"$work/pae"
openssl pkeyutl -verify -pubin -inkey "$work/key" -rawin -in "$work/pae" -sigfile "$work/sig" \
  >/dev/null 2>&1 || refuse "the signature in bundle.dsse.json does not fit"

# 3. The signed statement names SHA256SUMS; SHA256SUMS names every other file.
grep -qF "{\"digest\":{\"sha256\":\"$(hash <SHA256SUMS)\"},\"name\":\"SHA256SUMS\"}" "$work/payload" ||
  refuse "SHA256SUMS was altered or is missing"
strange=$(find . ! -type f ! -type d | sort)
[ -z "$strange" ] || refuse "not a plain file: $strange"
{ sed 's/^[0-9a-f]*  //' SHA256SUMS; echo SHA256SUMS; echo bundle.dsse.json; } | sort >"$work/sealed"
find . -type f | sed 's|^\./||' | sort >"$work/found"
diff "$work/sealed" "$work/found" | sed -n 's/^</missing:/p; s/^>/added:/p' >"$work/set"
[ ! -s "$work/set" ] || refuse "the set of files is not the sealed one:
$(cat "$work/set")"
sha -c SHA256SUMS >"$work/check" 2>/dev/null || refuse "altered since sealing:
$(grep -v ': OK$' "$work/check")"

echo "VERIFIED: $(($(wc -l <"$work/found"))) files, signed with the key $keyid"
told() { sed -n "s/.*$1.*/\\1/p" "$work/payload" | tr -d '"'; }
printf 'run %s, %s: %s\n' "$(told '"number":\([0-9]*\)')" "$(told '"runId":"\([^"]*\)"')" \
  "$(told '"verdicts":{\([^}]*\)}')"
