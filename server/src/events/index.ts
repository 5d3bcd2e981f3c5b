export {
  addDirectEvent,
  addEvent,
  type EventType,
  findEvents,
  type OutgoingEvent,
  takeEvents,
  wasAnnounced as wasTold,
} from './events.ts'
