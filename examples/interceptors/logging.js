// Logs every call with its variables, and never a secret: what is named like one is written as [redacted], however deep.

const secret = /password|passphrase|secret|token|authorization|api_?key/i;

/** An interceptor of calls. Answers are not logged: nobody knows what is in them. */
export function logging(write) {
  return (next) => (request, sink) => {
    const name = `${request.kind} ${request.operationName ?? '(anonymous)'}`;
    write(`${name} ${JSON.stringify(redacted(request.variables?.value ?? {}))}`);
    return next(request, {
      ...sink,
      error: (failure) => {
        write(`${name} failed: ${failure.code}`);
        sink.error(failure);
      },
    });
  };
}

function redacted(value) {
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, secret.test(name) ? '[redacted]' : redacted(inner)]),
  );
}
