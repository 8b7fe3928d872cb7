// Holdfast with graphql-jit.

import { jit } from 'holdfast/server';
import { listen as listenWith } from './holdfast.js';

export const listen = () => listenWith(jit());
