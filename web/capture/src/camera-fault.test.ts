import { describe, expect, it } from 'vitest'
import { blockedStep, faultOf } from './camera-fault.ts'

const phone = 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36'

describe('a camera that does not start', () => {
  it('is told apart: asked and dismissed, blocked, missing, busy, not secure', () => {
    expect(faultOf('NotAllowedError', 'prompt', phone)).toBe('prompt')
    expect(faultOf('NotAllowedError', 'denied', phone)).toBe('denied')
    expect(faultOf('NotAllowedError', null, phone)).toBe('denied')
    expect(faultOf('NotFoundError', null, phone)).toBe('none')
    expect(faultOf('OverconstrainedError', null, phone)).toBe('none')
    expect(faultOf('NotReadableError', null, phone)).toBe('busy')
    expect(faultOf('SecurityError', null, phone)).toBe('insecure')
    expect(faultOf('SomethingNew', null, phone)).toBe('unknown')
  })

  it('in the browser of another app names that app’s browser as the cause', () => {
    expect(faultOf('NotAllowedError', 'denied', `${phone} Instagram 300.0`)).toBe('inApp')
  })

  it('is mended by the menu of the browser at hand', () => {
    expect(blockedStep(phone)).toBe('chromium')
    expect(blockedStep('Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/140.0')).toBe('firefox')
    expect(blockedStep('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Version/18.0 Safari/604.1')).toBe(
      'safariPhone',
    )
    expect(blockedStep('Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/18.0 Safari/605')).toBe('safariComputer')
  })
})
