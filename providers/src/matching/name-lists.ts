import type { Word } from './name-words.ts'

const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Particles of surnames, words before a birth name, and conjunctions between two surnames; in A to Z. */
const particles = list(`
  DE DEL DELA DELLA DELLE DELLO DEGLI DEI DI DA DAS DO DOS DU DES D LA LE LO LES LOS LAS L EL Y E I
  VAN VON VOM ZUM ZUR ZU DEN DER TER TEN TE HET T IN OP AF AV UND AND
  AL UL AS AD AN AR ASH AZ AT BIN BINTI BINT IBN BEN BAR ABU OULD OULED MOHD
  NI NIC UI NA MAC MC AP AB FERCH O
  GEB GEBORENE NEE EPOUSE EP VEUVE VVE BORN ROZENA DOMU
`)
/** Titles, degrees, ranks of nobility and forms of address. */
const titles = list(`
  DR PROF PROFESSOR MR MRS MS MISS MX SIR DAME LORD LADY REV REVEREND HON FR FATHER SISTER SR SRA SRTA DON DONA
  HERR FRAU MONSIEUR MADAME MADEMOISELLE MME MLLE SIG SIGNOR SIGNORA
  GRAF GRAEFIN GRAFIN FREIHERR FREIFRAU FREIIN FUERST FURST FUERSTIN BARON BARONESS BARONIN RITTER EDLER EDLE PRINZ PRINZESSIN
  PRINCE PRINCESS PRINCESA HERZOG HERZOGIN COUNT COUNTESS VISCOUNT DUKE DUCHESS COMTE COMTESSE MARQUIS CONDE JONKHEER JHR
  ING DIPL MAG MAGISTER MGR BC MUDR JUDR PHDR RNDR ENG ARCH AVV DOTT DOTTSSA RAG MED PHIL IUR HC HABIL PHD MD ESQ MBA MSC BSC MA BA
  HAJI HAJJ HAJA SHEIKH SHAIKH SHEIK SHRI SRI SMT DATO DATUK DATIN TUN TENGKU RADEN CAPT CAPTAIN COL MAJ GEN LT SGT
`)
const suffixes = list(`
  JR JUN JUNIOR SR SEN SENIOR II III IV VI VII 2ND 3RD 4TH FILHO NETO SOBRINHO FILS PERE ML ST
`)
/** What forms and issuers write where there is no name. `Null`, `None` and `Na` are names too, so a person looks at them. */
const placeholders = list(`
  FNU LNU NFN NLN NMN UNK UNKNOWN NA NONE NULL NIL NOT APPLICABLE AVAILABLE GIVEN NAME NO X XX XXX XXXX XXXXX
`)
const patronymic = /^.{3,}(OVICH|EVICH|OVNA|EVNA|OVYCH|IVNA|YIVNA|OGLU|OGLY|OGHLU|KYZY|QIZI|UULU)$/

export type WordKind = 'core' | 'particle' | 'title' | 'suffix' | 'placeholder' | 'patronymic'

/** What a word is when it stands on one side only. A word of these lists may be somebody's name, so this never makes a match. */
export const kindOf = ({ plain }: Word): WordKind => {
  if (particles.has(plain)) return 'particle'
  if (titles.has(plain)) return 'title'
  if (suffixes.has(plain)) return 'suffix'
  if (placeholders.has(plain)) return 'placeholder'
  return patronymic.test(plain) ? 'patronymic' : 'core'
}

/** The words that are a name by themselves; all of them where nothing else would be left. */
export const coreWords = (words: readonly Word[]): readonly Word[] => {
  const core = words.filter((word) => kindOf(word) === 'core')
  return core.length > 0 ? core : words
}

/** Whether a field holds no name but only placeholders. */
export const isPlaceholder = (words: readonly Word[]): boolean =>
  words.length > 0 && words.every((word) => kindOf(word) === 'placeholder')
