// The option that all commands have which ask servers.

import type { Option } from './command.js';

export const headerOption: Option = {
  help: 'send this with each request to the address; may be given several times',
  value: "'NAME: VALUE'",
  repeats: true,
};
