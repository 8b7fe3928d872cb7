// The second half of the seeds of every test run: see simulate-half.ts.

import { simulateHalf } from './simulate-half.js';

simulateHalf(1);
