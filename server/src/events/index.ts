export {
  addDirectEvent,
  addEvent,
  type EventType,
  findEvents,
  type OutgoingEvent,
  takeEvents,
  wasAnnounced,
} from './events.ts'
