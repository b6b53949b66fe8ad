// Reads proofs as JSON lines and answers each with true or false, by @transmute/rfc9162 alone.
const { RFC9162 } = require('@transmute/rfc9162')
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'))

const judge = async (proof) => {
  const path = proof.path.map(bytes)
  if (proof.kind === 'root') {
    return RFC9162.binToHex(await RFC9162.treeHead(proof.entries.map(bytes))) === proof.root
  }
  if (proof.kind === 'inclusion') {
    return RFC9162.verifyInclusionProof(
      bytes(proof.root), await RFC9162.leaf(bytes(proof.entry)),
      { log_id: '', tree_size: proof.size, leaf_index: proof.index, inclusion_path: path },
    )
  }
  return RFC9162.verifyConsistencyProof(
    bytes(proof.roots[0]), bytes(proof.roots[1]),
    { log_id: '', tree_size_1: proof.first, tree_size_2: proof.second, consistency_path: path },
  )
}

const main = async () => {
  const lines = require('fs').readFileSync(0, 'utf8').split('\n').filter(Boolean)
  for (const line of lines) console.log(await judge(JSON.parse(line)))
}
main()
