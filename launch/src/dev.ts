import { spawn } from 'node:child_process'
import { readFileSync, watch } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSettings } from './settings.ts'

/**
 * `npm run dev`: everything that `npm start` runs, with reload. Two Vite servers stand in front as the public addresses (pages
 * change in the browser as they are saved), and a process whose source changes is restarted.
 */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const PAGES_PORT = process.env.VERIDOOR_DEV_PORT ?? '5173'
const CAPTURE_PORT = process.env.VERIFIER_DEV_PORT ?? '5174'

// The processes have to know the addresses that the browser uses: they check the origin of requests and build links.
process.env.VERIDOOR_URL ??= `http://localhost:${PAGES_PORT}`
process.env.VERIFIER_URL ??= `http://localhost:${CAPTURE_PORT}`
const settings = readSettings(process.env)
const nearby = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)
const targetOf = (name: 'server' | 'verifier'): string => `http://${nearby(settings[name].host)}:${settings[name].port}`

const pages = (config: string, port: string, target: string) =>
  spawn(
    join(root, 'node_modules', '.bin', 'vite'),
    ['--config', config, '--port', port, '--strictPort', '--clearScreen', 'false'],
    {
      cwd: join(root, 'web'),
      env: { ...process.env, VERIDOOR_DEV_TARGET: target },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
const children = [
  pages('vite.config.ts', PAGES_PORT, targetOf('server')),
  pages('vite.capture.config.ts', CAPTURE_PORT, targetOf('verifier')),
]
process.once('exit', () => {
  for (const child of children) child.kill()
})

/** The supervisor starts a process again when it ends: ending it is a restart with the new source. */
const restart = (name: 'server' | 'verifier'): void => {
  try {
    const { pid } = JSON.parse(readFileSync(join(settings.dataFolder, `${name}.pid.json`), 'utf8')) as { pid?: number }
    if (pid) process.kill(pid, 'SIGTERM')
  } catch {
    // The process is not up yet, or restarts already. It will read the new source either way.
  }
}

const DEBOUNCE_MS = 200
const timers = new Map<string, NodeJS.Timeout>()
const restartSoon = (name: 'server' | 'verifier'): void => {
  clearTimeout(timers.get(name))
  timers.set(
    name,
    setTimeout(() => restart(name), DEBOUNCE_MS),
  )
}

/** The packages of this repository that a process loads, itself among them: read from their package files. */
const packagesOf = (name: string, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(name)) return seen
  seen.add(name)
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  for (const dependency of Object.keys(dependencies))
    if (dependency.startsWith('@veridoor/')) packagesOf(dependency.slice('@veridoor/'.length), seen)
  return seen
}
for (const name of ['server', 'verifier'] as const)
  for (const folder of packagesOf(name))
    watch(join(root, folder, 'src'), { recursive: true }, (_event, file) => {
      if (file && /\.ts$/.test(file) && !/\.test\.ts$/.test(file)) restartSoon(name)
    })

await import('./start.ts')
