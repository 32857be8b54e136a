import type { Issue } from './failure.ts'
import { optionNameLengthMax, optionValueLengthMax } from './limits.ts'

/** A setting of a tenant (docs/protocols/cumulocity.md, 6.5); category and key together name it. */
export type TenantOption = {
  readonly category: string
  readonly key: string
  readonly value: string
}

export type OptionName = Pick<TenantOption, 'category' | 'key'>

/** Whether the value is shown only to who may change it. */
export const isSecretOption = ({ key }: OptionName): boolean => key.startsWith('credentials.')

/** What is wrong with it; nothing for one that may be kept. */
export const judgeOption = ({ category, key, value }: TenantOption): readonly Issue[] => [
  ...(isOptionName(category) ? [] : [wrong('category', nameRule)]),
  ...(isOptionName(key) ? [] : [wrong('key', nameRule)]),
  ...(value.length <= optionValueLengthMax ? [] : [wrong('value', valueRule)]),
]

const nameRule = `must be 1 to ${optionNameLengthMax} characters without control characters`
const valueRule = `has at most ${optionValueLengthMax} characters`

const isOptionName = (text: string): boolean =>
  text !== '' && text.length <= optionNameLengthMax && !/\p{Cc}/u.test(text)

const wrong = (path: string, message: string): Issue => ({ path, problem: 'wrong', message })
