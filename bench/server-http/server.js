// One contender in a process of its own.

import { serveTasks } from '../measuring/served.js';

const { listen } = await import(`./contenders/${process.argv[2]}.js`);
serveTasks(listen);
