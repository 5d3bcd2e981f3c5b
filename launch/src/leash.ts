/**
 * Loaded before a supervised process (`node --import`): when the supervisor is gone, even by `kill -9`, the process ends as
 * if asked to, so that nothing is left running unnoticed.
 */
if (process.channel) {
  process.channel.unref()
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
}
