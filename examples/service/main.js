// Ten callers who share one service, and with it one connection.

import { GreetingService } from './greeting-service.js';

const [address = 'ws://127.0.0.1:4000/graphql'] = process.argv.slice(2);
const names = ['Ada', 'Barbara', 'Edsger', 'Frances', 'Grace', 'Jean', 'Ken', 'Niklaus', 'Radia', 'Tony'];

const service = new GreetingService(address);
try {
  await service.initialise();
  const greetings = await Promise.all(names.map((name) => service.greet(name)));
  for (const greeting of greetings) console.log(greeting);
} catch (error) {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await service.close();
}
