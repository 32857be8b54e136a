import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { fencedBlocks } from '../checks/prose.ts'
import { houseRoot, readHouse } from '../checks/scratch-house.ts'
import { cleanUp, startBelfry } from './harness.ts'

afterEach(cleanUp)

const readme = readHouse('README.md')
const blocks = fencedBlocks(readme, 'sh')
const startBlocks = blocks.filter((block) => block.includes('npm start'))
const clientBlocks = blocks.filter((block) => !/^npm /m.test(block))

describe('the README', () => {
  it('begins with the two commands that a fresh clone needs', () => {
    expect(blocks[0]).toBe('npm ci && npm start\n')
    expect(blocks).toContain('npm ci && npm test\n')
    expect(readHouse('package.json')).toContain('"start": "node server/bin/belfry.js serve"')
  })

  it('has blocks that do what it says, pasted in their order', async () => {
    const { url } = await startBelfry({ environment: { BELFRY_BOOTSTRAP_PASSWORD: chosen() } })
    const output = await paste([...clientBlocks, again(clientBlocks.at(-1) ?? '')], url)
    expect(output).toMatch(/door_open.*Front door opened/)
    expect(output).toContain('"text":"Again"')
    expect(output).toContain('"typeId":"0045"')
    expect(output).toMatch(/HTTP\/1\.1 409 .*^location: http:\/\/\S+\/event\/events\/\d+\r$/ims)
  })
})

/** The password that the README tells its reader to choose. */
const chosen = (): string => {
  const password = /BELFRY_BOOTSTRAP_PASSWORD=(\S+)/.exec(startBlocks.join(''))?.[1]
  if (password === undefined) throw new Error('the README sets no BELFRY_BOOTSTRAP_PASSWORD')
  return password
}

/** The last command of a block once more, with the head of its answer. */
const again = (block: string): string => {
  const at = block.lastIndexOf('curl ')
  if (at < 0) throw new Error('the last block of the README sends no request')
  return block.slice(at).replace('curl ', 'curl -i ')
}

/** Runs the blocks as one shell would, at the first failure no further; only the address is another one. */
const paste = async (texts: readonly string[], url: string): Promise<string> => {
  const script = ['set -euo pipefail', ...texts].join('\n').replaceAll('http://127.0.0.1:8080', url)
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: houseRoot })
  return stdout
}
