/** Every limit of the engine in one place, each with where it comes from. Measured figures: docs/accuracy.md. */
export const limits = {
  /** Bytes of an upload at most. */
  bytes: 10 * 1_048_576,
  /** Pixels at most, read from the header before anything is decoded: 50 MP is above every phone's default. */
  pixels: 50_000_000,
  /** Pixels of one side at most: guards against 1 × 100,000 strips. */
  side: 12_000,
  /** Pixels of the longest side at least. */
  longestSide: 300,
  /** Longest side of the copy that is worked on: an MRZ of 44 characters then has about 30 px a character. */
  workingSide: 1800,
} as const

/** Limits of what the camera did; units as in `PictureQuality`. */
export const quality = {
  /** Laplacian's variance, 90th percentile over tiles of an 800 px copy. Sharp originals 600 to 3,000; blur of 4 px below 40. */
  sharpnessRefuse: 40,
  /** Share of pixels at 250 or more in every channel: originals 0 to 0.002, one blob of glare 0.007 to 0.048. */
  glareWarn: 0.04,
  darkRefuse: 45,
  /** Pixels of a picture's longest side below which names cannot be read. */
  documentWidth: 500,
} as const

/** Limits of an MRZ: which text counts, and which counts as sure. */
export const reading = {
  /**
   * Lowest confidence, as a rate (`mrz/confidence.ts`), among the characters of a field that may count as sure: what the net itself says
   * as 0.9. `models/CARD.md` tells how many lines are wrong that are sure by it.
   */
  characterConfidence: 0.96,
  /** Lowest confidence, as the net says it, among the characters of a zone that needs no other cut and no other view of the page. */
  clearConfidence: 0.9,
  /** Lowest mean confidence, as the net says it, of a row that counts as MRZ. */
  rowConfidence: 0.6,
  rowCharacters: 14,
  /** Characters at least of a row that says that there is a zone, though it was not read: two thirds of the shortest line. */
  mrzCharacters: 20,
} as const

/** Where two faces are taken for one person's, and where a person has to look: cosines of two descriptors. */
export type FaceLimits = { readonly match: number; readonly review: number }

/**
 * Cosine of two averaged descriptors (dlib net, aligned, mirrored), unless the operator sets others (`VERIFIER_FACE_MATCH`,
 * `VERIFIER_FACE_REVIEW`). Measured twice:
 *
 * - before the product, on 61 press photographs of 13 people (1,690 pairs of different people, 140 of one person): false matches and
 *   false non-matches at 0.90 are 3.6 % and 0 %, at 0.92 0.36 % and 0 %, at 0.93 0.12 % and 0 %, at 0.94 0 % and 1.4 %; against a
 *   portrait of 100 px printed badly 0.24 % and 1.1 % at 0.93, 0 % and 9.6 % at 0.94;
 * - with the product's own alignment, on 22 faces in six group photographs of an npm package, all people alike in age and light: of
 *   230 pairs of different people 4 reach 0.93, the highest 0.945; two photographs that are taken to show one person, one of them
 *   printed on a specimen, lie at 0.958 to 0.968.
 *
 * Small sets: no rate below 1 % is claimed. `npm run accuracy -- --faces` measures your own.
 */
export const faceLimits: FaceLimits = { match: 0.95, review: 0.9 }

/** Limits of faces on documents and selfies. */
export const faces = {
  /**
   * Above it a selfie is the document's portrait itself. Ten portraits of that set, printed on specimens and photographed: cut out of that
   * photograph 0.9989 to 0.9999, photographed once more from elsewhere 0.998 to 0.9991, the file they were printed from 0.9987 to
   * 0.9995. Two photographs of one person 0.968 at most (three pairs only: no rate is claimed).
   */
  samePicture: 0.995,
  /** Width in pixels of a document portrait's face below which nothing is claimed. */
  portraitWidth: 40,
  /**
   * Width of a second face, as a share of the portrait's, from which it is looked whose it is: many documents repeat the portrait in
   * less than half its size, too faint to be compared. A print as large as a portrait may be leaves the document's own 0.57.
   */
  besidePortrait: 0.5,
  /** Detector score of a face that counts. */
  score: 0.55,
  /** A second face this wide, as a share of the largest, makes a selfie one of several people. */
  secondFace: 0.5,
  /** Share of the picture's width that a selfie's face has at least. */
  selfieShare: 0.12,
  selfieBrightness: 40,
  selfieSharpness: 12,
  /** Nose offset from the middle of the eyes, in eye distances: about 25 degrees. */
  turned: 0.45,
} as const

/**
 * The movement check. Units as in `liveness/look.ts`. These are set from the geometry of a mean face and synthetic tracks, **not yet
 * measured on recordings of people**: no rate is claimed.
 */
export const liveness = {
  framesPerStep: 4,
  /** A person needs about 0.3 s for the fastest of the movements; 20 s is the limit with "more time". */
  stepMinMs: 300,
  stepMaxMs: 20_000,
  /** Longest pause between two frames: longer ones leave room to change what is before the camera. */
  gapMs: 2500,
  /** Share of frames without exactly one face above which nothing is claimed. */
  blindShare: 0.2,
  /** Nose offset of the rest pose at most; `turned` of a selfie is 0.45. */
  baseYaw: 0.25,
  /** Offset from the rest pose that counts as back at rest, and as turned (about 15 degrees). */
  rest: 0.12,
  turn: 0.25,
  /** The same for the way from eyes to nose by that to the chin; 20 degrees up or down change it by 0.07 to 0.1, a turn by up to 0.09. */
  restPitch: 0.05,
  nod: 0.07,
  nodStray: 0.12,
  /** Face height by that of the rest pose: where `closer` begins and what it must reach. */
  closerFrom: 1.12,
  closer: 1.25,
  /** Eye opening by that of the rest pose. */
  eyesShut: 0.6,
  eyesOpen: 0.8,
  /** Difference above which a face moves, and below which two frames are the same one; the mesh itself trembles by about 0.01. */
  moving: 0.05,
  equal: 0.002,
  loopFrames: 3,
  /** Frames of a step that are looked at, evenly taken; all of them are counted, timed and compared byte by byte. */
  looksPerStep: 8,
  /** Cosine of the outlines of a face in two consecutive frames, below which the face is detected again. */
  similarity: 0.55,
  /** Faces compared beside those of `liveness/assess.ts` that have their reason, sampled at random. */
  sampled: 2,
  /** Frames in which the mesh may follow the one before, until the detector counts the faces again. */
  followed: 7,
} as const

/** The first page of a PDF. */
export const pdf = {
  /** Longest side of the rendered page, pixels: a passport on an A4 sheet is then 1,180 wide. At most 8 MP, whatever the page's size. */
  side: 2800,
  /** Paper that stays around the print, as a share of the longest side. */
  rim: 0.03,
} as const

/** Signs of a copy; each leads to a person, none to an approval. */
export const copies = {
  /** `colourSpread` below which a page has no colour. `node engine/bench/copies.ts` measures both sides on rendered specimens. */
  colourSpread: 0.04,
  /** Power of a wave of a screen's grid by the median around it; waves of print reach more, but not all over a page. */
  screenPeak: 20,
  /** Cycles a pixel from which on a wave is finer than lines of text and of security paper. */
  screenFrequency: 0.22,
  /**
   * Share of the patches that one wave goes through: 0.38 at most on paper from 1,000 px on, above it nearly always where a camera tells a
   * screen's pixels apart. Both errors: `npm run accuracy -- --copies`, docs/accuracy.md.
   */
  screenReach: 0.55,
  /** Pixels of a picture's longest side below which print is as fine as a grid, and of its edges above which no grid could be seen. */
  screenWidth: 1000,
  screenEdge: 3.5,
  /**
   * How far a character's foot and head are off their line, both to one side, by the characters' height. `node engine/bench/baseline-shift.ts`:
   * 26 pages in all conditions of the set 0.010 at most; a digit moved by 0.05 in sharp photographs 0.06, in blurred ones down to 0.01.
   */
  baselineShift: 0.03,
  /** Levels that the waves of a picture's hash have on average, below which it says nothing: a lid, a wall, a white page. */
  hashDetail: 0.05,
} as const
