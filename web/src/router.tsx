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
import { SignUp } from './pages/sign-up.tsx'
import { Fault } from './ui/parts.tsx'
import { sessionQuery } from './ui/session.tsx'

const OfflineBar = () => {
  const [offline, setOffline] = useState(!navigator.onLine)
  useEffect(() => {
    const change = (): void => setOffline(!navigator.onLine)
    window.addEventListener('online', change)
    window.addEventListener('offline', change)
    return () => {
      window.removeEventListener('online', change)
      window.removeEventListener('offline', change)
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
      <Fault error={error} onAgain={reset} />
    </div>
  ),
})

/** Pages that need somebody: others sign in first and come back. */
const signedIn = async ({ location }: { location: { href: string } }): Promise<void> => {
  const session = await queries.ensureQueryData(sessionQuery()).catch(() => null)
  if (!session) throw redirect({ to: '/login', search: { to: location.href } })
  if (session.user.mustChangePassword && !location.href.startsWith('/account/security'))
    throw redirect({ to: '/account/security', search: { to: location.href } })
}

type BackTo = { to?: string }
/** Only addresses of our own: a link must not send people elsewhere after signing in. */
const backTo = (search: Record<string, unknown>): BackTo =>
  typeof search.to === 'string' && /^\/(?!\/)/.test(search.to) ? { to: search.to } : {}

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
  validateSearch: backTo,
})
const loginTo = createRoute({
  getParentRoute: () => root,
  path: '/login/$application',
  component: () => <SignIn application={loginTo.useParams().application} />,
  validateSearch: backTo,
})
/** A step of signing in to an application: being verified, agreeing to what it learns. */
const interaction = createRoute({
  getParentRoute: () => root,
  path: '/login/oauth/interaction/$uid',
  component: lazyRouteComponent(() => import('./pages/interaction.tsx'), 'Interaction'),
})
const signup = createRoute({
  getParentRoute: () => root,
  path: '/signup',
  component: () => <SignUp />,
  validateSearch: backTo,
})
const signupTo = createRoute({
  getParentRoute: () => root,
  path: '/signup/$application',
  component: () => <SignUp application={signupTo.useParams().application} />,
  validateSearch: backTo,
})

type AtDoor = { application?: string }
const atDoor = (search: Record<string, unknown>): AtDoor & BackTo => ({
  ...(typeof search.application === 'string' && search.application ? { application: search.application } : {}),
  ...backTo(search),
})
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./pages/forgot-password.tsx'), 'ForgotPassword'),
  validateSearch: atDoor,
})
/** Where links of messages lead. */
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./pages/reset-password.tsx'), 'ResetPassword'),
  validateSearch: atDoor,
})
const confirmEmail = createRoute({
  getParentRoute: () => root,
  path: '/confirm-email',
  component: lazyRouteComponent(() => import('./pages/confirm-email.tsx'), 'ConfirmEmail'),
  validateSearch: atDoor,
})

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  beforeLoad: signedIn,
  component: lazyRouteComponent(() => import('./pages/account-frame.tsx'), 'AccountFrame'),
})
const profile = createRoute({
  getParentRoute: () => account,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/profile.tsx'), 'Profile'),
})
const security = createRoute({
  getParentRoute: () => account,
  path: '/security',
  component: lazyRouteComponent(() => import('./pages/security.tsx'), 'Security'),
  validateSearch: backTo,
})
const identity = createRoute({
  getParentRoute: () => account,
  path: '/identity',
  component: lazyRouteComponent(() => import('./pages/identity.tsx'), 'Identity'),
})

const console_ = createRoute({
  getParentRoute: () => root,
  path: '/console',
  beforeLoad: signedIn,
  component: lazyRouteComponent(() => import('./console/frame.tsx'), 'ConsoleFrame'),
})
const dashboard = createRoute({
  getParentRoute: () => console_,
  path: '/',
  component: lazyRouteComponent(() => import('./console/dashboard.tsx'), 'Dashboard'),
})
const organizations = createRoute({
  getParentRoute: () => console_,
  path: '/organizations',
  component: lazyRouteComponent(() => import('./console/organizations.tsx'), 'Organizations'),
})
const applications = createRoute({
  getParentRoute: () => console_,
  path: '/applications',
  component: lazyRouteComponent(() => import('./console/applications.tsx'), 'Applications'),
})
const application = createRoute({
  getParentRoute: () => console_,
  path: '/applications/$name',
  component: lazyRouteComponent(() => import('./console/application.tsx'), 'ApplicationPage'),
})
const providers = createRoute({
  getParentRoute: () => console_,
  path: '/providers',
  component: lazyRouteComponent(() => import('./console/providers.tsx'), 'Providers'),
})
const providerNew = createRoute({
  getParentRoute: () => console_,
  path: '/providers/new',
  component: lazyRouteComponent(() => import('./console/provider.tsx'), 'NewProvider'),
})
const provider = createRoute({
  getParentRoute: () => console_,
  path: '/providers/$organization/$name',
  component: lazyRouteComponent(() => import('./console/provider.tsx'), 'ProviderPage'),
})
const users = createRoute({
  getParentRoute: () => console_,
  path: '/users',
  component: lazyRouteComponent(() => import('./console/users.tsx'), 'Users'),
  validateSearch: (search: Record<string, unknown>): { search?: string } =>
    typeof search.search === 'string' && search.search ? { search: search.search } : {},
})
const user = createRoute({
  getParentRoute: () => console_,
  path: '/users/$organization/$name',
  component: lazyRouteComponent(() => import('./console/user.tsx'), 'UserPage'),
})
const verifications = createRoute({
  getParentRoute: () => console_,
  path: '/verifications',
  component: lazyRouteComponent(() => import('./console/verifications.tsx'), 'Verifications'),
  validateSearch: (search: Record<string, unknown>): { state?: string; user?: string } => ({
    ...(typeof search.state === 'string' ? { state: search.state } : {}),
    ...(typeof search.user === 'string' ? { user: search.user } : {}),
  }),
})
const verification = createRoute({
  getParentRoute: () => console_,
  path: '/verifications/$id',
  component: lazyRouteComponent(() => import('./console/verification.tsx'), 'VerificationPage'),
})
const webhooks = createRoute({
  getParentRoute: () => console_,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./console/webhooks.tsx'), 'Webhooks'),
})
const mails = createRoute({
  getParentRoute: () => console_,
  path: '/mail',
  component: lazyRouteComponent(() => import('./console/mails.tsx'), 'Mails'),
})
const audit = createRoute({
  getParentRoute: () => console_,
  path: '/audit',
  component: lazyRouteComponent(() => import('./console/audit.tsx'), 'Audit'),
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
  account.addChildren([profile, security, identity]),
  console_.addChildren([
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
    audit,
  ]),
])

export const router = createRouter({ routeTree, defaultPreload: false, scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
