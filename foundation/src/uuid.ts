/** Whether a text is a UUID in its usual form (RFC 9562, 4), which the database takes as an id. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
