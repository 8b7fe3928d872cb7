// The session conformance suite: what a session promises, wherever it runs and whatever server it talks to. Plain ES modules
// that import nothing but each other, so that Node and a page run the same files.

import { answers } from './answers.js';
import { buffers } from './buffers.js';
import { callers } from './callers.js';
import { closing } from './closing.js';
import { credentials } from './credentials.js';
import { deadlines } from './deadlines.js';
import { errors } from './errors.js';
import { firstContact } from './first-contact.js';
import { gaps } from './gaps.js';
import { interceptors } from './interceptors.js';
import { notices } from './notices.js';
import { outages } from './outages.js';
import { pings } from './pings.js';
import { requests } from './requests.js';
import { states } from './states.js';
import { subscriptions } from './subscriptions.js';
import { volumes } from './volumes.js';

export const themes = {
  answers,
  errors,
  callers,
  subscriptions,
  deadlines,
  outages,
  gaps,
  'first contact': firstContact,
  credentials,
  requests,
  states,
  notices,
  interceptors,
  buffers,
  pings,
  volumes,
  closing,
};

export const cases = Object.values(themes).flat();
