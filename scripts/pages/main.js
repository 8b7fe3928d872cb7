// `node scripts/pages/main.js <dist>`: puts the web pages into a folder that the compiler has built.
import { join } from 'node:path';
import { buildGraphiql } from './graphiql.js';

const [dist] = process.argv.slice(2);
if (dist === undefined) throw new Error('Say into which folder: node scripts/pages/main.js dist');
await buildGraphiql(join(dist, 'pages', 'graphiql'));
