import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire, isBuiltin } from 'node:module'
import type { AddressInfo } from 'node:net'
import { closeServer } from '../capture/close.ts'

/** A package as one script for a page, with all that it requires. Nothing in it is changed. */
const bundle = (entry: string): string => {
  const modules = new Map<string, string>()
  const add = (path: string): void => {
    if (modules.has(path)) return
    const source = readFileSync(path, 'utf8')
    const places: Record<string, string> = {}
    modules.set(path, '')
    for (const [, name = ''] of source.matchAll(/require\("([^"]+)"\)/g)) {
      if (isBuiltin(name)) continue
      places[name] = createRequire(path).resolve(name)
      add(places[name])
    }
    modules.set(path, `[function (module, exports, require) {${source}\n}, ${JSON.stringify(places)}]`)
  }
  add(entry)
  const list = [...modules].map(([path, text]) => `${JSON.stringify(path)}: ${text}`).join(',\n')
  return `const modules = {${list}}
const loaded = {}
const load = (path) => {
  if (loaded[path]) return loaded[path].exports
  const module = (loaded[path] = { exports: {} })
  modules[path][0](module, module.exports, (name) => load(modules[path][1][name]))
  return module.exports
}
window.Casdoor = load(${JSON.stringify(entry)}).default`
}

const page = (config: object): string => `<!doctype html><title>Shop</title><h1>Shop</h1>
<button type="button">Sign in</button><pre></pre><script src="/sdk.js"></script><script>
const sdk = new Casdoor(${JSON.stringify(config)})
document.querySelector('button').onclick = () => sdk.signin_redirect()
const show = (value) => { document.querySelector('pre').textContent = JSON.stringify(value) }
const learn = async () => {
  const tokens = await sdk.exchangeForAccessToken()
  const told = sdk.parseAccessToken(tokens.access_token)
  const me = await sdk.getUserInfo(tokens.access_token)
  const renewed = await sdk.refreshAccessToken(tokens.refresh_token)
  show({ told, me, again: sdk.parseAccessToken(renewed.access_token).payload })
}
if (location.pathname === '/callback') learn().catch((error) => show({ failed: String(error.message ?? error.error) }))
</script>`

/** An application that is nothing but a page of another origin, with Casdoor's package for browsers in it. */
export const startCasdoorPage = async (): Promise<{
  readonly address: string
  configure(config: { serverUrl: string; clientId: string }): void
  close(): Promise<void>
}> => {
  const resolve = createRequire(new URL('../../server/package.json', import.meta.url)).resolve
  const script = bundle(resolve('casdoor-js-sdk'))
  let text = ''
  const server: Server = createServer((request, response) => {
    const isScript = request.url === '/sdk.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(isScript ? script : text)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    configure: (config) => {
      text = page({ ...config, appName: 'shop', organizationName: 'built-in' })
    },
    close: () => closeServer(server),
  }
}
