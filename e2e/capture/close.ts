import type { Server } from 'node:http'

/**
 * Stops a server that browsers were at. They open connections ahead of use, and `close` alone would wait for one that nothing was
 * asked on for as long as the browser keeps it.
 */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
