import { findCutMerges } from './find-cut-merges.ts'
import { verifyFolder } from './verify-folder.ts'

/** `node verify-folder-main.js <data folder> <numbers of known parts, separated by commas>`: writes the report as JSON. */
const [folder = '', known = ''] = process.argv.slice(2)
const numbers = known.split(',').filter((text) => text !== '')
const report = verifyFolder(folder, new Set(numbers.map(Number)))
const cutMerges = findCutMerges(folder, report.sealed)
process.stdout.write(JSON.stringify({ ...report, cutMerges }))
