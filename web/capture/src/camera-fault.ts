/**
 * Why there is no camera: the question was closed without an answer (`prompt`), refused for good, there is none, another program
 * has it, the page is not secure, or it is shown inside another app.
 */
export type CameraFault = 'prompt' | 'denied' | 'none' | 'busy' | 'insecure' | 'inApp' | 'unknown'

/** A browser inside another app: known marks only, and only believed when the camera was refused or is missing. */
const inAppMarks = /\b(FBAN|FBAV|Instagram|Line\/|MicroMessenger|GSA\/|TikTok|musical_ly|Snapchat|; wv\))/

/**
 * What a failed start of the camera means for the person.
 *
 * @param permission what the Permissions API says, where there is one
 */
export const faultOf = (name: string, permission: PermissionState | null, agent: string): CameraFault => {
  const isInApp = inAppMarks.test(agent)
  switch (name) {
    case 'NotAllowedError':
      return isInApp ? 'inApp' : permission === 'prompt' ? 'prompt' : 'denied'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none'
    case 'NotReadableError':
    case 'AbortError':
      return 'busy'
    case 'SecurityError':
    case 'TypeError':
      return isInApp ? 'inApp' : 'insecure'
    default:
      return 'unknown'
  }
}

/** Which words tell how a refused camera is allowed again in this browser; those of Chromium for all that are not known. */
export const blockedStep = (agent: string): 'chromium' | 'firefox' | 'safariPhone' | 'safariComputer' => {
  if (/Firefox\//.test(agent)) return 'firefox'
  if (/iPhone|iPad/.test(agent)) return 'safariPhone'
  if (/Safari\//.test(agent) && !/Chrome\/|Chromium\//.test(agent)) return 'safariComputer'
  return 'chromium'
}

/** The permission's own word for the camera; null where the browser has no such question. */
export const cameraPermission = async (): Promise<PermissionState | null> => {
  try {
    return (await navigator.permissions.query({ name: 'camera' as PermissionName })).state
  } catch {
    return null
  }
}
