// Answers as multipart/mixed: RFC 2046, section 5.1. Two protocols use it: subscriptions (`subscriptionSpec=1.0`) and the parts
// of one answer (`@defer`, `@stream`). A part has ended for its reader when the delimiter after it is there; so that is sent
// together with the part, and with it the head of the next one, wherever there is going to be one.

import type { Result } from '../../protocol/result.js';
import type { Errors } from '../../protocol/to-graphql-error.js';
import type { StreamFormat } from './stream-format.js';

const partHead = 'Content-Type: application/json; charset=utf-8\r\n\r\n';

// Whether an event is a subscription's last one is not known when it is sent. So there is always one more part: an empty
// object, which means nothing.
const nextEvent = `\r\n--graphql\r\n${partHead}`;

export const multipartSubscription: StreamFormat = {
  // Without quotes: there are clients that look for exactly this.
  contentType: 'multipart/mixed; boundary=graphql; subscriptionSpec=1.0',
  opening: `--graphql\r\n${partHead}`,
  heartbeat: `{}${nextEvent}`,
  comeBack: () => '',
  next: (result) => `${JSON.stringify({ payload: result })}${nextEvent}`,
  failed: (errors) => `${JSON.stringify({ payload: null, errors })}\r\n--graphql--\r\n`,
  complete: () => '{}\r\n--graphql--\r\n',
};

/** The parts of one answer say themselves which of them is the last. One value for each answer. */
export class MultipartAnswer implements StreamFormat {
  readonly contentType: string;
  readonly opening: string = `---\r\n${partHead}`;
  readonly heartbeat: undefined;
  #ended = false;

  /** `spec`: the parameter by which the client asked for this format of parts, where it did. */
  constructor(spec?: string) {
    this.contentType = `multipart/mixed; boundary="-"${spec === undefined ? '' : `; ${spec}`}`;
  }

  comeBack(): string {
    return '';
  }

  next(result: Result): string {
    const text = JSON.stringify(result);
    this.#ended = result.hasNext !== true;
    return this.#ended ? `${text}\r\n-----\r\n` : `${text}\r\n---\r\n${partHead}`;
  }

  failed(errors: Errors): string {
    return this.next({ errors, hasNext: false });
  }

  complete(): string {
    return this.#ended ? '' : this.next({ hasNext: false });
  }
}
