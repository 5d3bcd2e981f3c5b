/** How a claimed value and the document's compare. `close`: a person has to look; `absent`: nothing to compare with. */
export type FieldResult = 'same' | 'close' | 'different' | 'absent'
