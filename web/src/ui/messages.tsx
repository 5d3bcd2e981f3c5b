import { Notifications } from '@mantine/notifications'

/** Short confirmations at the bottom of the window. The pages before signing in have none, and do not load this. */
export const Messages = () => <Notifications position="bottom-center" autoClose={4000} />
