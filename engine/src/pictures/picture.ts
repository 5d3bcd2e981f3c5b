/** A decoded picture: RGB, interleaved, upright. */
export type Picture = { readonly data: Uint8Array; readonly width: number; readonly height: number }
