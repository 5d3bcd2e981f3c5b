export {
  addDirectEvent,
  addEvent,
  type EventType,
  findEvents,
  type OutgoingEvent,
  takeEvents,
  wasTold,
} from './events.ts'
