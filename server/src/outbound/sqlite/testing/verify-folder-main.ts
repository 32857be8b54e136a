import { verifyFolder } from './verify-folder.ts'

/** `node verify-folder-main.js <data folder> <numbers of known parts, separated by commas>`: writes the report as JSON. */
const [folder = '', known = ''] = process.argv.slice(2)
const numbers = known.split(',').filter((text) => text !== '')
process.stdout.write(JSON.stringify(verifyFolder(folder, new Set(numbers.map(Number)))))
