// What the help says of schemas, and the option that all commands have which ask servers for one.

import type { Option } from './command.js';

export const sourceHelp = 'the http(s) address of a server, a file of SDL or introspection JSON, or the SDL itself';

export const headerOption: Option = {
  help: 'send this with each request to the address; may be given several times',
  value: "'NAME: VALUE'",
  repeats: true,
};
