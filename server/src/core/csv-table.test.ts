import { describe, expect, it } from 'vitest'
import { readCsvTable } from './csv-table.ts'

const read = (text: string, ...names: readonly string[]) => {
  const table = readCsvTable(text)
  if (!table.ok) return undefined
  return table.value.lines.map(({ number, cell, isMalformed }) =>
    isMalformed ? number : [number, ...names.map(cell)],
  )
}

describe('a table of separated values', () => {
  it.each([
    ['commas', 'ID,TYPE\na,x'],
    ['semicolons', 'ID;TYPE\na;x'],
    ['tabs', 'ID\tTYPE\na\tx'],
    ['the line ends of Windows', 'ID,TYPE\r\na,x\r\n'],
    ['a byte order mark', '\uFEFFID,TYPE\na,x'],
    ['small letters and white space', ' id , Type \n a , x '],
    ['quotes', '"ID","TYPE"\n"a","x"'],
    ['columns in another order, and more of them', 'NAME,TYPE,ID,PATH\n,x,a,p'],
  ])('is read with %s', (_, text) => {
    expect(read(text, 'ID', 'TYPE')).toEqual([[2, 'a', 'x']])
  })

  it('keeps separators and doubled quotes within quotes', () => {
    expect(read('ID;TYPE\n"a;b";"c ""d"""', 'ID', 'TYPE')).toEqual([[2, 'a;b', 'c "d"']])
  })

  it('counts empty lines and holds none of them', () => {
    expect(read('\nID\n\na\n  \nb\n', 'ID')).toEqual([
      [4, 'a'],
      [6, 'b'],
    ])
  })

  it('has nothing where a line is short or a column is missing', () => {
    expect(read('ID,TYPE\na', 'ID', 'TYPE', 'NAME')).toEqual([[2, 'a', '', '']])
  })

  it('is read by column too', () => {
    const table = readCsvTable('ID,ID\na,b')
    const [line] = table.ok ? table.value.lines : []
    expect([0, 1, 2].map((column) => line?.cellAt(column))).toEqual(['a', 'b', ''])
  })

  it('knows a line whose quotes are wrong, and reads the next one', () => {
    expect(read('ID\n"a\n"a"b\nc', 'ID')).toEqual([2, 3, [4, 'c']])
  })

  it('needs a head', () => {
    expect(read('')).toBeUndefined()
    expect(read('\n \n')).toBeUndefined()
    expect(read('ID')).toEqual([])
    expect(readCsvTable(' id ;"Type"')).toMatchObject({
      value: { names: ['ID', 'TYPE'], titles: ['id', 'Type'] },
    })
  })
})
