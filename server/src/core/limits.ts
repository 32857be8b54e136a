/** Every bound of the server, named, with its reason and what happens when it is reached. */

/** Nesting of objects and arrays in a body; deeper ones are refused, so that no reader can overflow its stack. */
export const jsonDepthMax = 64

/** One Cumulocity JSON body, the document limit of the original (docs/protocols/cumulocity.md, 2.3). Beyond: 413. */
export const cumulocityBodyBytesMax = 16 * 1024 * 1024

/** One tenant-device JSON body (docs/protocols/tenant-device-events.md, 1). Beyond: 413. */
export const tenantDeviceBodyBytesMax = 1024 * 1024

/** Code points of a report's `typeId` and `description` (docs/protocols/tenant-device-events.md, 1). Beyond: 400. */
export const reportTypeLengthMax = 24
export const reportDescriptionLengthMax = 255

/** The severities of a tenant-device report. Outside: 400. */
export const severityMin = 1
export const severityMax = 5

/** The last millisecond of the year 9999, up to which a tenant-device report may be dated. Beyond: 400. */
export const reportTimeMsMax = 253_402_300_799_999

/** Unknown fields of a report that the answer names. Beyond: it counts them, so that an answer stays small. */
export const unknownFieldsToldMax = 100

/** One body of the administration API. Beyond: 413. */
export const administrationBodyBytesMax = 64 * 1024

/** Event bodies and answers in the making at once, over all connections. Beyond: 503 with Retry-After. */
export const heldBodyBytesMax = 256 * 1024 * 1024

/** Events in one bulk create. Beyond: 422; a bulk is one transaction, and a longer one would stall the rest. */
export const bulkEventsMax = 2_000

/** Managed objects in one bulk create (docs/protocols/cumulocity.md, 6.1). Beyond: 422. */
export const bulkManagedObjectsMax = 50

/** Children named in one request. Beyond: 422; they are linked or unlinked in one transaction. */
export const bulkChildrenMax = 2_000

/** Terms, orders and levels of one query of the inventory (docs/protocols/cumulocity.md, 6.1). Beyond: 422. */
export const queryTermsMax = 500
export const queryOrdersMax = 10
export const queryDepthMax = 40

/** Objects in a hierarchy that is read or deleted as a whole. Beyond: 422, and 409 for a deletion with `cascade`. */
export const hierarchyObjectsMax = 20_000

/** Objects and sets that each reading thread keeps of what roles cover, and of hierarchies. Beyond: the oldest are read anew. */
export const coveredObjectsMax = 1_000_000
export const keptHierarchyObjectsMax = 200_000
export const keptHierarchiesMax = 1_000

/** References shown in each list of a managed object. Beyond: its own list has them all, page by page. */
export const referencesShownMax = 2_000

/** References on one page of managed objects, over all their lists. Beyond: 422, which says to ask for fewer objects. */
export const pageReferencesMax = 100_000

/** External ids in one request. Beyond: 422. */
export const externalIdsMax = 100

/** Code points of an external id, and of its type. Beyond: 422; each stands in an address. */
export const externalIdLengthMax = 400

/** Code points of an event's or managed object's `type`. Beyond: 422; types are dictionary entries. */
export const typeLengthMax = 1_024

/** Characters of a tenant's id, which is also a host label. Beyond: 422. */
export const tenantIdLengthMax = 63

/** Code points of a user's name (docs/protocols/cumulocity.md, 5.1). Beyond: 422. */
export const userNameLengthMax = 1_000

/** Code points of a part of a name that users are looked for by (docs/protocols/cumulocity.md, 6.3). Below: 422. */
export const userNamePartLengthMin = 3

/** Characters of a password (docs/protocols/cumulocity.md, 6.3). Beyond: 422. */
export const passwordLengthMin = 6
export const passwordLengthMax = 32

/** Code points of one field of a user's profile, such as its e-mail address. Beyond: 422. */
export const profileFieldLengthMax = 1_000

/** Code points of the name of a tenant, app or key. Beyond: 422. */
export const displayNameLengthMax = 256

/** References that are followed upwards for what inventory roles give. Beyond: those furthest above give nothing. */
export const linksAboveMax = 100_000

/** Groups, and inventory roles, of one tenant. Beyond: 422; each is in memory with every account that has it. */
export const groupsMax = 1_000
export const inventoryRolesMax = 1_000

/** Objects that one user or group has permissions or inventory roles on, and permissions on each. Beyond: 422. */
export const permittedObjectsMax = 1_000
export const permissionsMax = 100

/** Characters of the custom properties of a user or group. Beyond: 422. */
export const customPropertiesLengthMax = 64 * 1024

/** Applications of one tenant. Beyond: 422; every list of them is made in memory. */
export const appsMax = 1_000

/** Options of one tenant, code units of a category or key, and of a value. Beyond: 422; they are in memory together. */
export const optionsMax = 500
export const optionNameLengthMax = 256
export const optionValueLengthMax = 10_000

/** Tenants whose options are in memory. Beyond: the oldest are read anew. */
export const cachedOptionListsMax = 1_000

/** Devices of one tenant that wait to be registered. Beyond: 422. */
export const deviceRequestsMax = 10_000

/** Lines, columns and bytes of one file of devices (docs/protocols/cumulocity.md, 5.7). Beyond: 422, 422 and 413. */
export const bulkDevicesMax = 1_000
export const bulkDeviceColumnsMax = 200
export const bulkDevicesBytesMax = 256 * 1024

/** Groups, one in the other, that a line of such a file may name. Beyond: the line fails. */
export const groupPathMax = 20

/** Devices that one API key may be limited to. Beyond: 422. */
export const keyDevicesMax = 1_000

/** Seconds for which an API key may be made: a hundred years. Beyond: 422; one without an end leaves this out. */
export const keyLifetimeMaxS = 100 * 366 * 24 * 60 * 60

/** Code points of a fragment's name. Beyond: 422; names are dictionary entries. */
export const fragmentNameLengthMax = 256

/** Top-level fragments of one event or managed object. Beyond: 422. */
export const fragmentsMax = 1_000

/** Members of a body's own object: the fragments, and room for every field that is none. Beyond: 422, unread. */
export const bodyMembersMax = fragmentsMax + 50

/** Elements on a page: asked for nothing, and at most (larger wishes are cut silently: 1.6). */
export const pageSizeDefault = 5
export const pageSizeMax = 2_000

/** Characters of text and fragments on one page of events. Beyond: 422, which says to ask for fewer events. */
export const pageCharactersMax = 64 * 1024 * 1024

/** The furthest element a bare page number may reach. Beyond: 422, which says to follow `next`. */
export const pageOffsetMax = 10_000_000

/** Sources that the list of a caller without a role may range over, whole hierarchies. Beyond: 422, which says to name one. */
export const listedSourcesMax = 20_000

/** Named sources that are judged one by one; of more, those are taken that are among all that the caller may read. */
export const judgedSourcesMax = 100

/** Events that are not committed yet; another call counts as one. Beyond: 503 with Retry-After. */
export const queuedEventsMax = 20_000

/** Bytes of events that are not committed yet. Beyond: 503 with Retry-After. */
export const queuedBytesMax = 128 * 1024 * 1024

/** Events not committed yet above which a tenant-device POST is journaled and answered 202 instead of 201. */
export const journalFromQueuedEvents = 5_000

/** Events in one commit: bounds how long the first of a batch waits for the last. */
export const batchEventsMax = 2_000

/** Bytes of events in one commit, unless a single call is larger. */
export const batchBytesMax = 8 * 1024 * 1024

/** Registry writes that are not answered yet. Beyond: 503 with Retry-After. */
export const queuedRegistryWritesMax = 1_000

/** Reads that run or wait for a reader thread. Beyond: 503 with Retry-After. */
export const queuedReadsMax = 1_000

/** After so many milliseconds a read counts as a long one, and no longer keeps the next from beginning. */
export const shortReadMs = 20

/** One reader thread is for reads that end soon: after so many milliseconds another thread begins one anew. */
export const quickReadMs = 250

/** How long a read may take: a search for a text or for a fragment's value looks at every event in question. Beyond: 422. */
export const scanMsMax = 30_000

/** Reads that have been given up once and wait for a thread that takes its time. Beyond: 503 with Retry-After. */
export const queuedScansMax = 16

/** How long the receipt of a settled 202 stays readable: at least the 7 days promised. */
export const receiptKeptMs = 8 * 24 * 60 * 60 * 1000

/** Events removed in one slice of a background deletion: a few milliseconds between two batches. */
export const deletionSliceEventsMax = 500

/** Objects, users and names of a deleted tenant removed in one slice: a few milliseconds between two batches. */
export const deletionSliceObjectsMax = 500

/** Deleted objects whose events go in one background deletion. Beyond: one more deletion. */
export const purgedTogetherMax = 1_000

/** How often purges that were refused are tried again. */
export const purgeRetryMs = 5_000

/** Characters of a text that events are searched for: each word is looked for in each of them. */
export const searchedTextLengthMax = 256

/** Running deletions of one tenant. Beyond: 429; each is a condition on every read. */
export const runningDeletionsMax = 50

/** Passwords known to be right, by keyed digest. Beyond: those that were shown longest ago are checked anew. */
export const knownPasswordsMax = 10_000

/** Credentials whose headers are kept as read. Beyond: the oldest are read anew; so are longer headers, in characters. */
export const rememberedCredentialsMax = 10_000
export const rememberedCredentialsLengthMax = 512

/** Password verifications at once, and waiting. Beyond: 503 with Retry-After; scrypt is meant to be slow. */
export const passwordChecksMax = 2
export const passwordChecksQueuedMax = 200

/**
 * Different wrong passwords of one account from one address, and from one address or for one account altogether, before
 * they are locked out (docs/protocols/cumulocity.md, 5.2). The same wrong password again is refused and does not count.
 */
export const wrongPasswordsMax = 10
export const wrongPasswordsTogetherMax = 200

/** Within this time they are counted together, and so long a lock-out lasts. */
export const wrongPasswordsForMs = 15 * 60 * 1000
export const lockOutMs = 60 * 1000

/** Accounts and addresses for which wrong passwords are counted. Beyond: the oldest are counted anew. */
export const countedGuessersMax = 20_000

/** Log-ins of one user that go on at once (docs/protocols/cumulocity.md, 5.3). Beyond: the oldest ends. */
export const sessionsPerUserMax = 50

/** How long a log-in lasts unless the tenant has an option for it: by a token in an answer's body, and by a cookie (5.3). */
export const bodyTokenLifetimeMs = 2 * 24 * 60 * 60 * 1000
export const cookieLifetimeMs = 14 * 24 * 60 * 60 * 1000

/** The shortest and the longest log-in that an option of a tenant can ask for (5.3). Beyond: the nearest. */
export const logInLifetimeMinMs = 5 * 60 * 1000
export const logInLifetimeMaxMs = 366 * 24 * 60 * 60 * 1000

/** Seconds that a browser may go by a preflight, and characters of the header names it asks for. Beyond: the usual ones. */
export const preflightKeptS = 600
export const preflightHeadersLengthMax = 2_000

/** The longest time that a clean stop may be given. Beyond: the setting is refused. */
export const stopDeadlineMaxMs = 60 * 60 * 1000

/** One log-in form. Beyond: 413. */
export const formBytesMax = 16 * 1024

/** Sources and accounts kept in memory for admission. Beyond: the oldest are read anew. */
export const cachedSourcesMax = 50_000

/** Seconds a refused caller is asked to wait. */
export const retryAfterS = 1

/** Milliseconds by which a device's clock may differ before the answer says so (tenant-device, 1). */
export const clockSkewToldMs = 5 * 60 * 1000

/** A body up to this size is not counted against `heldBodyBytesMax`. */
export const smallBodyBytesMax = 64 * 1024

/** The longest a client may take for its headers, and for a request: the original gives 50 MiB five minutes. Beyond: 408. */
export const headersTimeoutMs = 20_000
export const requestTimeoutMs = 5 * 60_000

/** Characters of one decoded part of a path: external ids may be long. Beyond: 400. */
export const pathParameterLengthMax = 4_096

/** One attachment or stored file, the default of the original (docs/protocols/cumulocity.md, 3.7). Beyond: 413. */
export const attachmentBytesMax = 50 * 1024 * 1024

/** Code points of an attachment's name, and characters of its media type. Beyond: 422; both stand in headers. */
export const attachmentNameLengthMax = 255
export const attachmentTypeLengthMax = 255

/** What a multipart upload may carry beside its file: parts, their headers, and bytes of a part that is no file. Beyond: 422. */
export const uploadPartsMax = 32
export const uploadPartHeadersMax = 32
export const uploadPartBytesMax = 64 * 1024

/** Bytes of a multipart body around its file. Beyond, by Content-Length: 413 without reading any. */
export const uploadOverheadBytesMax = 1024 * 1024

/** Files on their way in or out at once, in all and of one tenant, whose share leaves room for others. Beyond: 503. */
export const transfersMax = 512
export const transfersOfTenantMax = 128

/** Memory that one file on its way is counted with among `heldBodyBytesMax`: what lies between two sockets and the disk. */
export const transferHeldBytes = 256 * 1024

/** Bytes of files that pass through before the memory of those that have passed is taken back. */
export const passedBytesMax = 8 * 1024 * 1024

/** Bytes that files take of the disk between two looks at how much is free. Beyond `BELFRY_DISK_RESERVE`: 507. */
export const diskLookBytes = 1024 * 1024

/** Bytes of a file read from disk at once. */
export const attachmentChunkBytes = 64 * 1024

/** How long a client may send nothing of a file, or take nothing of one that is sent to it. Beyond: the connection is closed. */
export const transferIdleMs = 60_000

/** Uploads in chunks that wait for their next one, in all and of one tenant; each holds a file open. Beyond: 503. */
export const unfinishedUploadsMax = 256
export const unfinishedUploadsOfTenantMax = 64

/** How long an upload in chunks waits for its next one. Beyond: what came is discarded. */
export const unfinishedUploadKeptMs = 60 * 60 * 1000

/** How often files whose event is gone are looked for after deletions, and how often among all files. */
export const attachmentSweepMs = 5_000
export const wholeAttachmentSweepMs = 60 * 60 * 1000

/**
 * Names of fragments, and one for each set of them, that one tenant's events add to the dictionary of a part. Beyond, events
 * with a set of names that is new carry these themselves, and a search for a fragment looks at each.
 */
export const indexedNamesOfTenantMax = 20_000

/** Entries of the hot part that one slice of a deletion looks at: about a millisecond between two batches. */
export const deletionSliceLooksMax = 10_000

/** Rows that one slice lists as dead, or forgets: about a millisecond between two batches. */
export const deadRowsSliceMax = 500

/**
 * Bytes of a part's file that are given back at once, and the milliseconds until the next: a file system that lets go of
 * all at once keeps every commit waiting meanwhile.
 */
export const cutBytesMax = 2 * 1024 * 1024
export const cutRestMs = 1

/** Files of parts that are removed in one task of the janitor, so that a full part gets its file in between. */
export const unlinkedTogetherMax = 8

/** Bytes of a part's rows from which it is closed, however few they are; a character of their texts counts as one. */
export const partBytesMax = 256 * 1024 * 1024

/** Memory for what is known by heart of older events in the duplicate check; parts beyond are looked into. */
export const uniqueFilterBytesMax = 32 * 1024 * 1024

/** Events in a part of the store, at most: what its columns take in memory is in proportion. */
export const partRowsMax = 1_000_000

/** Days that data are kept by the rule that a tenant begins with, and at most: ten years (docs/protocols/cumulocity.md, 6.6). */
export const retentionDaysDefault = 60
export const retentionDaysMax = 3_650

/** Retention rules of one tenant. Beyond: 422; each is a deletion of its own when it is carried out. */
export const retentionRulesMax = 200

/** Running deletions of a tenant from which its retention waits for the next look: room for those that somebody asks for. */
export const retentionDeletionsMax = 5

/** How long after a run of a tenant's retention the next one begins, and how often that is looked at. */
export const retentionEveryMs = 24 * 60 * 60 * 1000
export const retentionLookMs = 10_000

/** Counts that a preview of all rules makes at most, and events that it looks at one by one. Beyond: it has no total. */
export const previewCountsMax = 500
export const previewedEventsMax = 1_000_000

/**
 * Audit records of one tenant: of each kind that the server writes, of users who change themselves, and of those that clients
 * write (docs/protocols/cumulocity.md, 6.7). With one more, those that came first go, so many together that looking for
 * them costs little for each.
 */
export const auditRecordsMax = 50_000
export const ownAuditRecordsMax = 10_000
export const clientAuditRecordsMax = 10_000
export const auditRecordsTrimmed = 500

/** Characters of one audit record's texts and fragments. Beyond: 422. */
export const auditRecordLengthMax = 16 * 1024

/** How long the writer stands still at most, so that a backup begins at one moment. It takes some tenths of a millisecond. */
export const standStillMs = 500

/** Backups of this process that can be asked about; the oldest is forgotten. */
export const backupsRememberedMax = 20

/** Files that may be added while a backup runs: their names are in memory until it ends. Beyond, the backup fails. */
export const filesBornInBackupMax = 1_000_000

/** Requests in a second, or at once on top, of a tenant's limit. Beyond: a setting is refused, an option not looked at. */
export const requestRateMax = 1_000_000

/** Managed objects that the limit of a tenant may name. Beyond: the setting is refused. */
export const objectLimitMax = 1_000_000_000

/** Tenants whose quota of requests is remembered. Beyond: the one used longest ago begins with a full one. */
export const requestQuotasMax = 10_000

/** Attachments that `belfry verify` names; beyond, it says how many more there are. */
export const attachmentProblemsToldMax = 1_000
