import { gunzipSync } from 'node:zlib'
import type { PartSummary } from '../parts/between-threads/janitor-messages.ts'
import { scratchRowOf } from './scratch-rows.contract.ts'
import type { ScratchRow } from './scratch-part.ts'

const timeMs = Date.UTC(2026, 2, 1, 12)
const dayMs = 24 * 3_600_000

const fragments = [
  { name: 'c8y_Door', value: '{"isOpen":true}' },
  { name: 'größe', value: '1.50' },
]

/** What was given to the server that built the file: one of each kind of row. */
export const releasedRows: readonly ScratchRow[] = [
  scratchRowOf({ id: 1_001, timeMs, creationMs: timeMs, type: 'door', text: 'opened' }),
  scratchRowOf({ id: 1_002, timeMs, creationMs: timeMs, type: 'door', fragments, source: 7 }),
  scratchRowOf({ id: 1_003, timeMs, creationMs: timeMs, fragments, hasOwnNames: true }),
  scratchRowOf({
    ...{ id: 1_004, tenant: 2, source: 9, type: 'Tür', text: 'später geändert' },
    ...{ timeMs: timeMs - 400 * dayMs, creationMs: timeMs, digest: 'a digest of an event' },
    ...{ changed: 1_005, lastUpdatedMs: timeMs + 1_000 },
  }),
]

/** The file of these rows as the first server that had format 1 wrote it. */
export const readReleasedPart = (): Buffer => gunzipSync(Buffer.from(released, 'base64'))

/** What that server put into its catalogue. */
export const releasedSummary: PartSummary = {
  rows: 4,
  uniqueRows: 1,
  minId: 1_001,
  maxId: 1_004,
  maxChanged: 1_005,
  minCreationMs: 1_772_366_400_000,
  maxCreationMs: 1_772_366_400_000,
  minTimeMs: 1_772_366_400_000,
  maxTimeMs: 1_772_366_400_000,
  outliers: '[9]',
  bytes: 131_072,
}

const released = [
  'H4sIAAAAAAACA+3dz2scZRjA8fedN7OT2WaTljaOsdV3sGgb26qpFMQfaNWASlFqK6go67b7Jh3dzMbdWdsoHtIqPX',
  'ko6E0RQVD/AU+CQurFHjzUgvao0tpWC7YHf11kfiTZSXZTKEoa+X4gs/vOu/PuM8+8sxt4dnb37N4VRMYfqzcmKpF/',
  'l/CFlOJB3xdClIQQq8W8PiFET1tbZn9LKYnb3/26pP8QA94xoWv6m5tO6503bdvw8YY1G15bv/2GW4fU9R9eP+qd8Y',
  '4JAAAAAAAAAAD+v/YMFLxNnjwYhFVzyLxqwqi8b6ocBRMmaax++KnRnXtH/ceeeGT0GT/X79fDdIW/OTJhJYy2+vHq',
  '8kRz+IV+xxv25LSTH7V5oDKZDjvQedjkAR3GTdbPD/9cyYljnlYLgp7KRu/vEvRUx8Hj1fNjv9jneFs8Ob1qQej1Vm',
  'N/OnqpS+zJIzoFn3TMP8Nhf5Xjbdwo33Siyr6aiZ++3KjXaq3Jtrt92ZPs3fnQrlG/rcPfXPT9dGg/CCMzbhp+WI/8',
  'sFWrbY274p3s1JHmtlNPo36w2bFjIgjLWdSd+yuHluyfbAQTlcaU/7KZWpjuJJrh4rDfjBrB/mirfzCIDtRbURxMUD',
  '3sFh1v0yZ5ZHeSojSDWQJyjVW5NOW6rpSo7Hgtf0LSQLrmYvp5N8nF4YPpdEm2mp0w7Y1ifsq0d3XKRVssS+7zvqnI',
  '/PvZmNvbccfxhobk9HDb3qXL3g77428Oqh33wA8rE8aPzKFo7in8Vhi80jKzT7Slt+A9MCRFcl43X6kFkSlXWlE9aZ',
  'ezdI2kt+4RVXA8z5NvmSSs5IxOFk4uqOxML/p+l7CuegpexWm81KGoj401TVSeCMJWt6O5v2EqUVAPuw1RqzSjcmuy',
  'WolMte0xyaYHKuG4qbavSo5E7nDEa8calfEJE0bNxV3VYNw0003m5sb0bbbjDQ/LwwPpy0C86+W5MXKtQv6FINeXHK',
  'DF82PpbOZO1XjjK71mGZXMmGwiJ49NFj2LI1t6FjeXnMbDPQXvfq/bNE53fCS5sSvS8QYH5fQtc+8z8Z+16J2leziL',
  'j+KCaDZZBe/ewa4nVfy2NRIvlRCiV2RFfktfFPp3fZF/vgAAAAAAAAAAAAAAWAkcpcTg3pnPG46lxGC1Xm8UZ+v/F/',
  'Xv5AcAAAAAAAAAAAAAgJWgVw3KuPyv4jtx+d9Kr/8/I/Tf+gz5AQAAAAAAAAAAAADgWrZWKbFt/91T5UfiS/7HGzOf',
  'zXxglKVEqUj9HwAAAAAAAAAAAACAFWKd2iYXlf97VElaaf3/rNCX9VnyBAAAAAAAAAAAAADANW2VWi9n6/596sa5Dw',
  'Oo+Pv/e7Qt9Gn9gd6rbVIFAAAAAAAAAAAAAFixdh2t9QsppbSlbVt3lHZYrrLkO+8//bi4T7736WhRxMvSz+rX5uTM',
  'R5Fp+ONm5qOwahpRxa8G46YZ+fUxvxL65lUTRo8efblfuK7staUtxNCzwkoHycaqT5rQVBdejl8svn5z0Hxy0oQ33x',
  'M1WuYNPXL7jjvvPvpSv3DTyIQY2iEcS3UYrNOmG48GSRTZpiVhdQqjlFz/f0noP/UlJgIAAAAAAAAAAAAAACuFbSmx',
  'Jtpuy/hmJP3+/8tC/6UvkxsAAAAAAAAAAAAAAFaMglojo+2Wrda40Uh6/f9Joc/pk6QGAAAAAAAAAAAAAIBrxjqrIF',
  'zLtsXb6U8YpMtBWRDSsm0lv5z/SYOiiK//V3pG6F/0d3qG5AEAAAAAAAAAAAAAsEzWFaR0bdty28v9awtuvNJpr/Wv',
  'LbiutG1rYf2/R38i9AV9Sn+hPyGdAAAAAAAAAAAAAAD8d65zZFrlV1buqn7HzVa3F/Xn1uZK/escV/a6Hev/Xwl9Sf',
  '+kT+mvyDQAAAAAAAAAAAAAAMtkwJbStma/AED90m+70raya//V+ZLturNVf3Uh1zqX1v9nhP5N/6BP8gsAAAAAAAAA',
  'AAAAAAAsk6z6r/LV/7l6f755Pt/M6v/H4+v/f9Tf6uOkEwAAAAAAAAAAAACA5ZF9AMDKfwBAdan4l2y3d/7bANL6/w',
  'mhL+sz+nt9gmwCAAAAAAAAAAAAALCsSj1JmT/7EEBfT9t3/rc3zrc3zv0DTFxqwAAAAgA=',
].join('')
