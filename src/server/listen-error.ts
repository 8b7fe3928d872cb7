// The address that `serve` was given cannot be listened on.

import { HoldfastError } from '../protocol/errors/holdfast-error.js';

/** `serve` could not listen. The message names the address and what to do; `cause` is the operating system's error. */
export class ListenError extends HoldfastError {
  override readonly name: string = 'ListenError';
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, cause: Error) {
    super(`Cannot listen on ${host}, port ${port}: ${explain(cause)}`, {
      code: 'listen-failed',
      phase: 'prepare',
      cause,
    });
    this.host = host;
    this.port = port;
  }
}

function explain(cause: Error): string {
  switch ('code' in cause ? cause.code : undefined) {
    case 'EADDRINUSE':
      return 'another process has it. Stop that process, choose another port, or 0 for any free one.';
    case 'EACCES':
      return 'this user may not. Choose a port above 1023.';
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address. Choose another "host".';
    case 'ENOTFOUND':
      return 'nothing has that name. Choose another "host".';
    default:
      return cause.message;
  }
}
