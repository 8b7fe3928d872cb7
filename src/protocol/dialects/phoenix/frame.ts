// One message of a Phoenix channel as it is on the wire, version 2.0.0 of its serializer: a JSON array of join reference,
// reference, topic, event and payload. Nothing here throws; a fault is a sentence that says what is wrong.

import { isJsonObject, type JsonObject } from '../../json.js';
import { describe } from '../../options.js';

export interface Frame {
  /** Of the message that this one replies to; undefined for what nobody asked for. */
  readonly ref: string | undefined;
  readonly topic: string;
  readonly event: string;
  readonly payload: JsonObject;
}

/** The message in `text`, or the fault that makes it none. */
export function readFrame(text: string, parse: (text: string) => unknown = JSON.parse): Frame | string {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return 'Message is not valid JSON';
  }
  if (!Array.isArray(value) || value.length !== 5) {
    return `Message must be a list of five, as serializer 2.0.0 of Phoenix has it, not ${describe(value)}`;
  }
  const [, ref, topic, event, payload]: readonly unknown[] = value;
  if (typeof topic !== 'string') return `Message: its topic must be a string, not ${describe(topic)}`;
  if (typeof event !== 'string') return `Message: its event must be a string, not ${describe(event)}`;
  if (!isJsonObject(payload))
    return `Message ${describe(event)}: its payload must be an object, not ${describe(payload)}`;
  return { ref: typeof ref === 'string' ? ref : undefined, topic, event, payload };
}

/** `payload`: JSON. */
export function frameText(
  joinRef: string | undefined,
  ref: string,
  topic: string,
  event: string,
  payload: string,
): string {
  return `[${JSON.stringify(joinRef ?? null)},${JSON.stringify(ref)},${JSON.stringify(topic)},"${event}",${payload}]`;
}
