// Runs on any Node from 18 on and needs nothing installed: makes the tree ready for `npm start` and `npm test`.
// It installs when package files changed since the last install, and checks that the pinned Node came with it.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.veridoor-ready')
const lockFile = join(root, '.installing')
const quiet = process.argv.includes('--quiet')
const say = (text) => quiet || console.log(text)

const fail = (sentence) => {
  console.error(`\n${sentence}\n`)
  process.exit(1)
}

const packageFiles = () => {
  const rooms = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => join(root, entry.name, 'package.json'))
    .filter((file) => existsSync(file))
  return [join(root, 'package.json'), join(root, 'package-lock.json'), ...rooms.sort()].filter((file) =>
    existsSync(file),
  )
}

const fingerprint = () => {
  const hash = createHash('sha256')
  for (const file of packageFiles()) hash.update(readFileSync(file))
  return hash.digest('hex')
}

const isCurrent = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint()

const writeStamp = () => {
  mkdirSync(modules, { recursive: true })
  writeFileSync(stampFile, fingerprint())
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Two installs in one folder break each other: the second waits for the first. */
const takeLock = async () => {
  for (let waited = 0; ; waited += 1) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
      return
    } catch (error) {
      if (error.code !== 'EEXIST')
        return fail(`Veridoor cannot write into its own folder (${error.code}). Run it from a folder that you own.`)
      const holder = Number(readFileSync(lockFile, 'utf8') || '0')
      if (holder > 0 && !isAlive(holder)) rmSync(lockFile, { force: true })
      else {
        if (waited === 0) say('Another install is running in this folder. Waiting for it …')
        await new Promise((resolve) => setTimeout(resolve, 1000))
      }
    }
  }
}

const npmCommand = () => {
  const cli = process.env.npm_execpath
  return cli && /\.c?js$/.test(cli) ? [process.execPath, [cli]] : ['npm', []]
}

const install = async () => {
  await takeLock()
  try {
    if (isCurrent()) return
    say('Installing packages (about a minute the first time) …')
    const [command, before] = npmCommand()
    const child = spawn(command, [...before, 'ci', '--no-fund', '--no-audit', '--loglevel=error'], {
      cwd: root,
      stdio: 'inherit',
    })
    const pass = (signal) => child.kill(signal)
    process.on('SIGINT', pass)
    process.on('SIGTERM', pass)
    const code = await new Promise((resolve) => {
      child.on('exit', (exitCode, signal) => resolve(signal ? 1 : exitCode))
      child.on('error', () => resolve(1))
    })
    process.off('SIGINT', pass)
    process.off('SIGTERM', pass)
    if (code !== 0)
      fail('Installing the packages failed. The lines above say why; run the command again once that is mended.')
    writeStamp()
  } finally {
    rmSync(lockFile, { force: true })
  }
}

const checkNode = () => {
  const pinned = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
  const answer = spawnSync(pinned, ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' })
  if (answer.status !== 0 || !String(answer.stdout).startsWith('v24.'))
    fail('The pinned Node 24 did not install (was npm run with --ignore-scripts?). Run: npm ci')
}

if (process.argv.includes('--stamp')) {
  // After a manual `npm ci` too, so that `npm start` does not install a second time.
  if (existsSync(modules)) writeStamp()
  process.exit(0)
}
if (Number(process.versions.node.split('.')[0]) < 18)
  fail('Veridoor needs Node 20 or newer to install itself. Then it brings its own.')
if (!isCurrent()) await install()
checkNode()
