/** The name under which a batch goes to the writer thread, beside the registry's operations. */
export const eventBatchCall = 'events.batch'
