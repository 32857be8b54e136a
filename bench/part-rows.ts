/**
 * Rows from which a part is full: as `BELFRY_PART_ROWS` is preset, unless the environment has another number, which then
 * reaches every server. A part may have some more, when its last batch was a large one.
 */
export const partRows = Number(process.env['BELFRY_PART_ROWS'] ?? 125_000)
