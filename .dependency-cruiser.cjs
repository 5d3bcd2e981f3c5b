/** Which room may import which (ARCHITECTURE.md, "Directions"). */
const rooms = {
  contract: [],
  foundation: [],
  jumio: [],
  engine: ['contract'],
  providers: ['contract', 'jumio'],
  verifier: ['contract', 'foundation', 'jumio', 'engine'],
  server: ['contract', 'foundation', 'providers'],
  web: ['contract'],
  sdk: ['contract'],
  launch: ['foundation'],
}
/** Inside the server, from top to bottom; a room may use those after it. */
const floors = [
  'casdoor',
  'console',
  'oidc',
  'verification',
  'accounts',
  'organizations',
  'webhooks',
  'mail',
  'events',
  'audit',
  'budgets',
]

/** Inside the verifier, from top to bottom. */
const verifierFloors = ['portal', 'capture', 'wires', 'clients', 'http', 'session']
/** Inside the engine, from top to bottom. `documents` holds the readers; what looks at pixels alone knows nothing of them. */
const engineFloors = [
  'fuzz',
  'specimen',
  'documents',
  'liveness',
  'copies',
  'barcode',
  'viz',
  'text',
  'faces',
  'onnx',
  'pictures',
]
/** The readers of documents know the sides and the kinds, and not each other; the MRZ's reader adds what labels say. */
const readers = { aamva: 'labelled', mrz: 'aamva', labelled: 'aamva|mrz' }

const allRooms = Object.keys(rooms).join('|')

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room}-looks-only-at-${allowed.join('-') || 'itself'}`,
      severity: 'error',
      from: { path: `^${room}/(capture/)?src/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^(${allRooms})/`, pathNot: `^(${[room, ...allowed].join('|')})/` },
    })),
    ...floors.slice(1).map((floor, index) => ({
      name: `server-${floor}-looks-down`,
      severity: 'error',
      from: { path: `^server/src/${floor}/` },
      to: {
        path: `^server/src/(${floors.slice(0, index + 1).join('|')})/`,
      },
    })),
    ...verifierFloors.slice(1).map((floor, index) => ({
      name: `verifier-${floor}-looks-down`,
      severity: 'error',
      from: { path: `^verifier/src/${floor}/` },
      to: { path: `^verifier/src/(${verifierFloors.slice(0, index + 1).join('|')})/` },
    })),
    {
      name: 'verifier-session-knows-no-wire',
      severity: 'error',
      from: { path: '^verifier/src/session/', pathNot: '\\.test\\.ts$' },
      to: { path: `^(${allRooms})/`, pathNot: '^(verifier/src/session|engine|foundation|contract)/' },
    },
    {
      name: 'verifier-wires-never-name-each-other',
      severity: 'error',
      from: { path: '^verifier/src/wires/(v4|platform)/' },
      to: { path: '^verifier/src/wires/(v4|platform)/', pathNot: '^verifier/src/wires/$1/' },
    },
    ...engineFloors.slice(1).map((floor, index) => ({
      name: `engine-${floor}-looks-down`,
      severity: 'error',
      from: { path: `^engine/src/${floor}/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^engine/src/(${engineFloors.slice(0, index + 1).join('|')})/` },
    })),
    ...Object.entries(readers).map(([reader, others]) => ({
      name: `engine-${reader}-reads-alone`,
      severity: 'error',
      from: { path: `^engine/src/documents/${reader}/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^engine/src/documents/(${others})/`, pathNot: '/mrz/codes\\.ts$' },
    })),
    {
      name: 'engine-takes-only-text-rules-of-the-contract',
      severity: 'error',
      from: { path: '^engine/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^contract/', pathNot: '^contract/src/text/' },
    },
    {
      name: 'rooms-meet-at-their-index',
      severity: 'error',
      from: { path: '^server/src/([^/]+)/', pathNot: '/schema\\.ts$' },
      to: { path: '^server/src/([^/]+)/', pathNot: ['^server/src/$1/', '/index\\.ts$'] },
    },
    {
      // Tables refer to each other's keys; what is in a table, its own room alone reads and writes.
      name: 'schemas-look-only-at-schemas',
      severity: 'error',
      from: { path: '^server/src/([^/]+)/schema\\.ts$' },
      to: { path: '^server/src/([^/]+)/', pathNot: ['^server/src/$1/', '/schema\\.ts$'] },
    },
    {
      name: 'packages-are-entered-by-their-front-door',
      severity: 'error',
      from: { path: '^(server|verifier|providers|launch|e2e)/' },
      to: {
        path: '^(contract|foundation|jumio|engine|providers)/src/',
        pathNot: [
          '^(contract|foundation|jumio|engine|providers)/src/(index|text/transliteration|specimen/index|fuzz/index|conformance|[^/]+/fake/index)\\.ts$',
          '^$1/',
        ],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'dist|\\.gen\\.' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
}
