import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { queries } from './api.ts'
import { NotFound } from './pages/not-found.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { ErrorNotice } from './ui/parts.tsx'
import { sessionQuery } from './ui/session.tsx'

/** A script of this page could not be fetched because there is no network. */
class OfflineError extends Error {}

/**
 * A page whose script is fetched when it is first opened. Without a network an error is shown. By itself the router would reload, and
 * the browser would show its own error page.
 */
const page: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(
    () =>
      load().catch((error: unknown) => {
        throw navigator.onLine ? error : new OfflineError('No connection', { cause: error })
      }),
    name,
  )

const OfflineBar = () => {
  const [offline, setOffline] = useState(!navigator.onLine)
  useEffect(() => {
    const updateOffline = (): void => setOffline(!navigator.onLine)
    window.addEventListener('online', updateOffline)
    window.addEventListener('offline', updateOffline)
    return () => {
      window.removeEventListener('online', updateOffline)
      window.removeEventListener('offline', updateOffline)
    }
  }, [])
  return offline ? (
    <div className="offline" role="status">
      No connection. What you typed stays here.
    </div>
  ) : null
}

const root = createRootRoute({
  component: () => (
    <>
      <OfflineBar />
      <Outlet />
    </>
  ),
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => (
    <div className="people">
      <ErrorNotice error={error} onRetry={() => (navigator.onLine ? window.location.reload() : reset())} />
    </div>
  ),
})

/** Pages that need a session: without one, people sign in first and come back. */
const signedIn = async ({ location }: { location: { href: string } }): Promise<void> => {
  const session = await queries.ensureQueryData(sessionQuery()).catch(() => null)
  if (!session) throw redirect({ to: '/login', search: { to: location.href } })
  if (session.user.mustChangePassword && !location.href.startsWith('/account/security'))
    throw redirect({ to: '/account/security', search: { to: location.href } })
}

type BackTo = { to?: string }
/** Only paths of this server: a link must not send people elsewhere after signing in. */
const backTo = (search: Record<string, unknown>): BackTo =>
  typeof search.to === 'string' && /^\/(?!\/)/.test(search.to) ? { to: search.to } : {}

/** The filters of a list, as texts in its address; others are dropped. Numbers come from addresses such as `?search=123`. */
const textsOf =
  <Name extends string>(...names: Name[]) =>
  (search: Record<string, unknown>): Partial<Record<Name, string>> =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = search[name]
        return (typeof value === 'string' && value !== '') || typeof value === 'number' ? [[name, String(value)]] : []
      }),
    ) as Partial<Record<Name, string>>

/** The sign-in page fills in the name that an application knows (OpenID Connect Core 1.0, section 3.1.2.1, `login_hint`). */
const signInSearch = (search: Record<string, unknown>): BackTo & { login_hint?: string } => ({
  ...backTo(search),
  ...(typeof search.login_hint === 'string' ? { login_hint: search.login_hint.slice(0, 200) } : {}),
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ location }) => {
    await signedIn({ location })
    throw redirect({ to: '/account/identity' })
  },
})
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: () => <SignIn />,
  validateSearch: signInSearch,
})
const loginTo = createRoute({
  getParentRoute: () => root,
  path: '/login/$application',
  component: () => <SignIn application={loginTo.useParams().application} />,
  validateSearch: signInSearch,
})
/** A step of signing in to an application: verification or consent. */
const interaction = createRoute({
  getParentRoute: () => root,
  path: '/login/oauth/interaction/$uid',
  component: page(() => import('./pages/interaction.tsx'), 'Interaction'),
})
const signup = createRoute({
  getParentRoute: () => root,
  path: '/signup',
  component: page(() => import('./pages/sign-up.tsx'), 'SignUp'),
  validateSearch: backTo,
})
const signupTo = createRoute({
  getParentRoute: () => root,
  path: '/signup/$application',
  component: page(() => import('./pages/sign-up.tsx'), 'SignUp'),
  validateSearch: backTo,
})

type ApplicationSearch = { application?: string }
const applicationSearch = (search: Record<string, unknown>): ApplicationSearch & BackTo => ({
  ...(typeof search.application === 'string' && search.application ? { application: search.application } : {}),
  ...backTo(search),
})
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: page(() => import('./pages/forgot-password.tsx'), 'ForgotPassword'),
  validateSearch: applicationSearch,
})
/** The pages that links in emails lead to. */
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: page(() => import('./pages/reset-password.tsx'), 'ResetPassword'),
  validateSearch: applicationSearch,
})
const confirmEmail = createRoute({
  getParentRoute: () => root,
  path: '/confirm-email',
  component: page(() => import('./pages/confirm-email.tsx'), 'ConfirmEmail'),
  validateSearch: applicationSearch,
})

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  beforeLoad: signedIn,
  component: page(() => import('./pages/account-frame.tsx'), 'AccountFrame'),
})
const profile = createRoute({
  getParentRoute: () => account,
  path: '/',
  component: page(() => import('./pages/profile.tsx'), 'Profile'),
})
const security = createRoute({
  getParentRoute: () => account,
  path: '/security',
  component: page(() => import('./pages/security.tsx'), 'Security'),
  validateSearch: backTo,
})
const identity = createRoute({
  getParentRoute: () => account,
  path: '/identity',
  component: page(() => import('./pages/identity.tsx'), 'Identity'),
})

/** A separate document: only this one may load the provider's script. */
const embeddedCheck = createRoute({
  getParentRoute: () => account,
  path: '/identity/check',
  component: page(() => import('./pages/identity/embedded-check.tsx'), 'EmbeddedCheck'),
  validateSearch: (search: Record<string, unknown>): { check?: string } =>
    typeof search.check === 'string' ? { check: search.check } : {},
})

const consoleRoute = createRoute({
  getParentRoute: () => root,
  path: '/console',
  beforeLoad: signedIn,
  component: page(() => import('./console/frame.tsx'), 'ConsoleFrame'),
})
const dashboard = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/',
  component: page(() => import('./console/dashboard.tsx'), 'Dashboard'),
})
const organizations = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/organizations',
  component: page(() => import('./console/organizations.tsx'), 'Organizations'),
  validateSearch: textsOf('edit'),
})
const applications = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/applications',
  component: page(() => import('./console/applications.tsx'), 'Applications'),
  validateSearch: textsOf('add'),
})
const application = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/applications/$name',
  component: page(() => import('./console/application.tsx'), 'ApplicationPage'),
})
const providers = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/providers',
  component: page(() => import('./console/providers.tsx'), 'Providers'),
})
const providerNew = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/providers/new',
  component: page(() => import('./console/provider.tsx'), 'NewProvider'),
})
const provider = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/providers/$organization/$name',
  component: page(() => import('./console/provider.tsx'), 'ProviderPage'),
  validateSearch: textsOf('tested'),
})
const users = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/users',
  component: page(() => import('./console/users.tsx'), 'Users'),
  validateSearch: textsOf('search'),
})
const user = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/users/$organization/$name',
  component: page(() => import('./console/user.tsx'), 'UserPage'),
})
const verifications = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/verifications',
  component: page(() => import('./console/verifications.tsx'), 'Verifications'),
  validateSearch: textsOf('state', 'user', 'kind', 'provider', 'application'),
})
const verification = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/verifications/$id',
  component: page(() => import('./console/verification.tsx'), 'VerificationPage'),
})
const webhooks = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/webhooks',
  component: page(() => import('./console/webhooks.tsx'), 'Webhooks'),
})
const mails = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/mail',
  component: page(() => import('./console/mails.tsx'), 'Mails'),
})
const budgets = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/budgets',
  component: page(() => import('./console/budgets.tsx'), 'Budgets'),
})
const audit = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/audit',
  component: page(() => import('./console/audit.tsx'), 'Audit'),
  validateSearch: textsOf('action', 'actor', 'target', 'organization', 'from', 'to'),
})

const routeTree = root.addChildren([
  home,
  login,
  loginTo,
  interaction,
  signup,
  signupTo,
  forgotPassword,
  resetPassword,
  confirmEmail,
  account.addChildren([profile, security, identity, embeddedCheck]),
  consoleRoute.addChildren([
    dashboard,
    organizations,
    applications,
    application,
    providers,
    providerNew,
    provider,
    users,
    user,
    verifications,
    verification,
    webhooks,
    mails,
    budgets,
    audit,
  ]),
])

export const router = createRouter({ routeTree, defaultPreload: false, scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
