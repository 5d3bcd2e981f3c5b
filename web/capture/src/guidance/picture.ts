/** A rectangle in pixels of the small copy. */
export type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** The small copy in grey, row by row. */
export type Grey = { readonly pixels: Uint8Array; readonly width: number; readonly height: number }
