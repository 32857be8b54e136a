import { object, openObject, ref, text, url } from '../../http/area.ts'
import type { Area } from '../../http/area.ts'
import {
  answered,
  cumulocityDialect,
  gone,
  pageOf,
  paging,
  sent,
} from '../ground/cumulocity-dialect.ts'

const reader = '`ROLE_OPTION_MANAGEMENT_READ`'
const admin = '`ROLE_OPTION_MANAGEMENT_ADMIN`'
const one = answered('The option', 'option', ref('Option'))

/** docs/protocols/cumulocity.md, 6.5 */
export const optionArea: Area = {
  name: 'Options',
  summary: 'What a tenant has set for itself, and what the server tells of itself.',
  dialect: cumulocityDialect,
  schemas: {
    Option: object({ self: url, category: text, key: text, value: text }),
    NewOption: openObject({ category: text, key: text, value: text }),
    OptionPage: pageOf('options', ref('Option')),
    OptionCategory: { type: 'object', additionalProperties: text },
  },
  operations: {
    'GET /tenant/options': {
      summary: 'List the options of the tenant',
      needs: reader,
      query: paging,
      answers: { 200: answered('A page', 'optionCollection', ref('OptionPage')) },
    },
    'POST /tenant/options': {
      summary: 'Set an option, whether it was there or not',
      details: 'Answered with 200, as clients expect it.',
      needs: admin,
      body: sent('option', ref('NewOption')),
      answers: { 200: { ...one, headers: { Location: { description: 'Where it is found.' } } } },
    },
    'GET /tenant/options/:category': {
      summary: 'Read the options of a category as one object',
      needs: reader,
      answers: { 200: answered('Values by key', 'option', ref('OptionCategory')) },
    },
    'PUT /tenant/options/:category': {
      summary: 'Set many options of a category',
      details: 'Keys that are not named stay.',
      needs: admin,
      body: sent('option', ref('OptionCategory')),
      answers: { 200: answered('The whole category', 'option', ref('OptionCategory')) },
    },
    'GET /tenant/options/:category/:key': {
      summary: 'Read an option',
      needs: reader,
      answers: { 200: one },
    },
    'PUT /tenant/options/:category/:key': {
      summary: 'Change an option',
      needs: admin,
      body: sent('option', openObject({ value: text })),
      answers: { 200: one },
    },
    'DELETE /tenant/options/:category/:key': {
      summary: 'Delete an option',
      needs: admin,
      answers: gone,
    },
    'GET /tenant/system/options': {
      summary: 'List what the server tells of itself',
      query: paging,
      answers: { 200: answered('A page', 'optionCollection', ref('OptionPage')) },
    },
    'GET /tenant/system/options/:category/:key': {
      summary: 'Read one of these, for example `system` and `version`',
      answers: { 200: one },
    },
  },
}
