/** Who issues licences under AAMVA's card design standard: issuer identification numbers (AAMVA, "Issuer Identification Numbers"). */
export type Issuer = { readonly country: 'USA' | 'CAN' | 'MEX'; readonly state: string; readonly name: string }

const list = `
636033 USA AL Alabama
636059 USA AK Alaska
604427 USA AS American Samoa
636026 USA AZ Arizona
636021 USA AR Arkansas
636014 USA CA California
636020 USA CO Colorado
636006 USA CT Connecticut
636011 USA DE Delaware
636043 USA DC District of Columbia
636010 USA FL Florida
636055 USA GA Georgia
636019 USA GU Guam
636047 USA HI Hawaii
636050 USA ID Idaho
636035 USA IL Illinois
636037 USA IN Indiana
636018 USA IA Iowa
636022 USA KS Kansas
636046 USA KY Kentucky
636007 USA LA Louisiana
636041 USA ME Maine
636003 USA MD Maryland
636002 USA MA Massachusetts
636032 USA MI Michigan
636038 USA MN Minnesota
636051 USA MS Mississippi
636030 USA MO Missouri
636008 USA MT Montana
636054 USA NE Nebraska
636049 USA NV Nevada
636039 USA NH New Hampshire
636036 USA NJ New Jersey
636009 USA NM New Mexico
636001 USA NY New York
636004 USA NC North Carolina
636034 USA ND North Dakota
604430 USA MP Northern Mariana Islands
636023 USA OH Ohio
636058 USA OK Oklahoma
636029 USA OR Oregon
636025 USA PA Pennsylvania
604431 USA PR Puerto Rico
636052 USA RI Rhode Island
636005 USA SC South Carolina
636042 USA SD South Dakota
636027 USA US State Department
636053 USA TN Tennessee
636015 USA TX Texas
636040 USA UT Utah
636024 USA VT Vermont
636062 USA VI Virgin Islands
636000 USA VA Virginia
636045 USA WA Washington
636061 USA WV West Virginia
636031 USA WI Wisconsin
636060 USA WY Wyoming
604432 CAN AB Alberta
636028 CAN BC British Columbia
636048 CAN MB Manitoba
636017 CAN NB New Brunswick
636016 CAN NL Newfoundland and Labrador
604434 CAN NT Northwest Territories
636013 CAN NS Nova Scotia
604433 CAN NU Nunavut
636012 CAN ON Ontario
604426 CAN PE Prince Edward Island
604428 CAN QC Quebec
636044 CAN SK Saskatchewan
604429 CAN YT Yukon
636056 MEX COA Coahuila
636057 MEX HID Hidalgo`

const issuers = new Map(
  list
    .trim()
    .split('\n')
    .map((line) => {
      const [number = '', country = '', state = '', ...name] = line.split(' ')
      return [number, { country: country as Issuer['country'], state, name: name.join(' ') }]
    }),
)

/** The issuer of a number in a bar code's header, or null for one that is not on the list. */
export const issuerOf = (number: string): Issuer | null => issuers.get(number) ?? null
