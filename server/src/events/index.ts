export { addEvent, type EventType } from './events.ts'
