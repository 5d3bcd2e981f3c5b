export { addDirectEvent, addEvent, type EventType, type OutgoingEvent, takeEvents } from './events.ts'
